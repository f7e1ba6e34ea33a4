//! How GitHub names the logs of a run: `0_build.txt` for a whole job, `build/3_test.txt` for a step.

use std::collections::BTreeSet;

use super::path::{file, folder};

/// The layout of some sources, by which whole jobs and steps are told apart.
#[derive(Debug, Default)]
pub struct Entries {
    /// `ci/run.zip` + `build` for each whole-job log.
    jobs: BTreeSet<(String, String)>,
    /// Folders that hold the steps of one job.
    steps: BTreeSet<String>,
}

/// The job that a source is a log of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The folder or archive of the run.
    pub run: String,
    pub job: String,
}

/// Steps that GitHub's runner puts into each job.
const OWN_STEPS: [&str; 2] = ["Set up job", "Complete job"];

impl Entries {
    /// Reads the layout from the names of all sources.
    pub fn of<'a>(sources: impl Iterator<Item = &'a str>) -> Self {
        let mut entries = Self::default();
        let mut numbered: Vec<&str> = Vec::new();
        for source in sources {
            let Some((number, title)) = numbered_title(file(source)) else { continue };
            if OWN_STEPS.contains(&title) {
                entries.steps.insert(folder(source).to_owned());
            }
            if number == 0 {
                entries.jobs.insert((folder(source).to_owned(), title.to_owned()));
            }
            numbered.push(source);
        }
        // Whole jobs count from 0, steps from 1: where there is a 0 the folder holds jobs.
        let holds_jobs: BTreeSet<String> = entries.jobs.iter().map(|(run, _)| run.clone()).collect();
        for source in numbered {
            let Some((_, title)) = numbered_title(file(source)) else { continue };
            if holds_jobs.contains(folder(source)) {
                entries.jobs.insert((folder(source).to_owned(), title.to_owned()));
            } else if source.contains('!') && !is_at_root(source) {
                entries.steps.insert(folder(source).to_owned());
            }
        }
        entries
    }

    /// Returns the job that a source is a log of, where its name follows GitHub's layout.
    pub fn job_of(&self, source: &str) -> Option<Entry> {
        let own = folder(source);
        let (run, name) = (folder(own), file(own));
        let is_step = self.steps.contains(own) || self.jobs.contains(&(run.to_owned(), name.to_owned()));
        if is_step && !name.is_empty() {
            return Some(Entry { run: run.to_owned(), job: name.to_owned() });
        }
        let (_, title) = numbered_title(file(source))?;
        let known = is_at_root(source) || self.jobs.contains(&(own.to_owned(), title.to_owned()));
        known.then(|| Entry { run: own.to_owned(), job: title.to_owned() })
    }
}

/// Returns true for a member of an archive that lies in no folder of it.
fn is_at_root(source: &str) -> bool {
    source.get(folder(source).len()..).is_some_and(|rest| rest.starts_with('!'))
}

/// Returns 3 and `build` for `3_build.txt`.
fn numbered_title(file: &str) -> Option<(u64, &str)> {
    let (number, title) = file.strip_suffix(".txt")?.split_once('_')?;
    Some((number.parse().ok()?, title))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sources: &[&str], expected: &[Option<(&str, &str)>]) {
        let entries = Entries::of(sources.iter().copied());
        for (source, expected) in sources.iter().zip(expected) {
            let expected = expected.map(|(run, job)| Entry { run: run.to_owned(), job: job.to_owned() });
            assert_eq!(entries.job_of(source), expected, "{source}");
        }
    }

    #[test]
    fn jobs_and_steps_are_told_by_their_layout() {
        check(
            &["run.zip!0_build.txt", "run.zip!1_unit.txt", "run.zip!unit/2_test.txt"],
            &[Some(("run.zip", "build")), Some(("run.zip", "unit")), Some(("run.zip", "unit"))],
        );
        check(&["run.zip!unit/2_test.txt"], &[Some(("run.zip", "unit"))]);
        check(
            &["run.zip!logs/0_build.txt", "run.zip!logs/1_unit.txt"],
            &[Some(("run.zip!logs", "build")), Some(("run.zip!logs", "unit"))],
        );
        check(
            &["out/7/0_unit.txt", "out/7/unit/1_Set up job.txt", "out/7/unit/2_test.txt"],
            &[Some(("out/7", "unit")); 3],
        );
        check(&["notes/3_test.txt", "notes/4_more.txt", "a.log"], &[None, None, None]);
    }
}
