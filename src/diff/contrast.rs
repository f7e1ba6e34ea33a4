//! What is new in one failing log.

use crate::facts::Passage;

/// What one failing log says that the passing ones do not.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contrast {
    /// Best first; no line is in two of them.
    pub passages: Vec<Passage>,
}
