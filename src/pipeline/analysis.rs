//! One log, from bytes to signed and ranked events.

use crate::causes::{self, Testimony};
use crate::clusters::Occurrence;
use crate::error::Problem;
use crate::events::{self, Ending, Event};
use crate::findings::{Outcome, SourceSummary};
use crate::lines::Index;
use crate::ranks::{self, Standing};
use crate::records::{Basis, MOST_TEXT, Reader};
use crate::signatures::{self, Catalog};
use crate::sources::Source;

/// Bytes from which the form of a log's lines is guessed.
const SAMPLE: usize = 256 << 10;
/// Events of one log that are kept at the most.
const MOST: usize = 10;
/// Events whose odds against the first are lower than this are not shown.
const LEAST_ODDS: f32 = 0.1;

/// What one log holds.
pub struct Analysis<'c> {
    pub summary: SourceSummary,
    pub occurrences: Vec<Occurrence>,
    /// What the log says about why, one for each occurrence.
    pub testimonies: Vec<Testimony<'c>>,
}

/// Reads one log.
pub fn analyse<'c>(source: Source, catalog: &'c Catalog, baseline: bool) -> Analysis<'c> {
    let index = Index::new(&source.bytes);
    let reader = Reader::guess(&source.bytes[..source.bytes.len().min(SAMPLE)]);
    let events = events_of(&index, &reader);
    let ending = events::ending(&index, &reader, &events);
    let mut summary = summary(&source.name, &index, &reader, ending, baseline);
    summary.problems = source.problems;
    summary.problems.extend(unread(&source.name, &index));
    let standings = match ending {
        _ if baseline => Vec::new(),
        Ending::Passed(_) => Vec::new(),
        _ => ranks::order(&events),
    };
    let mut occurrences = occurrences(&source.name, events, &standings, catalog);
    if occurrences.is_empty() && ending == Ending::Unknown && !baseline {
        let alone = causes::alone(&index, &reader, catalog);
        occurrences.extend(alone.map(|event| occurrence(&source.name, event, 1, catalog)));
    }
    if summary.outcome == Outcome::Unknown && !occurrences.is_empty() {
        summary.outcome = Outcome::Fail;
    }
    let hear = |occurrence: &Occurrence| {
        causes::hear(&index, &reader, &occurrence.event, catalog, occurrence.rank == 1)
    };
    let testimonies = occurrences.iter().map(hear).collect();
    Analysis { summary, occurrences, testimonies }
}

/// Returns the events of one log, in the order of their lines.
pub fn events_of(index: &Index<'_>, reader: &Reader) -> Vec<Event> {
    events::assemble(index, reader, &events::scan(index.bytes()).hot)
}

fn occurrences(
    source: &str,
    events: Vec<Event>,
    standings: &[Standing],
    catalog: &Catalog,
) -> Vec<Occurrence> {
    let first = standings.first().map(|standing| standing.score).unwrap_or_default();
    let kept =
        standings.iter().take(MOST).take_while(|standing| (standing.score - first).exp() >= LEAST_ODDS);
    kept.zip(1..)
        .map(|(standing, rank)| occurrence(source, events[standing.event].clone(), rank, catalog))
        .collect()
}

fn occurrence(source: &str, event: Event, rank: u64, catalog: &Catalog) -> Occurrence {
    let signature = signatures::sign(&event, catalog);
    Occurrence { source: source.to_owned(), event, signature, rank }
}

fn summary(
    source: &str,
    index: &Index<'_>,
    reader: &Reader,
    ending: Ending,
    baseline: bool,
) -> SourceSummary {
    let (outcome, line) = match ending {
        Ending::Failed(line) => (Outcome::Fail, Some(line)),
        Ending::Passed(line) => (Outcome::Pass, Some(line)),
        Ending::Unknown => (Outcome::Unknown, None),
    };
    let said = line.and_then(|line| index.line(line)).map(|line| reader.parse(line));
    let because = said.map(|record| format!("line {}: {}", record.line.number, short(&record.message)));
    let (first_time, last_time) = times(index, reader);
    SourceSummary {
        source: source.to_owned(),
        bytes: index.bytes().len() as u64,
        lines: index.lines(),
        outcome,
        outcome_because: because,
        primary: None,
        baseline,
        problems: Vec::<Problem>::new(),
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
