//! How GitHub lays out the logs of a run: each job twice, as one file and as a folder of steps.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Problem;

/// Returns the names of whole-job logs (`3_build.txt`) whose steps lie beside them
/// (`build/1_Set up job.txt`), so that reading both would count each failure twice.
///
/// A job whose steps hold less than its log, as when the runner was lost, is not among them.
pub(super) fn repeated(files: impl Iterator<Item = (String, u64)>) -> BTreeSet<String> {
    let mut jobs = Vec::new();
    let mut steps: BTreeMap<String, u64> = BTreeMap::new();
    for (name, size) in files {
        let (folder, file) = name.rsplit_once('/').unwrap_or(("", &name));
        let Some(title) = numbered_title(file) else { continue };
        *steps.entry(folder.to_owned()).or_default() += size;
        jobs.push((join(folder, title), name, size));
    }
    let is_repeated = |job: &String, size: u64| steps.get(job).is_some_and(|&sum| sum * 20 >= size * 19);
    jobs.into_iter().filter(|(job, _, size)| is_repeated(job, *size)).map(|(_, name, _)| name).collect()
}

/// Returns the remark on a whole-job log that is left out.
pub(super) fn remark(name: &str) -> Problem {
    Problem::remark(
        name,
        "repeats the logs of the job's steps in the folder beside it, which are read instead",
    )
}

/// Returns `build` for `3_build.txt`.
fn numbered_title(file: &str) -> Option<&str> {
    let (number, title) = file.strip_suffix(".txt")?.split_once('_')?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(title)
}

fn join(folder: &str, file: &str) -> String {
    if folder.is_empty() { file.to_owned() } else { format!("{folder}/{file}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(files: &[(&str, u64)], expected: &[&str]) {
        let repeated = repeated(files.iter().map(|(name, size)| ((*name).to_owned(), *size)));
        assert_eq!(repeated.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_job_is_left_out_only_where_its_steps_tell_all_of_it() {
        let whole = [("0_build.txt", 100), ("build/1_Set up.txt", 40), ("build/2_Run.txt", 62)];
        check(&whole, &["0_build.txt"]);
        let nested = [("logs/0_a_b.txt", 9), ("logs/a_b/1_x.txt", 9)];
        check(&nested, &["logs/0_a_b.txt"]);
        let lost = [("0_build.txt", 100), ("build/1_Set up.txt", 40), ("build/system.txt", 60)];
        check(&lost, &[]);
        check(&[("0_build.txt", 100), ("0_test.txt", 5), ("notes.txt", 1)], &[]);
    }
}
