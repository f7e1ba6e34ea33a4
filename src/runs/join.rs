//! Puts sources together that belong to one attempt of a job.

use std::collections::{BTreeMap, BTreeSet};

use xxhash_rust::xxh3::xxh3_64;

use super::attach::attach;
use super::entries::{Entries, Entry};
use super::group::Group;
use super::identity::{Identity, Named};
use super::job_names::JobNames;
use super::outcome::outcome;
use super::part::{Answer, Part, PartKind, WholeRun};
use super::path::{folder, folders, ids, is_below, leading_id};
use super::run::{Run, Step};
use super::test_results::Tests;
use crate::facts::Outcome;

/// Nanoseconds by which a log may begin before or after the time that the CI system tells of its job.
const TOLERANCE: i64 = 120_000_000_000;

/// Joins sources into runs, in the order of their first source. `answers` and `whole` are what documents of the CI
/// system say.
pub fn join(parts: &[Part], answers: &[Answer], whole: &[WholeRun], names: Option<&JobNames>) -> Vec<Run> {
    let mut sorted: Vec<&Part> = parts.iter().collect();
    sorted.sort_by(|a, b| a.source.cmp(&b.source));
    let entries = Entries::of(sorted.iter().map(|part| part.source.as_str()));
    let mut groups = logs(&sorted, &entries);
    attach(&mut groups, &sorted);
    let answers = Answers::of(answers);
    let mut runs: Vec<Run> =
        groups.iter().map(|group| run(group, &entries, &answers, whole, names)).collect();
    runs.sort_by(|a, b| a.sources.cmp(&b.sources));
    runs
}

/// Groups logs: those of the steps of one job are one group, any other log is one of its own.
fn logs<'p>(sorted: &[&'p Part], entries: &Entries) -> Vec<Group<'p>> {
    let mut groups: Vec<Group<'p>> = Vec::new();
    let mut by_entry: BTreeMap<(Entry, bool), usize> = BTreeMap::new();
    for part in sorted.iter().filter(|part| part.kind == PartKind::Log) {
        let Some(entry) = entries.job_of(&part.source) else {
            groups.push(Group::of(part));
            continue;
        };
        match by_entry.get(&(entry.clone(), part.baseline)).and_then(|at| groups.get_mut(*at)) {
            Some(group) => {
                let why = format!("a step of job {:?} of {}", entry.job, entry.run);
                group.add(part, why);
            }
            None => {
                by_entry.insert((entry, part.baseline), groups.len());
                groups.push(Group::of(part));
            }
        }
    }
    groups
}

/// Answers of the CI system by the id and by the name of the job.
struct Answers<'a> {
    by_id: BTreeMap<&'a str, &'a Answer>,
    by_job: BTreeMap<&'a str, Vec<&'a Answer>>,
}

impl<'a> Answers<'a> {
    fn of(answers: &'a [Answer]) -> Self {
        let mut by_job: BTreeMap<&str, Vec<&Answer>> = BTreeMap::new();
        for answer in answers {
            if let Some(job) = &answer.identity.job {
                by_job.entry(&job.value).or_default().push(answer);
            }
        }
        Self { by_id: answers.iter().map(|answer| (answer.id.as_str(), answer)).collect(), by_job }
    }

    /// Returns the answer about the job of a group, and why it is that job.
    fn find(&self, group: &Group<'_>, job: Option<&Named>) -> Option<(&'a Answer, String)> {
        let named = group.parts.iter().filter_map(|part| leading_id(&part.source));
        if let Some(answer) = named.filter_map(|id| self.by_id.get(id)).next() {
            return Some((answer, format!("answers for job {}, the id in the name of a source", answer.id)));
        }
        let job = job?;
        let first = group.parts.first()?;
        let near = |answer: &&&Answer| is_below(&first.source, folder(&answer.source));
        let mut fitting =
            self.by_job.get(job.value.as_str())?.iter().filter(near).filter(|answer| fits(answer, first));
        let found = fitting.next()?;
        let why = format!("answers for a job called {:?}, and no other one fits", job.value);
        fitting.next().is_none().then_some((*found, why))
    }
}

/// Returns true unless the log began at another time than the job did.
fn fits(answer: &Answer, part: &Part) -> bool {
    match (answer.began, answer.ended, part.began) {
        (Some(began), Some(ended), Some(log)) => (began - TOLERANCE..=ended + TOLERANCE).contains(&log),
        _ => true,
    }
}

