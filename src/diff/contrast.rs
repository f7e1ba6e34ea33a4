//! What is new in one failing log.

/// What one failing log says that the passing ones do not.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contrast {
    /// Best first; no line is in two of them.
    pub passages: Vec<Passage>,
}

/// Neighbouring lines that are new together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Passage {
    /// The 1-based number of the first line.
    pub line_start: u64,
    /// The 1-based number of the last line, inclusive.
    pub line_end: u64,
    /// How much speaks for reading it, above 0 and below 1: words of failure and rare words. Higher
    /// is better; it is no probability.
    pub score: f64,
}
