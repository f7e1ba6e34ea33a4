//! Finds runs by id and lines by place, each in one step, however many there are.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;

use super::room::Room;
use crate::findings::{Excerpt, Findings, RunSummary};

/// What the parts of the page ask for.
pub struct Lookup<'a> {
    pub findings: &'a Findings,
    pub room: Room,
    /// When each run began, in the order of the runs.
    times: Vec<Option<Timestamp>>,
    runs: HashMap<&'a str, usize>,
    of_sources: HashMap<&'a str, usize>,
    excerpts: BTreeMap<(&'a str, u64), &'a Excerpt>,
}

impl<'a> Lookup<'a> {
    /// Prepares for a page on which so many failures are shown.
    pub fn new(findings: &'a Findings, failures: usize) -> Self {
        let runs = findings.runs.iter().enumerate();
        let of_sources =
            runs.clone().flat_map(|(at, run)| run.sources.iter().map(move |one| (one.as_str(), at)));
        let excerpts = findings.excerpts.iter();
        Self {
            findings,
            room: Room::among(failures),
            times: runs.clone().map(|(_, run)| run.time.as_deref()?.parse().ok()).collect(),
            of_sources: of_sources.collect(),
            runs: runs.map(|(at, run)| (run.id.as_str(), at)).collect(),
            excerpts: excerpts.map(|one| ((one.source.as_str(), one.line_start), one)).collect(),
        }
    }

    /// Returns the position of the run with this id.
    pub fn position(&self, id: &str) -> Option<usize> {
        self.runs.get(id).copied()
    }

    pub fn run(&self, position: usize) -> Option<&'a RunSummary> {
        self.findings.runs.get(position)
    }

    /// Sorts runs by time; where the time of one is not known, they stay as they are.
    pub fn sort_by_time(&self, positions: &mut [usize]) {
        let time = |at: &usize| self.times.get(*at).copied().flatten();
        if positions.iter().all(|at| time(at).is_some()) {
            positions.sort_by_key(time);
        }
    }

    /// Returns the run that a source belongs to.
    pub fn run_of(&self, source: &str) -> Option<&'a RunSummary> {
        self.run(*self.of_sources.get(source)?)
    }

    /// Returns a line, where an excerpt holds it.
    pub fn line(&self, source: &'a str, line: u64) -> Option<&'a str> {
        let (_, excerpt) = self.excerpts.range((source, 0)..=(source, line)).next_back()?;
        let at = usize::try_from(line - excerpt.line_start).ok()?;
        excerpt.lines.get(at).map(String::as_str)
    }

    /// Returns the address of a line at the CI system, or of its job where no line can be addressed.
    pub fn link(&self, source: &str, line: u64) -> Option<String> {
        let run = self.run_of(source)?;
        let page = address(run)?;
        Some(match step(run, source) {
            Some(step) => format!("{page}#step:{step}:{line}"),
            None => page.to_owned(),
        })
    }
}

/// Returns the address of a run's page, if it is one that a browser may be sent to.
pub fn address(run: &RunSummary) -> Option<&str> {
    let url = run.url.as_deref()?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#@!&*+,;=%".contains(&byte);
    (url.starts_with("https://") && url.bytes().all(plain)).then_some(url)
}

/// Returns the number of the step whose log this is: in GitHub's archives `job/3_Run tests.txt` is step 3 of `job`,
/// and its lines are numbered as on the page.
fn step<'s>(run: &RunSummary, source: &'s str) -> Option<&'s str> {
    let (folders, file) = source.rsplit_once('/')?;
    let folder = folders.rsplit(['/', '!']).next()?;
    let (number, _) = file.strip_suffix(".txt")?.split_once('_')?;
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    // GitHub leaves out of the folder's name what no file system takes.
    let same = |job: &str| job.chars().filter(|letter| !"/\\:*?\"<>|".contains(*letter)).eq(folder.chars());
    (digits && run.job.as_deref().is_some_and(same)).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::example;

    #[test]
    fn a_line_is_addressed_where_the_source_is_a_step_and_only_pages_are_linked() {
        let mut findings = example::findings();
        let page = "https://github.com/acme/ring/actions/runs/7/job/5";
        for (url, job, source, link) in [
            (page, "unit (3.11)", "run.zip!unit (3.11)/3_Run tests.txt", Some("#step:3:9")),
            (page, "unit / a", "run.zip!unit  a/12_x.txt", Some("#step:12:9")),
            (page, "unit", "run.zip!0_unit.txt", Some("")),
            (page, "unit", "logs/other/3_Run tests.txt", Some("")),
            ("javascript:alert(1)", "unit", "a.log", None),
            ("https://x.test/\" onclick=alert(1)", "unit", "a.log", None),
            ("http://x.test/", "unit", "a.log", None),
        ] {
            let run = &mut findings.runs[0];
            (run.url, run.job, run.sources) =
                (Some(url.to_owned()), Some(job.to_owned()), vec![source.to_owned()]);
            let expected = link.map(|anchor| format!("{page}{anchor}"));
            assert_eq!(Lookup::new(&findings, 1).link(source, 9), expected, "{url} {source}");
        }
    }

    #[test]
    fn lines_are_found_in_excerpts_and_nowhere_else() {
        let findings = example::findings();
        let lookup = Lookup::new(&findings, 1);
        for (line, text) in
            [(4009, None), (4010, Some("waiting for device 4")), (4013, Some("exit code 1")), (4014, None)]
        {
            assert_eq!(lookup.line("logs/a.log", line), text);
        }
        assert_eq!(lookup.line("logs/b.log", 4010), None);
    }
}
