//! How ndlog came to what it says: the way of one line, and what two failures have in common.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::cluster::sign;
use super::reading::reading;
use crate::clusters::{self, Comparison, Occurrence};
use crate::facts::extract;
use crate::facts::failures::{self, Event};
use crate::facts::test_results::TestLines;
use crate::findings::When;
use crate::input::{self, Limits, Request, Source};
use crate::ranking;
use crate::signatures::{self, Catalog};
use crate::text::lines::Index;
use crate::text::records::{Reader, Record};

/// One step of the way from a line to what is said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub name: &'static str,
    pub said: String,
}

/// A failure that is compared with another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// A line of a log.
    Place(PathBuf, u64),
    /// The id of a cluster or of one of its members.
    Id(String),
}

/// Two failures side by side.
pub struct Pair {
    pub first: Occurrence,
    pub second: Occurrence,
    pub comparison: Comparison,
    /// Whether they stand in one cluster of the logs given; `None` where no logs were given.
    pub together: Option<bool>,
}

/// Returns each step that a line took.
///
/// # Errors
/// If the log cannot be read or has no such line.
pub fn line(path: &Path, number: u64, catalog: &Catalog) -> anyhow::Result<Vec<Step>> {
    with_source(path, |source| steps(&source, number, catalog))?
}

/// Compares two failures; those named by their ids are looked for in `logs`.
///
/// # Errors
/// If a log cannot be read, or no failure is found where one was named.
pub fn pair(names: &[Named; 2], logs: &[PathBuf], catalog: &Catalog) -> anyhow::Result<Pair> {
    let [first, second] = names;
    let first = occurrence(first, logs, catalog)?;
    let second = occurrence(second, logs, catalog)?;
    let comparison = clusters::compare(&first.signature, &second.signature);
    let together = together([&first.signature.id, &second.signature.id], logs, catalog);
    Ok(Pair { first, second, comparison, together })
}

/// Returns whether two ids stand in one cluster of all that the logs hold.
fn together(ids: [&str; 2], logs: &[PathBuf], catalog: &Catalog) -> Option<bool> {
    let clusters = clusters::group(all(logs, catalog));
    let place = |id: &str| {
        clusters.iter().position(|one| one.id == id || one.aliases.iter().any(|alias| alias == id))
    };
    Some(place(ids[0])? == place(ids[1])?)
}

fn steps(source: &Source, number: u64, catalog: &Catalog) -> anyhow::Result<Vec<Step>> {
    let index = Index::new(&source.bytes);
    let reader = Reader::guess(&source.bytes);
    let line = index
        .line(number)
        .with_context(|| format!("{} has {} lines, no line {number}", source.name, index.lines()))?;
    let record = reader.parse(line);
    let events = failures::assemble(&index, &reader);
    let hot = failures::is_hot(line.bytes);
    let mut steps = vec![
        Step { name: "log", said: reader.describe() },
        Step { name: "record", said: fields(&record) },
        Step {
            name: "words",
            said: listed(names(failures::classes(&record.message), failures::word_names())),
        },
        Step {
            name: "looks",
            said: listed(names(failures::shapes(&record.message), failures::shape_names())),
        },
        Step {
            name: "first look",
            said: (if hot { "kept: it holds a word of failure" } else { "no word of failure in it" })
                .to_owned(),
        },
    ];
    match events.iter().rposition(|event| (event.first_line..=event.last_line).contains(&number)) {
        Some(position) => steps.extend(told(&index, &events, position, catalog)),
        None => steps.push(Step { name: "event", said: "none: it is part of no failure".to_owned() }),
    }
    Ok(steps)
}

fn fields(record: &Record<'_>) -> String {
    let mut said = vec![format!("message \"{}\"", cut(&record.message))];
    said.extend(record.when.map(|time| format!("time {}", When::from(time))));
    said.extend(record.level.map(|level| format!("level {level:?}")));
    if !record.actor.is_unknown() {
        said.push(format!("actor {:?}", record.actor));
    }
    said.join(", ")
}

fn cut(text: &[u8]) -> String {
    String::from_utf8_lossy(text.trim_ascii()).chars().take(200).collect()
}

