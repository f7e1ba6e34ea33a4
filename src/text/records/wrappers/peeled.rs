//! What one layer said, and what is left under it.

use super::super::{Level, Marker};

/// One layer taken off. What a layer does not say is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Peeled<'a> {
    pub rest: &'a [u8],
    /// Nanoseconds since the epoch at which the system got the line.
    pub received: Option<i64>,
    pub marker: Option<Marker>,
    pub level: Option<Level>,
    /// The container or service that wrote the line.
    pub service: Option<&'a [u8]>,
    pub job: Option<&'a [u8]>,
    pub step: Option<&'a [u8]>,
}

impl<'a> Peeled<'a> {
    /// A layer that says nothing else than what lies under it.
    pub fn plain(rest: &'a [u8]) -> Self {
        Self { rest, ..Self::default() }
    }

    /// A layer that says when the line came in.
    pub fn received(rest: &'a [u8], nanos: i64) -> Self {
        Self { rest, received: Some(nanos), ..Self::default() }
    }

    /// A layer that marks the line.
    pub fn marked(rest: &'a [u8], marker: Marker) -> Self {
        let level = match marker {
            Marker::Error => Some(Level::Error),
            Marker::Warning => Some(Level::Warning),
            _ => None,
        };
        Self { rest, marker: Some(marker), level, ..Self::default() }
    }

    /// A layer that states a level.
    pub fn level(rest: &'a [u8], level: Level) -> Self {
        Self { rest, level: Some(level), ..Self::default() }
    }
}
