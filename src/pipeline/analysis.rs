//! One log, from bytes to signed and ranked events.

use rayon::prelude::*;
use serde::de::IgnoredAny;

use crate::causes::{self, Exposure, Run, Testimony, What};
use crate::clusters::Occurrence;
use crate::error::Problem;
use crate::events::verdicts::Verdict;
use crate::events::{self, Ending, Event};
use crate::findings::{Outcome, SourceSummary};
use crate::lines::{Index, STRIDE, newlines};
use crate::ranks::{self, Standing};
use crate::records::{Basis, MOST_TEXT, Reader};
use crate::signatures::{self, Catalog};
use crate::sources::{Source, SourceKind};

/// Bytes from which the form of a log's lines is guessed.
pub const SAMPLE: usize = 256 << 10;
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
    /// What the run did, where runs are compared.
    pub run: Option<Run>,
    pub exposure: Exposure,
}

/// How to read a log.
pub struct Reading<'c> {
    pub catalog: &'c Catalog,
    /// True for the log of a run that is known to have passed.
    pub baseline: bool,
    /// True if the steps of the run are to be kept.
    pub compare: bool,
    /// True if the tests are to be kept, in their order.
    pub roll: bool,
}

/// Reads one log.
pub fn analyse<'c>(source: Source, reading: &Reading<'c>) -> Analysis<'c> {
    let &Reading { catalog, baseline, compare, roll } = reading;
    let index = index(&source.bytes);
    let reader = Reader::guess(&source.bytes[..source.bytes.len().min(SAMPLE)]);
    let tell = || match source.kind {
        SourceKind::Log => tell_log(&index, &reader),
        SourceKind::JUnit | SourceKind::Annotations => tell_verdicts(&source),
    };
    let (told, tests) = rayon::join(tell, || if roll { causes::roll(&index, &reader) } else { Vec::new() });
    let ending = told.ending;
    let mut summary = summary(&source.name, &index, &reader, ending, baseline);
    summary.problems = source.problems.clone();
    summary.problems.extend(unread(&source.name, &index));
    summary.problems.extend(told.problems);
    let shown = if baseline || matches!(ending, Ending::Passed(_)) { Vec::new() } else { told.events };
    let ranked = shown.into_iter().zip(1..);
    let mut occurrences: Vec<Occurrence> =
        ranked.map(|(event, rank)| occurrence(&source.name, event, rank, catalog)).collect();
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
    let mut testimonies: Vec<Testimony<'c>> = occurrences.iter().map(hear).collect();
    if let (Some(first), Some(testimony)) = (occurrences.first(), testimonies.first_mut()) {
        let dump = events::dumps::near(&index, &reader, &first.event);
        testimony.stacks = dump.and_then(|dump| causes::fold(&dump));
    }
    let failure = occurrences.first().map(|first| (first.event.first_line, first.event.last_line));
    let anchor = failure.map(|(line, _)| line);
    let comparable = compare && (anchor.is_some() || baseline);
    let mut exposure = Exposure::read(&source.name, &index, &reader, failure);
    exposure.baseline = baseline;
    exposure.tests = tests;
    exposure.victim = occurrences.first().and_then(|first| victim(first, &exposure));
    summary.host = exposure.one(What::Host).map(str::to_owned);
    summary.job = exposure.one(What::Job).map(str::to_owned);
    let run = comparable.then(|| {
        let (job, host) = (summary.job.clone(), summary.host.clone());
        Run { job, host, ..Run::read(&source.name, &index, &reader, anchor) }
    });
    Analysis { summary, occurrences, testimonies, run, exposure }
}

/// Strides of a log that one thread counts at the least.
const STRIDES: usize = 64;

/// Counts the lines of a log on all cores.
fn index(bytes: &[u8]) -> Index<'_> {
    let strides = bytes.par_chunks(STRIDE).with_min_len(STRIDES).map(newlines);
    Index::counted(bytes, strides.collect::<Vec<u64>>())
}

/// Returns the events of one log, in the order of their lines.
pub fn events_of(index: &Index<'_>, reader: &Reader) -> Vec<Event> {
    events::assemble(index, reader)
}

/// What a source tells: how its run ended, and what went wrong, the first to read in front.
struct Told {
    ending: Ending,
    events: Vec<Event>,
    problems: Vec<Problem>,
}

fn tell_log(index: &Index<'_>, reader: &Reader) -> Told {
    if is_document(index.bytes()) {
        return Told { ending: Ending::Unknown, events: Vec::new(), problems: Vec::new() };
    }
    let (events, silences) = rayon::join(|| events_of(index, reader), || events::silences(index, reader));
    let ending = match (events::ending(index, reader, &events), silences.first()) {
        (Ending::Failed(line), _) => Ending::Failed(line),
        (_, Some(silence)) => Ending::Failed(silence.headline),
        (ending, None) => ending,
    };
    let standings = ranks::order(&events);
    let mut events: Vec<Event> = likely(&standings).map(|standing| events[standing.event].clone()).collect();
    events.extend(silences);
    Told { ending, events, problems: Vec::new() }
}

/// Returns the standings that are worth showing.
fn likely(standings: &[Standing]) -> impl Iterator<Item = &Standing> {
    let first = standings.first().map(|standing| standing.score).unwrap_or_default();
    standings.iter().take(MOST).take_while(move |standing| (standing.score - first).exp() >= LEAST_ODDS)
}

fn tell_verdicts(source: &Source) -> Told {
    let (verdicts, problems) = events::verdicts::read(&source.name, &source.bytes, source.kind);
    let all = verdicts.len();
    let events: Vec<Event> =
        verdicts.into_iter().filter(Verdict::is_failure).map(Verdict::into_event).collect();
    let ending = match events.first() {
        Some(first) => Ending::Failed(first.headline),
        None if all > 0 => Ending::Passed(1),
        None => Ending::Unknown,
    };
    Told { ending, events, problems }
}

/// Bytes from which on a file that is one JSON value is data and no log.
const DOCUMENT: usize = 2 << 10;

fn is_document(bytes: &[u8]) -> bool {
    let opens = bytes.trim_ascii_start().first().is_some_and(|first| matches!(first, b'{' | b'['));
    opens && bytes.len() > DOCUMENT && serde_json::from_slice::<IgnoredAny>(bytes).is_ok()
}

fn occurrence(source: &str, event: Event, rank: u64, catalog: &Catalog) -> Occurrence {
    let signature = signatures::sign(&event, catalog);
    Occurrence { source: source.to_owned(), event, signature, rank }
}

/// Returns the test that failed: the one that the failure names, or else the first with such a verdict.
fn victim(first: &Occurrence, exposure: &Exposure) -> Option<String> {
    let failed = || exposure.tests.iter().find(|ran| ran.failed).map(|ran| ran.name.clone());
    first.event.test.clone().or_else(failed)
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
