//! How wide, how many and how long: what whoever asks for a report may bound.

/// Bounds of a report.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Columns of the terminal; `usize::MAX` where nothing limits them, as in a pipe.
    pub width: usize,
    /// Failures shown; `None` for as many as the format holds.
    pub top: Option<usize>,
    /// Bytes of the whole; whole failures are left out.
    pub bytes: Option<usize>,
    /// True if the next command needs no logs named.
    pub remembered: bool,
    /// True to show the figures behind the causes.
    pub verbose: bool,
}

impl Shape {
    /// Returns the shape for a terminal of this width.
    pub fn wide(width: usize) -> Self {
        Self { width, top: None, bytes: None, remembered: false, verbose: false }
    }
}
