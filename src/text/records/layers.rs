//! The layers of a line: which wrappers were taken off, and how its own time is written.

use super::{Dialect, Wrapper};

/// What was found round the message of one line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layers {
    wrappers: u16,
    /// The dialect of the time that the program itself wrote.
    pub dialect: Option<Dialect>,
}

impl Layers {
    pub(super) fn add(&mut self, wrapper: Wrapper) {
        self.wrappers |= 1 << wrapper as u16;
    }

    /// Returns true if and only if `wrapper` was round the line.
    pub fn has(self, wrapper: Wrapper) -> bool {
        self.wrappers & (1 << wrapper as u16) != 0
    }

    /// Returns the wrappers in the order of their declaration.
    pub fn wrappers(self) -> impl Iterator<Item = Wrapper> {
        Wrapper::ALL.into_iter().filter(move |wrapper| self.has(*wrapper))
    }
}
