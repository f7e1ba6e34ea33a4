//! What a failure's folder holds, and which step is next.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use ignore::WalkBuilder;
use schemars::JsonSchema;
use serde::Serialize;

use super::Failure;

/// The steps from logs to proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    Collect,
    Pattern,
    Stress,
    Verify,
    /// A proof was killed before it could tell what it showed.
    Resume,
    Done,
}

/// What a failure's folder holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Progress {
    pub name: String,
    pub failing_logs: u64,
    pub passing_logs: u64,
    pub pattern: bool,
    /// True if a log is newer than the pattern.
    pub pattern_is_older: bool,
    pub stress_test: bool,
    /// Finished runs of the last proof.
    pub trials: u64,
    /// True if that proof was killed before it could tell what it showed.
    pub proof_is_unfinished: bool,
    pub next: Step,
    /// What to type next, and why.
    pub advice: String,
}

impl Progress {
    pub(super) fn of(failure: &Failure) -> Self {
        let (all, passing) = (files(&failure.logs()), files(&failure.passing()));
        let newest = |times: &[SystemTime]| times.iter().max().copied();
        let made = changed(&failure.pattern());
        let (begun, told) =
            (changed(&failure.trials().join("proof.json")), changed(&failure.trials().join("outcome.json")));
        let mut progress = Self {
            name: failure.name().to_owned(),
            failing_logs: all.len().saturating_sub(passing.len()) as u64,
            passing_logs: passing.len() as u64,
            pattern: made.is_some(),
            pattern_is_older: made.is_some() && newest(&all) > made,
            stress_test: failure.folder().join("run_test.sh").is_file(),
            trials: numbered(&failure.trials()),
            proof_is_unfinished: begun.is_some() && begun > told,
            next: Step::Done,
            advice: String::new(),
        };
        progress.next = progress.next_step();
        progress.advice = progress.advice(&failure.folder().display().to_string());
        progress
    }

    fn next_step(&self) -> Step {
        match self {
            Self { failing_logs: 0, .. } => Step::Collect,
            Self { pattern: false, .. } | Self { pattern_is_older: true, .. } => Step::Pattern,
            Self { stress_test: false, .. } => Step::Stress,
            Self { trials: 0, .. } => Step::Verify,
            Self { proof_is_unfinished: true, .. } => Step::Resume,
            _ => Step::Done,
        }
    }

    fn advice(&self, folder: &str) -> String {
        let folder = shlex::try_quote(folder).unwrap_or_default();
        match self.next {
            Step::Collect => format!("ndlog collect {folder} LOGS…  # there is no failing log yet"),
            Step::Pattern if self.pattern => format!("ndlog pattern {folder}  # logs came after the pattern"),
            Step::Pattern if self.passing_logs == 0 => format!(
                "ndlog pattern {folder}  # or first `ndlog collect {folder} --pass LOGS…`: causes need a comparison"
            ),
            Step::Pattern => format!("ndlog pattern {folder}  # writes the experiment"),
            Step::Stress => format!(
                "ndlog stress {folder}  # writes the test; `ndlog prompt {folder}` helps to refine it"
            ),
            Step::Verify => format!("ndlog verify {folder}  # runs it and counts"),
            Step::Resume => format!("ndlog verify {folder} --resume  # goes on where the proof was killed"),
            Step::Done => format!("read {folder}/README.md; `ndlog verify {folder}` counts again"),
        }
    }
}

/// Returns when each regular file below `folder` was last changed.
fn files(folder: &Path) -> Vec<SystemTime> {
    let walk = WalkBuilder::new(folder).standard_filters(false).build();
    walk.flatten()
        .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()))
        .filter_map(|entry| entry.metadata().ok()?.modified().ok())
        .collect()
}

fn changed(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}

/// Returns how many folders in `folder` have a number for a name: finished runs.
fn numbered(folder: &Path) -> u64 {
    let number = |name: &std::ffi::OsStr| name.as_encoded_bytes().iter().all(u8::is_ascii_digit);
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter(|entry| number(&entry.file_name()) && entry.path().is_dir()).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_leads_to_the_next() {
        let parent = tempfile::tempdir().unwrap();
        let failure = Failure::create(parent.path(), "x").unwrap();
        let put = |path: &str| {
            let path = failure.folder().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        };
        let next = || failure.progress().next;
        assert_eq!(next(), Step::Collect);
        put("logs/passing/b.log");
        assert_eq!(next(), Step::Collect, "passing logs alone are no failure");
        put("logs/a.log");
        assert_eq!(next(), Step::Pattern);
        put("pattern.json");
        assert_eq!(next(), Step::Stress);
        put("run_test.sh");
        assert_eq!(next(), Step::Verify);
        put("trials/.0001/log");
        assert_eq!(next(), Step::Verify, "a run that was cut off is none");
        put("trials/0001/log");
        put("trials/proof.json");
        assert_eq!(next(), Step::Resume);
        put("trials/outcome.json");
        let late = |path: &str| {
            let later = changed(&failure.pattern()).unwrap() + std::time::Duration::from_secs(5);
            fs::File::options()
                .write(true)
                .open(failure.folder().join(path))
                .unwrap()
                .set_modified(later)
                .unwrap();
        };
        late("trials/outcome.json");
        assert_eq!(next(), Step::Done);
        put("logs/c.log");
        late("logs/c.log");
        assert_eq!(next(), Step::Pattern, "a log newer than the pattern");
    }
}
