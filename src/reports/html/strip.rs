//! Runs side by side as cells of one drawing: failed, passed, unclear, or nothing where a test did not run.

use std::fmt::Write;

use serde::Serialize;

/// How one run went for one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    Failed,
    Passed,
    /// Nothing states how the run ended.
    Unclear,
    /// The test did not run.
    Absent,
}

/// The plane's units from the top at which the cells of a kind are drawn, so that height tells what colour tells.
const FAILED: u32 = 5;
const PASSED: u32 = 9;
const UNCLEAR: u32 = 7;
/// Narrowest and widest cell, and the width of a drawing within these, in pixels.
const NARROW: usize = 5;
const WIDE: usize = 16;
const WIDTH: usize = 620;

/// One row of cells: a path for each kind, a stretch of equal cells in a few bytes.
#[derive(Debug, PartialEq, Serialize)]
pub struct Strip {
    columns: usize,
    /// In pixels.
    width: usize,
    failed: String,
    passed: String,
    unclear: String,
}

impl Strip {
    /// Lays out cells in their order.
    pub fn of(cells: &[Cell]) -> Self {
        let columns = cells.len();
        let cell = (WIDTH / columns.max(1)).clamp(NARROW, WIDE);
        Self {
            columns,
            width: columns * cell,
            failed: path(cells, |cell| cell == Cell::Failed, FAILED),
            passed: path(cells, |cell| matches!(cell, Cell::Passed | Cell::Failed), PASSED),
            unclear: path(cells, |cell| cell == Cell::Unclear, UNCLEAR),
        }
    }
}

/// Draws the cells that are of a kind. What failed covers what passed, so that the strokes below it stay long.
fn path(cells: &[Cell], of_kind: impl Fn(Cell) -> bool, height: u32) -> String {
    let mut path = String::new();
    let mut at = 0;
    for stretch in cells.chunk_by(|a, b| of_kind(*a) == of_kind(*b)) {
        if stretch.first().is_some_and(|cell| of_kind(*cell)) {
            // Writing to a text cannot fail.
            let _ = write!(path, "M{at} {height}h{}", stretch.len());
        }
        at += stretch.len();
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_of_equal_cells_is_one_stroke() {
        use Cell::{Absent as A, Failed as F, Passed as P, Unclear as U};
        let strip = Strip::of(&[P, P, F, A, P, U, F, F]);
        assert_eq!((strip.failed.as_str(), strip.unclear.as_str()), ("M2 5h1M6 5h2", "M5 7h1"));
        assert_eq!(strip.passed, "M0 9h3M4 9h1M6 9h2");
        assert_eq!((strip.columns, strip.width), (8, 128));
        assert_eq!(Strip::of(&[P; 500]).width, 2500);
        assert_eq!(Strip::of(&[]).width, 0);
    }
}
