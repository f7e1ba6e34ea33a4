//! The folder `trials/`: each finished run is a folder of its own, whole or not there at all.

use std::fs::{self, File, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::tree;
use super::trial::Trial;

const RESULT: &str = "result.json";
const PROOF: &str = "proof.json";

/// What the trials of one folder have in common; a resumed proof must agree with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proof {
    /// The command under test.
    pub argv: Vec<String>,
    /// In seconds.
    pub budget: f64,
    pub seed: u64,
}

/// The trials of one proof, on disk. Only one `ndlog` at a time has it.
#[derive(Debug)]
pub struct Journal {
    folder: PathBuf,
    trials: Vec<Trial>,
    _lock: File,
}

impl Journal {
    /// Begins a proof in `folder`. Trials of an earlier one are moved to `earlier/`, not lost.
    ///
    /// # Errors
    /// If the folder cannot be written or another `ndlog verify` works in it.
    pub fn begin(folder: &Path, proof: &Proof) -> Result<Self> {
        let lock = locked(folder)?;
        let journal = Self { folder: folder.to_path_buf(), trials: Vec::new(), _lock: lock };
        journal.clear_unfinished()?;
        journal.put_aside()?;
        write_synced(&folder.join(PROOF), &serde_json::to_vec_pretty(proof)?)?;
        Ok(journal)
    }

    /// Returns the proof that `folder` holds and its finished trials, so that it can go on.
    ///
    /// # Errors
    /// If there is none, or another `ndlog verify` works in it.
    pub fn resume(folder: &Path) -> Result<(Self, Proof)> {
        let lock = locked(folder)?;
        let path = folder.join(PROOF);
        let text = fs::read(&path).with_context(|| {
            format!("nothing to resume: cannot read {}; leave out --resume", path.display())
        })?;
        let proof = serde_json::from_slice(&text)
            .with_context(|| format!("{} is damaged; leave out --resume to begin again", path.display()))?;
        let mut journal = Self { folder: folder.to_path_buf(), trials: Vec::new(), _lock: lock };
        journal.clear_unfinished()?;
        for path in journal.finished()? {
            let trial = fs::read(path.join(RESULT)).map_err(anyhow::Error::from);
            let trial = trial.and_then(|text| Ok(serde_json::from_slice(&text)?));
            journal
                .trials
                .push(trial.with_context(|| format!("{} has no readable {RESULT}", path.display()))?);
        }
        Ok((journal, proof))
    }

    /// Returns the finished trials, oldest first.
    pub fn trials(&self) -> &[Trial] {
        &self.trials
    }

    /// Returns the mark for the processes of the run that comes next.
    pub fn mark(&self) -> String {
        format!("{}{}/", self.mark_of_all(), self.trials.len() + 1)
    }

    /// Makes the folder for the run that comes next and returns it. It gets its final name only when
    /// the run is finished.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn start(&self) -> Result<PathBuf> {
        let folder = self.folder.join(format!(".{}", self.next_name()));
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
        }
        fs::create_dir(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(folder)
    }

    /// Writes down a finished run; from now on no crash can lose it.
    ///
    /// # Errors
    /// If it cannot be written; the trials before it are untouched.
    pub fn finish(&mut self, trial: Trial) -> Result<()> {
        let name = self.next_name();
        let (unfinished, finished) = (self.folder.join(format!(".{name}")), self.folder.join(&name));
        write_synced(&unfinished.join(RESULT), &serde_json::to_vec_pretty(&trial)?)?;
        fs::rename(&unfinished, &finished).with_context(|| format!("cannot make {}", finished.display()))?;
        self.trials.push(trial);
        Ok(())
    }

    /// Removes the folder of a run that was stopped before its end.
    pub fn abandon(&self) {
        // If it stays, the next start removes it.
        let _ = fs::remove_dir_all(self.folder.join(format!(".{}", self.next_name())));
    }

    fn next_name(&self) -> String {
        format!("{:04}", self.trials.len() + 1)
    }

    /// However the folder is spelled, its mark is the same, and no other folder has it: what carries it will
    /// be killed.
    fn mark_of_all(&self) -> String {
        let folder = fs::canonicalize(&self.folder).unwrap_or_else(|_| self.folder.clone());
        format!("{:016x}/", xxh3_64(folder.as_os_str().as_encoded_bytes()))
    }

    /// Ends what a killed `ndlog` left running and removes what it left half written.
    fn clear_unfinished(&self) -> Result<()> {
        tree::end_leftovers(&self.mark_of_all());
        for entry in entries(&self.folder)? {
            let name = entry.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if name.strip_prefix('.').is_some_and(is_number) {
                fs::remove_dir_all(&entry).with_context(|| format!("cannot remove {}", entry.display()))?;
            }
        }
        Ok(())
    }

    fn finished(&self) -> Result<Vec<PathBuf>> {
        let mut paths = entries(&self.folder)?;
        paths.retain(|path| path.file_name().is_some_and(|name| is_number(&name.to_string_lossy())));
        Ok(paths)
    }

    fn put_aside(&self) -> Result<()> {
        let finished = self.finished()?;
        if finished.is_empty() {
            return Ok(());
        }
        let earlier = self.folder.join("earlier");
        fs::create_dir_all(&earlier).with_context(|| format!("cannot make {}", earlier.display()))?;
        let aside = (1..).map(|number| earlier.join(format!("{number:04}"))).find(|path| !path.exists());
        let aside = aside.context("there is no free name in `earlier`")?;
        fs::create_dir(&aside).with_context(|| format!("cannot make {}", aside.display()))?;
        for path in finished.iter().chain([&self.folder.join(PROOF)]).filter(|path| path.exists()) {
            let to = aside.join(path.file_name().unwrap_or_default());
            fs::rename(path, &to)
                .with_context(|| format!("cannot move {} to {}", path.display(), to.display()))?;
        }
        Ok(())
    }
}

