//! One log, from bytes to signed and ranked events.

use rayon::prelude::*;

use super::summary::summary;
use super::told::{Told, told};
use crate::causes::{self, Exposure, Run, Testimony, What};
use crate::clusters::Occurrence;
use crate::facts::failures::{self, Ending, Event};
use crate::findings::{Outcome, SourceSummary};
use crate::input::Source;
use crate::signatures::{self, Catalog};
use crate::text::lines::{Index, STRIDE, newlines};
use crate::text::records::Reader;

/// Bytes from which the form of a log's lines is guessed.
pub const SAMPLE: usize = 256 << 10;

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
    let log = Log { name: &source.name, index: &index, reader: &reader, catalog };
    let tests = || if roll { causes::roll(&index, &reader) } else { Vec::new() };
    let (mut told, tests) = rayon::join(|| told(&source, &index, &reader), tests);
    let mut summary = summary(&source, &index, &reader, told.ending);
    summary.baseline = baseline;
    summary.problems.append(&mut told.problems);
    let occurrences = if baseline { Vec::new() } else { log.occurrences(told) };
    if summary.outcome == Outcome::Unknown && !occurrences.is_empty() {
        summary.outcome = Outcome::Fail;
    }
    let testimonies = log.testimonies(&occurrences);
    let failure = occurrences.first().map(|first| (first.event.first_line, first.event.last_line));
    let mut exposure = Exposure::read(&source.name, &index, &reader, failure);
    (exposure.baseline, exposure.tests) = (baseline, tests);
    exposure.victim = occurrences.first().and_then(|first| victim(first, &exposure));
    summary.host = exposure.one(What::Host).map(str::to_owned);
    summary.job = exposure.one(What::Job).map(str::to_owned);
    let comparable = compare && (failure.is_some() || baseline);
    let run = comparable.then(|| {
        let (job, host) = (summary.job.clone(), summary.host.clone());
        Run { job, host, ..Run::read(&source.name, &index, &reader, failure.map(|(line, _)| line)) }
    });
    Analysis { summary, occurrences, testimonies, run, exposure }
}

/// A log with what is needed to read it.
struct Log<'l, 'c> {
    name: &'l str,
    index: &'l Index<'l>,
    reader: &'l Reader,
    catalog: &'c Catalog,
}

impl<'c> Log<'_, 'c> {
    /// Returns what failed, the first to read in front; nothing if the run passed.
    fn occurrences(&self, told: Told) -> Vec<Occurrence> {
        let failed = if matches!(told.ending, Ending::Passed(_)) { Vec::new() } else { told.events };
        let ranked = failed.into_iter().zip(1..);
        let occurrences: Vec<Occurrence> = ranked.map(|(event, rank)| self.occurrence(event, rank)).collect();
        if !occurrences.is_empty() || told.ending != Ending::Unknown || !told.is_log {
            return occurrences;
        }
        let alone = causes::alone(self.index, self.reader, self.catalog);
        alone.map(|event| self.occurrence(event, 1)).into_iter().collect()
    }

    fn occurrence(&self, event: Event, rank: u64) -> Occurrence {
        let signature = signatures::sign(&event, self.catalog);
        Occurrence { source: self.name.to_owned(), event, signature, rank }
    }

    /// Returns what the log says about why, for each occurrence.
    fn testimonies(&self, occurrences: &[Occurrence]) -> Vec<Testimony<'c>> {
        let hear = |occurrence: &Occurrence| {
            causes::hear(self.index, self.reader, &occurrence.event, self.catalog, occurrence.rank == 1)
        };
        let mut testimonies: Vec<Testimony<'c>> = occurrences.iter().map(hear).collect();
        if let (Some(first), Some(testimony)) = (occurrences.first(), testimonies.first_mut()) {
            let dump = failures::dumps::near(self.index, self.reader, &first.event);
            testimony.stacks = dump.and_then(|dump| causes::fold(&dump));
        }
        testimonies
    }
}

/// Strides of a log that one thread counts at the least.
const STRIDES: usize = 64;

/// Counts the lines of a log on all cores.
fn index(bytes: &[u8]) -> Index<'_> {
    let strides = bytes.par_chunks(STRIDE).with_min_len(STRIDES).map(newlines);
    Index::counted(bytes, strides.collect::<Vec<u64>>())
}

/// Returns the test that failed: the one that the failure names, or else the first with such a verdict.
fn victim(first: &Occurrence, exposure: &Exposure) -> Option<String> {
    let failed = || exposure.tests.iter().find(|ran| ran.failed).map(|ran| ran.name.clone());
    first.event.test.clone().or_else(failed)
}
