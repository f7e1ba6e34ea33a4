//! From when to when a source was written, and its lines that are too long to be read to their end.

use crate::error::Problem;
use crate::text::lines::{Index, Line};
use crate::text::records::{Basis, MOST_TEXT, Reader};

/// Lines at either end in which a time is looked for.
const EDGE: u64 = 20;

/// Returns the first and the last time in nanoseconds since the Unix epoch, where the source has dated times.
pub fn span(index: &Index<'_>, reader: &Reader) -> (Option<i64>, Option<i64>) {
    if reader.basis() != Basis::Epoch {
        return (None, None);
    }
    let lines = index.lines();
    let first = index.range(1, EDGE).find_map(|line| reader.time(line));
    let last = index.range(lines.saturating_sub(EDGE), lines).filter_map(|line| reader.time(line)).last();
    (first, last)
}

/// Names the lines that are too long to be read to their end, unless the end overwrites the rest.
pub fn unread(source: &str, index: &Index<'_>) -> Vec<Problem> {
    let problem = |line: Line<'_>| {
        let what = format!(
            "the line has {} bytes, of which the first {MOST_TEXT} are read for their words; break it up for the rest",
            line.bytes.len()
        );
        Problem { line: Some(line.number), ..Problem::incomplete(source, what) }
    };
    too_long(index).map(problem).collect()
}

/// Returns the bytes of such lines that are not read.
pub fn unread_bytes(index: &Index<'_>) -> u64 {
    too_long(index).map(|line| (line.bytes.len() - MOST_TEXT) as u64).sum()
}

fn too_long<'a>(index: &Index<'a>) -> impl Iterator<Item = Line<'a>> {
    let long = index.longer_than(MOST_TEXT).into_iter();
    long.filter(|line| !line.bytes.trim_ascii_end().contains(&b'\r'))
}
