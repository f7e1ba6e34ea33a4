//! The files of a store that hold the runs that were seen.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Read};

use serde::{Deserialize, Serialize};

use super::folder::Store;
use super::part::frame::{Kind, Piece, Pieces, append};
use super::runs::{SeenRun, SeenRuns};
use crate::error::Problem;

/// Bytes that one file of runs may expand to.
const MOST_EXPANDED: u64 = 1 << 30;
const LEVEL: i32 = 3;
/// Files from which on all are written as one.
const MOST_FILES: usize = 200;

impl Store {
    /// Remembers the runs of one look.
    ///
    /// # Errors
    /// If the disk is full or the folder cannot be written; nothing is left half written.
    pub fn remember_runs(&self, runs: &[SeenRun]) -> io::Result<()> {
        let lock = self.lock()?;
        let files = self.run_files();
        if files.len() < MOST_FILES {
            return self.add_runs(&lock, &packed(&Looked { runs: runs.to_vec(), ..Looked::default() })?);
        }
        // All in one: one that is killed in between leaves files whose runs are seen again, and so count once.
        let mut seen = self.runs();
        if !seen.problems.is_empty() {
            return self.add_runs(&lock, &packed(&Looked { runs: runs.to_vec(), ..Looked::default() })?);
        }
        runs.iter().for_each(|run| seen.add(run.clone()));
        let runs = seen.all().cloned().collect();
        let SeenRuns { aliases, outgrown, .. } = seen;
        self.add_runs(&lock, &packed(&Looked { runs, aliases, outgrown })?)?;
        files.iter().try_for_each(fs::remove_file)
    }

    /// Returns all runs that were seen. A file that is damaged is named, and the others count.
    pub fn runs(&self) -> SeenRuns {
        let mut seen = SeenRuns::default();
        for path in self.run_files() {
            let name = path.display().to_string();
            let read = fs::read(&path).map_err(|error| error.to_string()).and_then(|bytes| unpack(&bytes));
            match read {
                Ok(looked) => {
                    seen.aliases.extend(looked.aliases);
                    seen.outgrown.extend(looked.outgrown);
                    looked.runs.into_iter().for_each(|run| seen.add(run));
                }
                Err(why) => seen.problems.push(Problem::incomplete(name, format!("cannot be read: {why}"))),
            }
        }
        seen
    }
}

/// What a file of runs holds.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Looked {
    runs: Vec<SeenRun>,
    /// Ids of earlier rules, and what they were later, of runs that were seen again.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    aliases: BTreeMap<String, String>,
    /// Marks of logs that have grown since.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    outgrown: BTreeSet<String>,
}

fn packed(looked: &Looked) -> io::Result<Vec<u8>> {
    let packed = zstd::bulk::compress(&serde_json::to_vec(looked)?, LEVEL)?;
    let mut bytes = Vec::new();
    match append(&mut bytes, Kind::Runs, &packed) {
        true => Ok(bytes),
        false => Err(io::Error::other("these are too many runs for one file")),
    }
}

fn unpack(bytes: &[u8]) -> Result<Looked, String> {
    let mut pieces = Pieces::of(bytes);
    let (Some(Piece::Frame { kind: Kind::Runs, held }), None) = (pieces.next(), pieces.next()) else {
        return Err("it is damaged".to_owned());
    };
    let mut json = Vec::new();
    let decoder = zstd::stream::read::Decoder::new(held).map_err(|error| error.to_string())?;
    decoder.take(MOST_EXPANDED).read_to_end(&mut json).map_err(|error| error.to_string())?;
    serde_json::from_slice(&json).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::runs::tests::{names, run};

    #[test]
    fn a_run_that_is_seen_again_is_one_run_and_its_ids_are_known_by_both_rules() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        store.remember_runs(&[run("1", &["a"], &[("a.log:3", "old")]), run("2", &["b"], &[])]).unwrap();
        store.remember_runs(&[run("3", &["c", "d"], &[])]).unwrap();
        store.remember_runs(&[run("4", &["a", "c"], &[("a.log:3", "new"), ("a.log:9", "other")])]).unwrap();
        let mut seen = store.runs();
        assert_eq!(names(&seen), ["4", "2"], "the last look counts, and joins what was apart");
        seen.add(run("5", &["d"], &[]));
        assert_eq!(names(&seen), ["4", "2", "5"], "a mark that the last look lacks is not of it any more");
        assert_eq!((seen.today("old"), seen.today("other"), seen.today("?")), ("new", "other", "?"));
        assert!(seen.problems.is_empty());
    }

    #[test]
    fn a_file_that_is_damaged_is_named_and_the_others_count() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        for name in ["1", "2", "3"] {
            store.remember_runs(&[run(name, &[name], &[])]).unwrap();
        }
        let files = store.run_files();
        let whole = fs::read(&files[1]).unwrap();
        fs::write(&files[1], &whole[..whole.len() - 1]).unwrap();
        let seen = store.runs();
        assert_eq!(names(&seen), ["1", "3"]);
        assert!(
            seen.problems[0].to_string().contains("000002.ndruns: cannot be read"),
            "{:?}",
            seen.problems
        );
    }

    #[test]
    fn many_looks_are_kept_in_few_files_and_nothing_is_lost() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let looks = MOST_FILES + 5;
        store.remember_runs(&[run("x", &["x"], &[("a.log:1", "old")])]).unwrap();
        store.remember_runs(&[run("x", &["x"], &[("a.log:1", "new")])]).unwrap();
        for look in 2..looks {
            let name = look.to_string();
            store.remember_runs(&[run(&name, &[&name], &[])]).unwrap();
        }
        let seen = store.runs();
        assert_eq!((seen.all().count(), seen.today("old")), (looks - 1, "new"));
        assert!(store.run_files().len() < 10, "{}", store.run_files().len());
    }
}
