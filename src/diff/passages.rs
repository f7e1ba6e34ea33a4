//! Which new lines belong together, found in one go through a log.

use super::testimony::Testimony;

/// A line that passing runs print too may stand between two new ones.
const REACH: u64 = 2;

/// New lines that tell nothing and still belong to what they touch: the heading above a report, the advice or
/// the exit code below it.
const TOUCHING: u64 = 3;

/// Lines that belong together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Found {
    pub first: u64,
    pub last: u64,
    /// The weight of the line that says most, half for one that only closes what went before.
    pub weight: f64,
    /// The share of that line's words that no passing run used.
    pub rarity: f64,
}

/// Joins lines as they come, by ascending number.
#[derive(Debug, Default)]
pub struct Joiner {
    found: Vec<Found>,
    open: Option<Open>,
    /// True if the last line that is not blank belongs to a report of a failure.
    telling: bool,
}

/// A passage that may go on.
#[derive(Debug)]
struct Open {
    last: u64,
    /// The first of the new lines that stand without a gap up to `last`.
    run: u64,
    /// Where the passage starts, its last line that is not dull, and where it ends: dull edges are cut, but for
    /// lines that touch it.
    edges: Option<(u64, u64, u64)>,
    best: Found,
}

impl Joiner {
    /// Takes in a line that no passing run printed.
    pub fn new_line(&mut self, number: u64, testimony: Testimony, rarity: f64) {
        let weight = f64::from(testimony.weight) / if testimony.closing { 2.0 } else { 1.0 };
        self.telling |= testimony.weight > 0;
        self.extend(number, !testimony.dull, weight, rarity);
    }

    /// Takes in a line that passing runs print too. `continues` is asked only after a new line, and
    /// says whether this one goes on with the same report.
    pub fn known_line(&mut self, number: u64, is_blank: bool, continues: impl FnOnce() -> bool) {
        if is_blank || !self.telling {
            return;
        }
        self.telling = continues();
        if self.telling {
            self.extend(number, true, 0.0, 0.0);
        }
    }

    /// Returns all passages in the order of their lines.
    pub fn finish(mut self) -> Vec<Found> {
        self.close();
        self.found
    }

    fn extend(&mut self, number: u64, sharp: bool, weight: f64, rarity: f64) {
        if self.open.as_ref().is_some_and(|open| number - open.last > REACH) {
            self.close();
        }
        let fresh = Found { first: number, last: number, weight, rarity };
        let open = self.open.get_or_insert(Open { last: number, run: number, edges: None, best: fresh });
        if number > open.last + 1 {
            open.run = number;
        }
        open.last = number;
        open.edges = match open.edges {
            None if sharp => Some((open.run.max(number.saturating_sub(TOUCHING)), number, number)),
            Some((first, _, _)) if sharp => Some((first, number, number)),
            Some((first, sharpest, _)) if open.run <= sharpest && number <= sharpest + TOUCHING => {
                Some((first, sharpest, number))
            }
            edges => edges,
        };
        if (weight, rarity) > (open.best.weight, open.best.rarity) {
            (open.best.weight, open.best.rarity) = (weight, rarity);
        }
    }

    fn close(&mut self) {
        if let Some(open) = self.open.take() {
            let (first, _, last) = open.edges.unwrap_or((open.best.first, open.last, open.last));
            self.found.push(Found { first, last, ..open.best });
        }
    }
}
