//! Tests of which their runner says that they failed, where no summary says how all of them ended.

use std::ops::Range;

use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_64;

use crate::facts::chunks::{self, Chunk};
use crate::facts::runners::{self, Stage};
use crate::text::lines::{Index, clean};

/// Tests that are remembered, so that memory is bounded.
const MOST: usize = 20_000;

/// What some lines say of tests last, by a hash of the test's id.
#[derive(Default)]
struct Last {
    /// Each with where its line begins.
    failed: Vec<(u64, u64)>,
    passed: Vec<u64>,
}

/// Returns the last line that says that a test failed which did not pass when it was run again. All lines are looked at,
/// on all cores; `behind` is called with the bytes that were.
pub fn last(index: &Index<'_>, behind: &(dyn Fn(Range<usize>) + Sync)) -> Option<u64> {
    let mut failed: FxHashMap<u64, u64> = FxHashMap::default();
    let take = |later: Last| {
        for test in later.passed {
            failed.remove(&test);
        }
        let room = MOST.saturating_sub(failed.len());
        failed.extend(later.failed.into_iter().take(room));
    };
    chunks::each(index.bytes(), |chunk| Last::of(index.bytes(), &chunk), take, behind);
    let start = failed.into_values().max()?;
    index.at_offset(usize::try_from(start).ok()?).map(|line| line.number)
}

impl Last {
    fn of(bytes: &[u8], chunk: &Chunk) -> Self {
        let mut failed_at: FxHashMap<u64, Option<u64>> = FxHashMap::default();
        let lines = bytes.get(chunk.lines.clone()).unwrap_or_default();
        runners::SOUGHT.literals.each_place(lines, |start, end| {
            let text = clean(lines.get(start..end).unwrap_or_default());
            let Some(test_line) = runners::test_line(&text).filter(|line| line.stage != Stage::Began) else {
                return;
            };
            let place = Some((chunk.lines.start + start) as u64).filter(|_| test_line.stage.is_failure());
            if place.is_some() || test_line.stage.is_pass() {
                failed_at.insert(xxh3_64(test_line.id.as_bytes()), place);
            }
        });
        let mut all = Self::default();
        for (test, place) in failed_at {
            match place {
                Some(place) => all.failed.push((test, place)),
                None => all.passed.push(test),
            }
        }
        // Which of very many are remembered must not depend on the order of a hash map.
        all.failed.sort_unstable_by_key(|(_, place)| *place);
        all
    }
}
