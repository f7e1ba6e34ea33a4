//! What is told of one log as a whole: how large it is, how its run ended, from when to when.

use crate::error::Problem;
use crate::facts::failures::Ending;
use crate::findings::{Outcome, SourceSummary};
use crate::input::Source;
use crate::text::lines::Index;
use crate::text::records::{Basis, MOST_TEXT, Reader};

/// Returns what is known of a log whose run ended like this; where it ran is not read here.
pub fn summary(source: &Source, index: &Index<'_>, reader: &Reader, ending: Ending) -> SourceSummary {
    let (outcome, line) = match ending {
        Ending::Failed(line) => (Outcome::Fail, Some(line)),
        Ending::Passed(line) => (Outcome::Pass, Some(line)),
        Ending::Unknown => (Outcome::Unknown, None),
    };
    let said = line.and_then(|line| index.line(line)).map(|line| reader.parse(line));
    let because = said.map(|record| format!("line {}: {}", record.line.number, short(&record.message)));
    let (first_time, last_time) = times(index, reader);
    SourceSummary {
        source: source.name.clone(),
        bytes: index.bytes().len() as u64,
        lines: index.lines(),
        outcome,
        outcome_because: because,
        primary: None,
        baseline: false,
        problems: source.problems.iter().cloned().chain(unread(&source.name, index)).collect(),
        first_time,
        last_time,
        host: None,
        job: None,
    }
}

/// Names the lines that are too long to be read to their end, unless the end overwrites the rest.
fn unread(source: &str, index: &Index<'_>) -> Vec<Problem> {
    let long =
        index.longer_than(MOST_TEXT).into_iter().filter(|line| !line.bytes.trim_ascii_end().contains(&b'\r'));
    long.map(|line| {
        let what = format!(
            "the line has {} bytes, of which the first {MOST_TEXT} are read for their words; break it up for the rest",
            line.bytes.len()
        );
        Problem { line: Some(line.number), ..Problem::incomplete(source, what) }
    })
    .collect()
}

fn short(text: &[u8]) -> String {
    String::from_utf8_lossy(text.trim_ascii()).chars().take(200).collect()
}

/// Lines at either end in which a time is looked for.
const EDGE: u64 = 20;

fn times(index: &Index<'_>, reader: &Reader) -> (Option<String>, Option<String>) {
    if reader.basis() != Basis::Epoch {
        return (None, None);
    }
    let lines = index.lines();
    let first = index.range(1, EDGE).find_map(|line| reader.time(line));
    let last = index.range(lines.saturating_sub(EDGE), lines).filter_map(|line| reader.time(line)).last();
    (first.and_then(rfc3339), last.and_then(rfc3339))
}

/// Writes nanoseconds since the Unix epoch as RFC 3339.
pub fn rfc3339(nanos: i64) -> Option<String> {
    jiff::Timestamp::from_nanosecond(i128::from(nanos)).ok().map(|time| time.to_string())
}
