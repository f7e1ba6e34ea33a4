//! Tests of which their runner says that they failed, where no summary says how all of them ended.

use std::collections::BTreeMap;

use crate::facts::runners::{self, Stage};
use crate::text::lines::{Index, clean};

/// Tests that are remembered, so that memory is bounded.
const MOST: usize = 20_000;

/// Returns the last line that says that a test failed which did not pass when it was run again.
pub fn last(index: &Index<'_>) -> Option<u64> {
    let mut failed: BTreeMap<String, u64> = BTreeMap::new();
    for line in runners::SOUGHT.lines(index, 0..index.bytes().len()) {
        let Some(told) = runners::told(&clean(line.bytes)).filter(|told| told.stage != Stage::Began) else {
            continue;
        };
        if told.stage.is_pass() {
            failed.remove(&told.id);
        } else if told.stage.is_failure() && failed.len() < MOST {
            failed.insert(told.id, line.number);
        }
    }
    failed.into_values().max()
}
