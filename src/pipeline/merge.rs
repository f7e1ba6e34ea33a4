//! From parts of several machines to the findings of all their logs: the same, byte for byte, as from the logs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use rayon::prelude::*;

use super::cluster::{Clustered, found};
use super::memory::{Marks, Memory, marks};
use super::scan::{Bounds, id_of, rules};
use crate::error::Problem;
use crate::input;
use crate::runs::JobNames;
use crate::signatures::Catalog;
use crate::store::part::{self, Input, Packed, Part, Scanned};

/// What to bring together.
pub struct Parts<'c> {
    pub paths: Vec<PathBuf>,
    pub catalog: &'c Catalog,
    /// Threads to use; `None` for as many as there are cores.
    pub threads: Option<usize>,
    /// How the paths of logs name jobs.
    pub jobs: Option<&'c JobNames>,
}

/// Brings the logs of all parts together. What is damaged is named, and the rest counts.
///
/// # Errors
/// If the threads cannot be started.
pub fn merge(parts: &Parts<'_>) -> anyhow::Result<Clustered> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(parts.threads.unwrap_or(0)).build()?;
    Ok(pool.install(|| {
        let mut problems = Vec::new();
        let files = open(&parts.paths, &mut problems);
        let read = read(&files, &mut problems);
        let rules = rules(parts.catalog);
        for ((name, _), _) in files.iter().zip(&read).filter(|(_, part)| is_of_other_rules(part, &rules)) {
            let what = "was scanned by other rules than this ndlog has: a new scan may find other things";
            problems.push(Problem::remark(name, what));
        }
        let mut inputs = inputs(&files, &read);
        leave_out_namesakes(&mut inputs, &mut problems);
        problems.extend(compared_otherwise(&inputs));
        let (scanned, _, damage) = unpack(&inputs);
        problems.extend(damage);
        found(scanned, problems, parts.catalog, parts.jobs)
    }))
}

/// Finds what failed in all logs that a store remembers, and tells the past of each failure.
///
/// # Errors
/// If the threads cannot be started.
pub fn remembered(memory: &Memory, parts: &Parts<'_>) -> anyhow::Result<Clustered> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(parts.threads.unwrap_or(0)).build()?;
    Ok(pool.install(|| {
        let mut problems = Vec::new();
        let paths = memory.store.all_facts(&memory.rules);
        let files = open(&paths, &mut problems);
        let read = read(&files, &mut problems);
        let earlier = read.iter().filter(|part| is_of_other_rules(part, &memory.rules)).count();
        if earlier > 0 {
            let what = format!(
                "{earlier} of {} logs were read by earlier rules; name them again to have them read anew",
                read.len()
            );
            problems.push(Problem::remark(memory.store.folder().display().to_string(), what));
        }
        let mut inputs = inputs(&files, &read);
        tell_namesakes_apart(&mut inputs);
        let (mut scanned, marks, damage) = unpack(&inputs);
        problems.extend(damage);
        let seen = memory.store.runs();
        for scanned in &mut scanned {
            let is_outgrown = |source: &String| marks.get(source).is_some_and(|mark| seen.is_outgrown(mark));
            scanned.facts.retain(|facts| !is_outgrown(&facts.source.name));
        }
        let mut clustered = found(scanned, problems, parts.catalog, parts.jobs);
        clustered.problems.extend(memory.recall(&mut clustered.findings, seen, &marks));
        clustered
    }))
}

/// The bytes of a file, and how it is called.
type File = (String, Vec<u8>);

fn open(paths: &[PathBuf], problems: &mut Vec<Problem>) -> Vec<File> {
    let mut files = Vec::new();
    for path in paths {
        let name = path.display().to_string();
        match input::whole(path) {
            Ok(bytes) => files.push((name, bytes)),
            Err(error) => problems.push(Problem::incomplete(name, format!("{error:#}"))),
        }
    }
    // The order in which parts are named changes nothing.
    files.sort();
    files.dedup_by(|a, b| a.1 == b.1);
    files
}

/// Reads each file; `None` for what is no part.
fn read<'f>(files: &'f [File], problems: &mut Vec<Problem>) -> Vec<Option<Part<'f>>> {
    let mut parts = Vec::new();
    for (name, bytes) in files {
        let part = part::read(name, bytes);
        match &part {
            Err(problem) => problems.push(problem.clone()),
            Ok(part) => problems.extend(part.not_found.iter().chain(&part.damage).cloned()),
        }
        parts.push(part.ok());
    }
    parts
}

fn is_of_other_rules(part: &Option<Part<'_>>, rules: &str) -> bool {
    part.as_ref().is_some_and(|part| part.rules != rules)
}

/// An input, the file in which it was met, and the name under which it counts.
struct Held<'p> {
    file: &'p str,
    packed: &'p Packed<'p>,
    name: String,
}