/// Returns the id of a run that no CI system has numbered.
fn id_of_names(group: &Group<'_>) -> String {
    let names: Vec<&str> = group.parts.iter().map(|part| part.source.as_str()).collect();
    format!("{:012x}", xxh3_64(names.join("\n").as_bytes()) >> 16)
}

fn run(
    group: &Group<'_>,
    entries: &Entries,
    answers: &Answers<'_>,
    whole: &[WholeRun],
    names: Option<&JobNames>,
) -> Run {
    let of_parts = group.parts.iter().fold(Identity::default(), |all, part| all.or(&part.identity));
    let given = group.parts.iter().find_map(|part| names?.job(&part.source));
    let entry = group.parts.iter().find_map(|part| {
        let entry = entries.job_of(&part.source)?;
        Some(Named::in_name(entry.job, &part.source))
    });
    let job = given.clone().or_else(|| of_parts.job.clone()).or_else(|| entry.clone());
    let answer = answers.find(group, job.as_ref());
    let mut steps = group.steps.clone();
    let mut identity = Identity { job: given, ..Identity::default() };
    let mut url = answer.as_ref().and_then(|(answer, _)| answer.url.clone());
    if let Some((answer, why)) = &answer {
        identity = identity.or(&answer.identity);
        steps.push(Step { source: answer.source.clone(), why: why.clone() });
    }
    if let Some((document, why)) = run_of(group, answer.as_ref().map(|(answer, _)| *answer), whole) {
        identity = identity.or(&document.identity);
        url = url.or_else(|| document.url.clone());
        steps.push(Step { source: document.source.clone(), why });
    }
    identity = identity.or(&of_parts).or(&Identity { job: entry, ..Identity::default() });
    let (outcome, because) = outcome(&group.parts, answer.as_ref().map(|(answer, _)| *answer));
    let baseline = group.parts.iter().any(|part| part.baseline);
    let id = answer.as_ref().map_or_else(|| id_of_names(group), |(answer, _)| answer.id.clone());
    let steps_of = steps.iter().map(|step| &step.source);
    let sources: BTreeSet<&String> = group.parts.iter().map(|part| &part.source).chain(steps_of).collect();
    let sources = sources.into_iter().cloned().collect();
    let began = group.parts.iter().filter_map(|part| part.began).min();
    let (from, to) = answer.map_or((None, None), |(answer, _)| (answer.began, answer.ended));
    Run {
        id,
        identity,
        outcome: if baseline && outcome == Outcome::Unknown { Outcome::Pass } else { outcome },
        because,
        url,
        began: began.or(from),
        ended: group.parts.iter().filter_map(|part| part.ended).max().or(to),
        baseline,
        sources,
        steps,
        tests: tests(group),
        commands: group.parts.iter().flat_map(|part| part.commands.iter().cloned()).collect(),
    }
}

fn tests(group: &Group<'_>) -> Tests {
    // The longest list first: others may leave out a part of the names.
    let mut parts = group.parts.clone();
    parts.sort_by_key(|part| std::cmp::Reverse(part.tests.len()));
    let mut tests = Tests::none();
    parts.iter().for_each(|part| tests.add(&part.tests, part.counted, part.whole));
    tests
}