fn names(set: failures::Set, all: impl Iterator<Item = String>) -> Vec<String> {
    let all: Vec<String> = all.collect();
    set.iter().filter_map(|member| all.get(member as usize).cloned()).collect()
}

fn listed(names: Vec<String>) -> String {
    if names.is_empty() { "nothing known".to_owned() } else { names.join(", ") }
}

/// What became of the event that holds the line.
fn told(index: &Index<'_>, events: &[Event], position: usize, catalog: &Catalog) -> Vec<Step> {
    let Some(event) = events.get(position) else { return Vec::new() };
    let signature = signatures::sign(event, catalog);
    let tests = TestLines::of(index);
    let standings = ranking::order(events, |event| failures::tolerated(index, &tests, event));
    let rank = standings.iter().zip(1..).find(|(standing, _)| standing.event == position);
    let mut steps = vec![
        Step {
            name: "event",
            said: format!(
                "lines {} to {}, taken up by {}: {}, {}; line {} says it best",
                event.first_line,
                event.last_line,
                event.taken_by,
                event.kind.name(),
                event.role.name(),
                event.headline
            ),
        },
        Step {
            name: "stack",
            said: format!(
                "{} frames, of which {} tell",
                event.frames.len(),
                signatures::telling(&event.frames, usize::MAX).len()
            ),
        },
        Step {
            name: "known as",
            said: signature.known.clone().unwrap_or_else(|| "no entry of the catalog fits".to_owned()),
        },
        Step { name: "signature", said: format!("{}: {}", signature.id, signature.normal()) },
    ];
    steps.extend(rank.map(|(standing, rank)| Step {
        name: "rank",
        said: format!("{rank} of {}, with {:.0} % of the odds", events.len(), 100.0 * standing.probability),
    }));
    let shown = ranking::shown(events, &standings);
    let place = shown.iter().position(|standing| standing.event == position);
    let said = place.map_or_else(
        || "not with a failed log: others are far more likely, or say the same".to_owned(),
        |place| format!("as number {} of a failed log", place + 1),
    );
    steps.push(Step { name: "shown", said });
    steps
}

fn occurrence(named: &Named, logs: &[PathBuf], catalog: &Catalog) -> anyhow::Result<Occurrence> {
    match named {
        Named::Place(path, number) => with_source(path, |source| {
            let name = source.name.clone();
            let holds =
                |found: &Occurrence| (found.event.first_line..=found.event.last_line).contains(number);
            let found = sign(&extract(&source, &reading(catalog)), catalog).into_iter().find(holds);
            found.with_context(|| format!("line {number} of {name} is part of no failure that is shown"))
        })?,
        Named::Id(id) => {
            let found = all(logs, catalog).into_iter().find(|found| found.signature.id == *id);
            found.with_context(|| match logs {
                [] => format!("{id} is looked for in the logs that --logs names, and none are named"),
                _ => format!("no failure {id} in the logs given; `ndlog cluster` on them shows their ids"),
            })
        }
    }
}

fn all(logs: &[PathBuf], catalog: &Catalog) -> Vec<Occurrence> {
    let mut found = Vec::new();
    for input in input::find(&Request { paths: logs.to_vec(), files_from: None }).inputs {
        input::open(&input, &Limits::default(), &mut |source| {
            found.extend(sign(&extract(&source, &reading(catalog)), catalog));
        });
    }
    found
}

/// Hands the first log of a path over.
fn with_source<T>(path: &Path, look: impl FnOnce(Source) -> T) -> anyhow::Result<T> {
    let mut look = Some(look);
    let (mut seen, mut problems) = (None, Vec::new());
    let found = input::find(&Request { paths: vec![path.to_owned()], files_from: None });
    problems.extend(found.problems);
    for input in &found.inputs {
        problems.extend(input::open(input, &Limits::default(), &mut |source| {
            seen = look.take().map(|look| look(source)).or_else(|| seen.take());
        }));
    }
    match (seen, problems.first()) {
        (Some(seen), _) => Ok(seen),
        (None, Some(problem)) => bail!("{problem}"),
        (None, None) => bail!("{} holds no log", path.display()),
    }
}
