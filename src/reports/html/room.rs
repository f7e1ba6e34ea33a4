//! How much of each failure the page has room for, so that a page of many stays small enough to send around.

/// Failures up to which each is shown in full, and above which drawings have few dots.
const FEW: usize = 200;
const MANY: usize = 1000;

/// What is shown of one failure.
#[derive(Clone, Copy)]
pub struct Room {
    /// Lines before and after the one that tells, and from the beginning of a failure that began far above.
    pub before: u64,
    pub after: u64,
    pub head: u64,
    /// Characters of a line of a log, and of a piece of evidence.
    pub line: usize,
    pub evidence: usize,
    /// Characters of a signature; 0 for none.
    pub signature: usize,
    /// Dots in a row of a drawing.
    pub dots: usize,
}

impl Room {
    /// Returns the room for each of so many failures.
    pub fn among(failures: usize) -> Self {
        if failures <= FEW {
            return Self {
                before: 6,
                after: 3,
                head: 3,
                line: 300,
                evidence: 240,
                signature: 300,
                dots: 400,
            };
        }
        Self {
            before: 3,
            after: 2,
            head: 1,
            line: 160,
            evidence: 140,
            signature: 0,
            dots: if failures > MANY { 20 } else { 60 },
        }
    }
}