/// Returns the document about the run of the workflow: by its id, or the only one in the nearest folder above.
fn run_of<'w>(
    group: &Group<'_>,
    answer: Option<&Answer>,
    whole: &'w [WholeRun],
) -> Option<(&'w WholeRun, String)> {
    let first = group.parts.first()?;
    let by_id = |id: &str| whole.iter().find(|run| run.id == id);
    if let Some(run) = answer.and_then(|answer| by_id(&answer.run)) {
        return Some((run, format!("answers for run {} of the workflow", run.id)));
    }
    if let Some(run) = ids(&first.source).find_map(by_id) {
        return Some((run, format!("answers for run {}, the id in the path of a source", run.id)));
    }
    for above in folders(&first.source) {
        let mut near = whole.iter().filter(|run| folder(&run.source) == above);
        if let Some(run) = near.next() {
            let why = "answers for a run of the workflow, the only one beside the source".to_owned();
            return near.next().is_none().then_some((run, why));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::part::Conclusion;
    use crate::runs::test_results::{TestResult, TestState};

    fn report(source: &str, outcome: Outcome) -> Part {
        let tests = vec![TestResult { name: "t".to_owned(), state: TestState::Passed }];
        Part { kind: PartKind::Report, outcome, tests, ..Part::of(source) }
    }

    fn answer(id: &str, job: &str, conclusion: Conclusion) -> Answer {
        let source = "7/jobs.json".to_owned();
        let job = Some(Named::at(job, &source, 3));
        let identity = Identity { job, ..Identity::default() };
        Answer {
            source,
            id: id.to_owned(),
            run: "7000000001".to_owned(),
            identity,
            conclusion,
            ..Answer::default()
        }
    }

    #[test]
    fn the_sources_of_one_attempt_are_one_run() {
        let mut log = Part::of("7/logs/5000000001.log");
        log.uploads.push("reports_1".to_owned());
        log.outcome = Outcome::Pass;
        let other = Part { outcome: Outcome::Pass, ..Part::of("7/logs/5000000002.log") };
        let notes = Part { kind: PartKind::Annotations, ..Part::of("7/logs/5000000001_annotations.json") };
        let parts = [log, other, notes, report("7/artifacts/reports_1/r.xml", Outcome::Fail)];
        let answers = [
            answer("5000000001", "unit", Conclusion::Failed),
            answer("5000000002", "docs", Conclusion::Passed),
            answer("5000000003", "lint", Conclusion::Failed),
        ];
        let whole = WholeRun {
            source: "7/workflow.json".to_owned(),
            id: "7000000001".to_owned(),
            ..WholeRun::default()
        };
        let runs = join(&parts, &answers, &[whole], None);
        let [unit, docs] = runs.as_slice() else { panic!("{runs:#?}") };
        assert_eq!(
            unit.sources,
            [
                "7/artifacts/reports_1/r.xml",
                "7/jobs.json",
                "7/logs/5000000001.log",
                "7/logs/5000000001_annotations.json",
                "7/workflow.json"
            ]
        );
        assert_eq!((unit.id.as_str(), unit.outcome), ("5000000001", Outcome::Fail));
        assert_eq!(docs.sources, ["7/jobs.json", "7/logs/5000000002.log", "7/workflow.json"]);
        assert_eq!(unit.steps.len(), 4, "each further source says why: {:?}", unit.steps);
    }

    #[test]
    fn a_job_is_found_by_its_name_where_no_name_holds_its_id() {
        let named = |source: &str, began| {
            let job = Some(Named::at("unit", source, 2));
            Part { identity: Identity { job, ..Identity::default() }, began, ..Part::of(source) }
        };
        let at = |id: &str, began: i64| Answer {
            began: Some(began),
            ended: Some(began + 9),
            ..answer(id, "unit", Conclusion::Failed)
        };
        let day = 86_400_000_000_000;
        let both = [at("1", day), at("2", 3 * day)];
        for (why, log, answers, expected) in [
            ("the only job of this name", named("7/a.log", None), &both[..1], Outcome::Fail),
            ("two of this name", named("7/a.log", None), &both[..], Outcome::Unknown),
            (
                "two of this name, one at this time",
                named("7/a.log", Some(3 * day + 5)),
                &both[..],
                Outcome::Fail,
            ),
            ("another time", named("7/a.log", Some(9 * day)), &both[..1], Outcome::Unknown),
            ("a document of another folder", named("8/a.log", None), &both[..1], Outcome::Unknown),
        ] {
            assert_eq!(join(&[log], answers, &[], None)[0].outcome, expected, "{why}");
        }
    }

    #[test]
    fn what_the_user_says_of_names_comes_first() {
        let names = JobNames::new("ci/([^/]+)/").unwrap();
        let mut log = Part::of("ci/nightly/1.log");
        log.identity.job = Some(Named::at("unit", "ci/nightly/1.log", 2));
        let job = |names| join(&[log.clone()], &[], &[], names)[0].identity.job.clone().unwrap();
        assert_eq!(job(Some(&names)), Named::in_name("nightly", "ci/nightly/1.log"));
        assert_eq!(job(None).line, Some(2));
    }

    #[test]
    fn the_logs_of_steps_are_one_run_in_any_order() {
        let names = [
            "run.zip!unit/2_test.txt",
            "run.zip!0_unit.txt",
            "run.zip!1_docs.txt",
            "run.zip!unit/1_Set up job.txt",
        ];
        let mut parts: Vec<Part> = names.iter().map(|name| Part::of(name)).collect();
        let runs = join(&parts, &[], &[], None);
        let sizes: Vec<usize> = runs.iter().map(|run| run.sources.len()).collect();
        assert_eq!(sizes, [3, 1]);
        assert_eq!(runs[0].identity.job.as_ref().unwrap().value, "unit");
        parts.reverse();
        assert_eq!(join(&parts, &[], &[], None), runs);
    }
}
