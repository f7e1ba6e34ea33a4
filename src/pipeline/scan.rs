//! From paths to what each log says, and to a part that holds it.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use super::memory::Memory;
use super::reading::reading;
use crate::diff::{self, Baseline};
use crate::error::Problem;
use crate::facts::{Facts, Prints, Reading, Subtract, extract};
use crate::input::{self, Input, Limits, Request, Source};
use crate::signatures::Catalog;
use crate::store::part::{self, Scanned};
use crate::store::{RULES, part::Input as Named};

/// What there is to read.
pub struct Sought {
    pub failing: Vec<Input>,
    /// Given as logs of passing runs.
    pub passing: Vec<Input>,
    pub problems: Vec<Problem>,
}

/// Finds what there is to read. Logs of passing runs may lie in a folder below the others.
pub fn seek(request: &Request, passing: &Request) -> Sought {
    let passing = input::find(passing);
    let mut found = input::find(request);
    let names: BTreeSet<&str> = passing.inputs.iter().map(Input::name).collect();
    found.inputs.retain(|input| !names.contains(input.name()));
    let mut problems = found.problems;
    problems.extend(passing.problems);
    Sought { failing: found.inputs, passing: passing.inputs, problems }
}

/// Logs at the most that are compared with one another step by step and line by line.
const FAILING_COMPARED: usize = 400;
const PASSING_COMPARED: usize = 20;
/// Logs at the most of which all tests are kept.
const TESTS: usize = 400;

/// Of how many inputs what only serves to compare runs is kept; of the others it would fill the memory.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Inputs of which the steps are kept, of failing and of passing runs.
    steps: [usize; 2],
    /// Inputs of which all tests are kept, in their order.
    tests: usize,
}

impl Bounds {
    /// Returns what is kept for one analysis; without passing runs there is nothing to compare steps with.
    pub fn of(has_passing: bool) -> Self {
        Self { steps: if has_passing { [FAILING_COMPARED, PASSING_COMPARED] } else { [0, 0] }, tests: TESTS }
    }

    /// Returns what is kept for any analysis to come.
    const NONE: Self = Self { steps: [usize::MAX; 2], tests: usize::MAX };

    fn keeps_steps(self, number: usize, baseline: bool) -> bool {
        let [failing, passing] = self.steps;
        number < if baseline { passing } else { failing }
    }

    /// Takes out of the facts of an input what is not kept; the number is its place among those of its kind.
    pub fn apply(self, number: usize, baseline: bool, facts: &mut Facts) {
        if !self.keeps_steps(number, baseline) {
            facts.without_steps();
        }
        if number >= self.tests {
            facts.without_passing_tests();
        }
    }
}

/// How inputs are read.
#[derive(Clone, Copy)]
pub struct How<'m> {
    /// True for logs of passing runs.
    pub baseline: bool,
    pub bounds: Bounds,
    /// True if the bytes of each input are hashed, to know it again.
    pub hashed: bool,
    /// What is remembered of inputs that were read before.
    pub memory: Option<&'m Memory>,
    /// How an experiment names a source; what shows how a run was started is kept then.
    pub name: Option<&'m Names<'m>>,
    /// What passing runs print, with which failing ones are compared line by line.
    pub against: Option<&'m Against>,
}

/// What passing runs print.
pub struct Against {
    baseline: Baseline,
    /// By which a comparison with the same runs is known again.
    id: String,
}

impl Against {
    /// Returns what the first of these passing runs print, as many as are compared with; `None` if that is nothing.
    pub fn of(passing: &[Scanned]) -> Option<Self> {
        let passing = passing.get(..PASSING_COMPARED).unwrap_or(passing);
        let mut baseline = Baseline::default();
        let prints = passing.iter().flat_map(|one| &one.facts).filter_map(|facts| facts.prints.as_ref());
        prints.for_each(|prints| baseline.add_prints(prints));
        (!baseline.is_empty()).then(|| Self { baseline, id: id_of(passing.iter().map(|one| &one.input)) })
    }
}

/// Returns an id of the first of some passing inputs, as many as are compared with.
pub fn id_of<'i>(passing: impl Iterator<Item = &'i Named>) -> String {
    let mut text = String::new();
    for input in passing.take(PASSING_COMPARED) {
        text.push_str(input.hash.as_ref().unwrap_or(&input.name));
        text.push('\n');
    }
    format!("{:016x}", xxh3_64(text.as_bytes()))
}

/// Returns the fingerprints of a passing log's lines.
fn prints(bytes: &[u8]) -> Prints {
    Baseline::new([bytes]).prints()
}

/// Says how an experiment names a source.
pub type Names<'n> = dyn Fn(&str) -> String + Sync + 'n;

/// Reads all inputs.
pub fn read(inputs: &[Input], catalog: &Catalog, how: How<'_>) -> Vec<Scanned> {
    let inputs = inputs.par_iter().enumerate();
    inputs.map(|(number, input)| read_numbered(number, input, catalog, how)).collect()
}