fn locked(folder: &Path) -> Result<File> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let path = folder.join(".lock");
    let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            bail!("another `ndlog verify` works in {}; wait for it", folder.display())
        }
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("cannot lock {}", path.display()))
        }
    }
}

/// Returns the entries of `folder` by name.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let read = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut paths: Vec<PathBuf> = read.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    paths.sort();
    Ok(paths)
}

fn is_number(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit())
}

fn write_synced(path: &Path, bytes: &[u8]) -> Result<()> {
    let partial = path.with_extension("part");
    let attempt = || -> std::io::Result<()> {
        let mut file = File::create(&partial)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&partial, path)
    };
    attempt().map_err(full_disk).with_context(|| format!("cannot write {}", path.display()))
}

fn full_disk(error: std::io::Error) -> anyhow::Error {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            anyhow::anyhow!("{error}: make room and go on with --resume; finished runs are kept")
        }
        _ => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_support::trial;
    use super::super::{Stage, Verdict};
    use super::*;

    fn proof() -> Proof {
        Proof { argv: vec!["true".to_owned()], budget: 60.0, seed: 1 }
    }

    fn add(journal: &mut Journal, verdict: Verdict) {
        let folder = journal.start().unwrap();
        fs::write(folder.join("log"), "x").unwrap();
        let number = journal.trials().len() as u64 + 1;
        journal.finish(Trial { number, ..trial(Stage::Ladder, &[], verdict, 1.0) }).unwrap();
    }

    #[test]
    fn finished_runs_survive_and_unfinished_ones_vanish() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::begin(folder.path(), &proof()).unwrap();
        add(&mut journal, Verdict::Passed);
        add(&mut journal, Verdict::Exact);
        journal.start().unwrap();
        let written = journal.trials().to_vec();
        drop(journal);
        let (resumed, found) = Journal::resume(folder.path()).unwrap();
        assert_eq!((resumed.trials(), &found), (&written[..], &proof()));
        assert!(!folder.path().join(".0003").exists());
    }

    #[test]
    fn a_new_proof_puts_the_earlier_one_aside() {
        let folder = tempfile::tempdir().unwrap();
        add(&mut Journal::begin(folder.path(), &proof()).unwrap(), Verdict::Exact);
        let journal = Journal::begin(folder.path(), &proof()).unwrap();
        assert!(journal.trials().is_empty());
        assert!(folder.path().join("earlier/0001/0001/log").exists());
    }

    #[test]
    fn a_folder_has_one_mark_however_it_is_spelled() {
        let folder = tempfile::tempdir().unwrap();
        let mark = |path: &str| {
            fs::create_dir_all(folder.path().join(path)).unwrap();
            Journal::begin(&folder.path().join(path), &proof()).unwrap().mark()
        };
        assert_eq!(mark("a/trials"), mark("a/../a/./trials"));
        assert_ne!(mark("a/trials"), mark("b/trials"));
    }

    #[test]
    fn a_second_ndlog_is_refused_and_nothing_to_resume_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let told = |error: anyhow::Error| format!("{error:#}");
        assert!(told(Journal::resume(folder.path()).unwrap_err()).contains("nothing to resume"));
        let _journal = Journal::begin(folder.path(), &proof()).unwrap();
        assert!(
            told(Journal::begin(folder.path(), &proof()).unwrap_err()).contains("another `ndlog verify`")
        );
    }
}