/// Returns each input once, in the order in which logs are read: first those that are not of passing runs, by name.
/// Different logs of one name stand side by side.
fn inputs<'p>(files: &'p [File], parts: &'p [Option<Part<'p>>]) -> Vec<Held<'p>> {
    let mut inputs: Vec<Held<'p>> = Vec::new();
    for ((file, _), part) in files.iter().zip(parts) {
        let packed = part.iter().flat_map(|part| &part.inputs);
        inputs.extend(packed.map(|packed| Held { file, packed, name: packed.input.name.clone() }));
    }
    let passing: BTreeSet<&str> = inputs
        .iter()
        .filter(|held| held.packed.input.baseline)
        .map(|held| held.packed.input.name.as_str())
        .collect();
    let counts = |held: &Held<'_>| held.packed.input.baseline || !passing.contains(held.name.as_str());
    inputs.retain(counts);
    inputs.sort_by(|a, b| a.packed.input.cmp(&b.packed.input));
    inputs.dedup_by(|a, b| a.packed.is_same(b.packed));
    inputs
}

/// Leaves out all but the first of several logs of one name, and says so.
fn leave_out_namesakes(inputs: &mut Vec<Held<'_>>, problems: &mut Vec<Problem>) {
    inputs.dedup_by(|later, first| {
        let is_namesake = later.packed.input.baseline == first.packed.input.baseline && later.name == first.name;
        if is_namesake {
            let what = format!(
                "holds another log called {} than {}, and it is left out: scan logs by names that tell them apart",
                later.name, first.file
            );
            problems.push(Problem::incomplete(later.file, what));
        }
        is_namesake
    });
}

/// Says that logs were not compared line by line with the passing runs of all parts.
fn compared_otherwise(inputs: &[Held<'_>]) -> Option<Problem> {
    let (passing, failing): (Vec<_>, Vec<_>) =
        inputs.iter().map(|held| &held.packed.input).partition(|input| input.baseline);
    let id = id_of(passing.iter().copied());
    let others = failing.iter().filter(|input| input.against.as_ref() != Some(&id)).count();
    (!passing.is_empty() && others > 0).then(|| {
        let what = format!(
            "what passing runs do not say is left out, or is against others, for {others} logs: scan each part with the \
             same --pass"
        );
        Problem::remark("merge", what)
    })
}

/// Digits of a hash that tell apart logs of one name.
const DIGITS: usize = 8;

/// Gives each of several logs of one name a name of its own, as `build.log@1a2b3c4d`.
fn tell_namesakes_apart(inputs: &mut [Held<'_>]) {
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    inputs.iter().for_each(|held| *count.entry(held.name.clone()).or_default() += 1);
    for held in inputs.iter_mut().filter(|held| count.get(&held.name).is_some_and(|count| *count > 1)) {
        let hash = held.packed.input.hash.as_deref().unwrap_or_default();
        held.name = format!("{}@{}", held.name, hash.get(..DIGITS).unwrap_or(hash));
    }
}

/// Unpacks the inputs, each as far as it is kept for an analysis, with the marks of their sources.
fn unpack(inputs: &[Held<'_>]) -> (Vec<Scanned>, Marks, Vec<Problem>) {
    let passing = inputs.iter().filter(|held| held.packed.input.baseline).count();
    let (bounds, failing) = (Bounds::of(passing > 0), inputs.len() - passing);
    let unpacked: Vec<(Scanned, Marks, Vec<Problem>)> = inputs
        .par_iter()
        .enumerate()
        .map(|(at, held)| {
            let Input { baseline, name, .. } = &held.packed.input;
            let number = if *baseline { at - failing } else { at };
            let (mut facts, damage) = held.packed.facts(held.file);
            facts.iter_mut().for_each(|facts| bounds.apply(number, *baseline, facts));
            let (input, problems) = (held.packed.input.clone(), held.packed.problems.clone());
            let mut scanned = Scanned { input, facts, problems };
            let own = marks(&scanned);
            if held.name == *name {
                return (scanned, own, damage);
            }
            scanned.facts =
                scanned.facts.iter().filter_map(|facts| part::renamed(facts, name, &held.name)).collect();
            let renamed = own.into_iter().map(|(source, mark)| {
                (format!("{}{}", held.name, source.strip_prefix(name.as_str()).unwrap_or_default()), mark)
            });
            (scanned, renamed.collect(), damage)
        })
        .collect();
    let (mut scanned, mut marks, mut damage) = (Vec::new(), Marks::new(), Vec::new());
    for (one, own, problems) in unpacked {
        scanned.push(one);
        marks.extend(own);
        damage.extend(problems);
    }
    (scanned, marks, damage)
}
