//! Which job a report or an annotation belongs to.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::group::Group;
use super::part::{Part, PartKind};
use super::path::{folders, leading_id};
use super::test_results::tail;
use super::without_log::alone;

/// Adds reports and annotations to the groups of logs that they belong to; what belongs to none becomes groups of
/// its own.
pub fn attach<'p>(groups: &mut Vec<Group<'p>>, sorted: &[&'p Part]) {
    let logs = Logs::of(groups);
    let mut found: Vec<(&'p Part, Option<Tie>)> = Vec::new();
    for part in sorted.iter().filter(|part| part.kind != PartKind::Log) {
        found.push((*part, logs.find(groups, part)));
    }
    let crowded = crowded(&found);
    let mut left: Vec<&'p Part> = Vec::new();
    for (part, tie) in found {
        match tie.filter(|tie| !tie.is_place || !crowded.contains(&tie.group)) {
            Some(tie) => {
                groups.iter_mut().skip(tie.group).take(1).for_each(|group| group.add(part, tie.why.clone()))
            }
            None => left.push(part),
        }
    }
    groups.extend(alone(&left));
}

/// What ties a report to a group.
struct Tie {
    group: usize,
    why: String,
    /// True if only the place where it lies does.
    is_place: bool,
}

/// Returns the groups to which reports would be tied by their place alone that tell the same test twice: they are
/// reports of several runs.
fn crowded(found: &[(&Part, Option<Tie>)]) -> BTreeSet<usize> {
    let mut seen: BTreeSet<(usize, &str)> = BTreeSet::new();
    let mut crowded = BTreeSet::new();
    for (part, tie) in found {
        let Some(tie) = tie.as_ref().filter(|_| part.kind == PartKind::Report) else { continue };
        let own: HashSet<&str> = part.tests.iter().map(|test| test.name.as_str()).collect();
        if !own.into_iter().all(|name| seen.insert((tie.group, name))) {
            crowded.insert(tie.group);
        }
    }
    crowded
}

/// Groups of logs by what may tie a report to them.
struct Logs {
    by_id: BTreeMap<String, Option<usize>>,
    by_upload: BTreeMap<String, Option<usize>>,
    /// The groups with a log somewhere below each folder.
    by_folder: BTreeMap<String, BTreeSet<usize>>,
}

/// Groups below one folder that are tried one by one.
const MOST: usize = 2000;

impl Logs {
    fn of(groups: &[Group<'_>]) -> Self {
        let (mut by_id, mut by_upload, mut by_folder) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for (at, group) in groups.iter().enumerate() {
            for part in &group.parts {
                leading_id(&part.source).into_iter().for_each(|id| once(&mut by_id, id, at));
                part.uploads.iter().for_each(|name| once(&mut by_upload, name, at));
                for folder in folders(&part.source) {
                    by_folder.entry(folder.to_owned()).or_insert_with(BTreeSet::new).insert(at);
                }
            }
        }
        Self { by_id, by_upload, by_folder }
    }

    /// Returns the group that a report belongs to, and why.
    fn find(&self, groups: &[Group<'_>], part: &Part) -> Option<Tie> {
        let sure = |(group, why)| Tie { group, why, is_place: false };
        let by_id = leading_id(&part.source).and_then(|id| Some((*self.by_id.get(id)?.as_ref()?, id)));
        if let Some((at, id)) = by_id {
            return Some(sure((at, format!("{id} begins its name and that of the log"))));
        }
        if let Some((at, name)) = self.uploaded(groups, part) {
            return Some(sure((at, format!("the log says that the job uploaded {name:?}"))));
        }
        let near = folders(&part.source).find_map(|folder| self.by_folder.get(folder))?;
        let fits = |at: &&usize| groups.get(**at).is_some_and(|group| fits(group, part));
        let fitting: Vec<usize> = near.iter().take(MOST).filter(fits).copied().collect();
        match fitting.as_slice() {
            [at] if near.len() == 1 => {
                Some(Tie { group: *at, why: "the only log beside it".to_owned(), is_place: true })
            }
            [] => None,
            fitting => by_tests(groups, fitting, part).or_else(|| by_time(groups, fitting, part)).map(sure),
        }
    }

    /// Returns the group whose log says that it uploaded the folder or file of the report.
    fn uploaded<'a>(&self, groups: &[Group<'_>], part: &'a Part) -> Option<(usize, &'a str)> {
        let own = [super::path::file(&part.source)];
        let stem = own.iter().filter_map(|file| file.rsplit_once('.').map(|(stem, _)| stem));
        let names = own.iter().copied().chain(stem).chain(folders(&part.source).map(super::path::file));
        let found = names.filter_map(|name| {
            let bare = name.strip_suffix(".zip").unwrap_or(name);
            Some(((*self.by_upload.get(bare)?.as_ref()?), bare))
        });
        found
            .filter(|(at, _)| groups.get(*at).is_some_and(|group| is_baseline(group) == part.baseline))
            .last()
    }
}

/// Notes who has a name; a name that two have says nothing.
fn once(names: &mut BTreeMap<String, Option<usize>>, name: &str, at: usize) {
    let held = names.entry(name.to_owned()).or_insert(Some(at));
    if *held != Some(at) {
        *held = None;
    }
}

fn is_baseline(group: &Group<'_>) -> bool {
    group.parts.iter().any(|part| part.baseline)
}

/// Hours by which the clocks of a report and of a log may differ: reports tell local time.
const HOURS: i64 = 14;

/// Returns true unless something speaks against it: another time, or tests of which none is the same.
fn fits(group: &Group<'_>, part: &Part) -> bool {
    let Some(log) = group.log() else { return false };
    let slack = HOURS * 3_600_000_000_000;
    let in_time = match (log.began, log.ended.or(log.began), part.began) {
        (Some(began), Some(ended), Some(own)) => (began - slack..=ended + slack).contains(&own),
        _ => true,
    };
    let tests_fit = part.tests.is_empty() || log.tests.is_empty() || common(log, part) > 0;
    in_time && tests_fit && is_baseline(group) == part.baseline
}

/// Returns how many tests both name.
fn common(log: &Part, part: &Part) -> usize {
    let own: BTreeSet<&str> = log.tests.iter().map(|test| tail(&test.name)).collect();
    part.tests.iter().filter(|test| own.contains(tail(&test.name))).count()
}

/// Returns the one log that names more of the report's tests than any other.
fn by_tests(groups: &[Group<'_>], fitting: &[usize], part: &Part) -> Option<(usize, String)> {
    let count = |at: &usize| {
        let log = groups.get(*at).and_then(Group::log);
        (log.map_or(0, |log| common(log, part)), *at)
    };
    let mut counts: Vec<(usize, usize)> = fitting.iter().map(count).collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    match counts.as_slice() {
        [(most, at), rest @ ..] if *most > 0 && rest.first().is_none_or(|(next, _)| next < most) => {
            Some((*at, format!("{most} of its tests are those of the log")))
        }
        _ => None,
    }
}

/// Returns the one log in whose time the report was written.
fn by_time(groups: &[Group<'_>], fitting: &[usize], part: &Part) -> Option<(usize, String)> {
    let own = part.began?;
    let holds = |at: &&usize| {
        let log = groups.get(**at).and_then(Group::log);
        log.and_then(|log| Some((log.began?..=log.ended?).contains(&own))).unwrap_or(false)
    };
    let mut inside = fitting.iter().filter(holds);
    let found = inside.next()?;
    inside.next().is_none().then(|| (*found, "it was written while the job of the log ran".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::test_results::{TestResult, TestState};

    fn part(source: &str, kind: PartKind, tests: &[&str]) -> Part {
        let test = |name: &&str| TestResult { name: (*name).to_owned(), state: TestState::Passed };
        Part { kind, tests: tests.iter().map(test).collect(), ..Part::of(source) }
    }

    /// Which sources end up together.
    fn joined(parts: &[Part]) -> Vec<Vec<&str>> {
        let sorted: Vec<&Part> = parts.iter().collect();
        let mut groups =
            sorted.iter().filter(|part| part.kind == PartKind::Log).map(|part| Group::of(part)).collect();
        attach(&mut groups, &sorted);
        groups.iter().map(|group| group.parts.iter().map(|part| part.source.as_str()).collect()).collect()
    }

    #[test]
    fn reports_go_to_the_log_that_something_ties_them_to() {
        use PartKind::{Annotations, Log, Report};
        let uploads = |source: &str, name: &str| Part { uploads: vec![name.to_owned()], ..Part::of(source) };
        let at = |mut part: Part, began, ended| {
            (part.began, part.ended) = (Some(began), Some(ended));
            part
        };
        let hour = 3_600_000_000_000;
        /// Its name, the sources, and the runs that they are.
        type Case = (&'static str, Vec<Part>, Vec<Vec<&'static str>>);
        let cases: [Case; 9] = [
            (
                "an id that begins both names",
                vec![
                    part("l/123456789.log", Log, &[]),
                    part("l/987654321.log", Log, &[]),
                    part("a/123456789_annotations.json", Annotations, &[]),
                ],
                vec![vec!["l/123456789.log", "a/123456789_annotations.json"], vec!["l/987654321.log"]],
            ),
            (
                "what the log says that it uploaded",
                vec![
                    uploads("l/a.log", "reports_7"),
                    uploads("l/b.log", "reports_8"),
                    part("art/reports_8/r.xml", Report, &["t"]),
                ],
                vec![vec!["l/a.log"], vec!["l/b.log", "art/reports_8/r.xml"]],
            ),
            (
                "a name that two logs uploaded says nothing",
                vec![
                    uploads("l/a.log", "reports"),
                    uploads("l/b.log", "reports"),
                    part("art/reports/r.xml", Report, &["t"]),
                ],
                vec![vec!["l/a.log"], vec!["l/b.log"], vec!["art/reports/r.xml"]],
            ),
            (
                "the only log beside it",
                vec![
                    part("1/a.log", Log, &[]),
                    part("2/a.log", Log, &[]),
                    part("2/out/r.xml", Report, &["t"]),
                ],
                vec![vec!["1/a.log"], vec!["2/a.log", "2/out/r.xml"]],
            ),
            (
                "reports of several runs beside one log",
                vec![part("a.log", Log, &[]), part("1.xml", Report, &["t"]), part("2.xml", Report, &["t"])],
                vec![vec!["a.log"], vec!["1.xml"], vec!["2.xml"]],
            ),
            (
                "tests in common",
                vec![
                    part("a.log", Log, &["x.py::t"]),
                    part("b.log", Log, &["x.py::u"]),
                    part("r.xml", Report, &["x.py::u", "x.py::v"]),
                ],
                vec![vec!["a.log"], vec!["b.log", "r.xml"]],
            ),
            (
                "two logs name as many of its tests",
                vec![part("a.log", Log, &["t"]), part("b.log", Log, &["t"]), part("r.xml", Report, &["t"])],
                vec![vec!["a.log"], vec!["b.log"], vec!["r.xml"]],
            ),
            (
                "the time in which it was written",
                vec![
                    at(part("a.log", Log, &[]), 0, hour),
                    at(part("b.log", Log, &[]), 2 * hour, 3 * hour),
                    at(part("r.xml", Report, &["t"]), 2 * hour + 5, 2 * hour + 5),
                ],
                vec![vec!["a.log"], vec!["b.log", "r.xml"]],
            ),
            (
                "no log: reports on other tests are of one run",
                vec![part("r/A.xml", Report, &["A.t"]), part("r/B.xml", Report, &["B.t"])],
                vec![vec!["r/A.xml", "r/B.xml"]],
            ),
        ];
        for (why, parts, expected) in cases {
            assert_eq!(joined(&parts), expected, "{why}");
        }
    }
}