fn read_numbered(number: usize, input: &Input, catalog: &Catalog, how: How<'_>) -> Scanned {
    // What is remembered serves any analysis to come.
    let steps = how.memory.is_some() || how.bounds.keeps_steps(number, how.baseline);
    let subtract = |bytes: &[u8]| {
        how.against.map(|against| diff::subtract(bytes, &against.baseline).passages).unwrap_or_default()
    };
    let subtract: Option<&Subtract<'_>> = if how.against.is_some() && steps { Some(&subtract) } else { None };
    let reading = Reading {
        baseline: how.baseline,
        steps,
        setup: how.name.is_some(),
        subtract,
        prints: (how.baseline && steps).then_some(prints as fn(&[u8]) -> Prints),
        ..reading(catalog)
    };
    let hash = if how.hashed || how.memory.is_some() { input::hash(input) } else { None };
    let against = subtract.and(how.against).map(|against| against.id.clone());
    let named = Named { baseline: how.baseline, name: input.name().to_owned(), hash, against };
    let mut scanned = match how.memory {
        Some(memory) => memory.scanned(named, || read_one(input, &reading, how.name)),
        None => {
            let (facts, problems) = read_one(input, &reading, how.name);
            Scanned { input: named, facts, problems }
        }
    };
    scanned.facts.iter_mut().for_each(|facts| how.bounds.apply(number, how.baseline, facts));
    scanned
}

/// Reads one input. The members of an archive are read while those behind them are still unpacked.
fn read_one(input: &Input, reading: &Reading<'_>, name: Option<&Names<'_>>) -> (Vec<Facts>, Vec<Problem>) {
    let (facts, waiting) = (Mutex::new(Vec::new()), AtomicUsize::new(0));
    let (kept, waiting) = (&facts, &waiting);
    let keep = move |number: usize, mut source: Source| {
        source.name = name.map_or(source.name.clone(), |name| name(&source.name));
        let facts = extract(&source, reading);
        kept.lock().unwrap_or_else(PoisonError::into_inner).push((number, facts));
    };
    let problems = rayon::scope(|scope| {
        let mut numbers = 0..;
        input::open(input, &Limits::default(), &mut |source| {
            let (number, bytes) = (numbers.next().unwrap_or(usize::MAX), source.bytes.len());
            // A file must be read before it is closed, to know whether it was cut meanwhile.
            if source.name == input.name() || waiting.load(Ordering::SeqCst) > MOST_WAITING {
                return keep(number, source);
            }
            waiting.fetch_add(bytes, Ordering::SeqCst);
            scope.spawn(move |_| {
                keep(number, source);
                waiting.fetch_sub(bytes, Ordering::SeqCst);
            });
        })
    });
    let mut facts = facts.into_inner().unwrap_or_else(PoisonError::into_inner);
    facts.sort_by_key(|(number, _)| *number);
    (facts.into_iter().map(|(_, facts)| facts).collect(), problems)
}

/// Bytes of unpacked members that may wait to be read.
const MOST_WAITING: usize = 128 << 20;

/// What to read for a part.
pub struct Scan<'c> {
    pub request: Request,
    /// Logs of passing runs.
    pub passing: Request,
    pub catalog: &'c Catalog,
    /// Threads to use; `None` for as many as there are cores.
    pub threads: Option<usize>,
}

/// What a scan met.
#[derive(Debug, Default)]
pub struct Summary {
    pub sources: usize,
    /// Of places and of sources.
    pub problems: Vec<Problem>,
}

/// Inputs that are read before what they say is written: memory is bounded by these.
const AT_ONCE: usize = 64;

/// Reads all logs and writes what they say as a part; the same bytes for the same logs, whatever the threads.
///
/// # Errors
/// If the threads cannot be started, or `out` fails.
pub fn scan(scan: &Scan<'_>, out: impl Write + Send) -> anyhow::Result<Summary> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(scan.threads.unwrap_or(0)).build()?;
    pool.install(|| {
        let Sought { failing, passing, problems } = seek(&scan.request, &scan.passing);
        let mut writer = part::write(out, &rules(scan.catalog))?;
        writer.problems(&problems)?;
        let mut summary = Summary { problems, ..Summary::default() };
        let bounds = Bounds::NONE;
        let how = How { baseline: true, bounds, hashed: true, memory: None, name: None, against: None };
        let mut first = Vec::new();
        for some in passing.chunks(AT_ONCE) {
            for scanned in read(some, scan.catalog, how) {
                writer.input(&scanned)?;
                summary.add(&scanned);
                if first.len() < PASSING_COMPARED {
                    first.push(scanned);
                }
            }
        }
        let against = Against::of(&first);
        let how = How { baseline: false, against: against.as_ref(), ..how };
        for some in failing.chunks(AT_ONCE) {
            for scanned in read(some, scan.catalog, how) {
                writer.input(&scanned)?;
                summary.add(&scanned);
            }
        }
        writer.finish()?;
        Ok(summary)
    })
}

impl Summary {
    fn add(&mut self, scanned: &Scanned) {
        self.sources += scanned.facts.len();
        let of_sources = scanned.facts.iter().flat_map(|facts| &facts.problems);
        self.problems.extend(of_sources.chain(&scanned.problems).cloned());
    }
}

/// Returns the name of the rules by which logs are read with this catalog.
pub fn rules(catalog: &Catalog) -> String {
    format!("{RULES}-{}", catalog.rules())
}
