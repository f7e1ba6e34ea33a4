//! The folder that remembers: what was read of logs, and which runs were seen.
//!
//! ```text
//! .ndlog/
//!   facts/RULES/ab/abcd….ndpart   what one input says, by its bytes, its name and the rules
//!   runs/000001.ndruns            the runs of one look, in the order of looks
//!   lock                          held while runs are written
//!   users                         held by all who write facts
//!   unfinished/                   what is being written; a file comes to its place by its last step, whole
//! ```

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::xxh3_128;

use super::part::{self, Input, Scanned};
use crate::whole_file::WholeFile;

/// The folder in a project, where nothing else is said.
pub const STORE: &str = ".ndlog";

const FACTS: &str = "facts";
const RUNS: &str = "runs";
const UNFINISHED: &str = "unfinished";
const USERS: &str = "users";
const LOCK: &str = "lock";

/// Held by the one who writes runs.
#[derive(Debug)]
pub(super) struct Lock(#[expect(dead_code, reason = "closing the file gives the lock back")] File);

/// An open store. Others may use it at the same time.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    /// Tells others that something may be unfinished.
    users: File,
}

impl Store {
    /// Opens a store, and makes it where there is none.
    ///
    /// # Errors
    /// If the folder cannot be made or written, or holds something else.
    pub fn open(folder: &Path) -> io::Result<Self> {
        let is_store = folder.join(FACTS).is_dir();
        if !is_store && fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
            let what = "it is no store: it holds other files";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
        }
        for below in [FACTS, RUNS, UNFINISHED] {
            fs::create_dir_all(folder.join(below))?;
        }
        let ignore = folder.join(".gitignore");
        if !ignore.exists() {
            fs::write(ignore, "# What ndlog remembers is no part of the repository.\n*\n")?;
        }
        let users = lock_file(&folder.join(USERS))?;
        users.lock_shared()?;
        let store = Self { folder: folder.to_owned(), users };
        store.tidy();
        Ok(store)
    }

    /// Returns the folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Removes what those left unfinished who were killed; not while another may be writing.
    fn tidy(&self) {
        let Ok(own) = lock_file(&self.folder.join(USERS)) else { return };
        // Our own shared lock stands in the way: it is given back for a moment.
        if self.users.unlock().is_ok() && own.try_lock().is_ok() {
            let left = fs::read_dir(self.folder.join(UNFINISHED)).into_iter().flatten().flatten();
            left.for_each(|file| drop(fs::remove_file(file.path())));
            let _ = own.unlock();
        }
        let _ = self.users.lock_shared();
    }

    /// Returns what is remembered of an input, if it is whole.
    pub fn facts(&self, rules: &str, input: &Input) -> Option<Scanned> {
        let path = self.path_of(rules, input)?;
        let (name, bytes) = (path.display().to_string(), fs::read(&path).ok()?);
        let part = part::read(&name, &bytes).ok().filter(|part| part.damage.is_empty())?;
        let [packed] = part.inputs.as_slice() else { return None };
        let (facts, damage) = packed.facts(&name);
        let is_it = packed.input == *input && damage.is_empty();
        is_it.then(|| Scanned { input: input.clone(), facts, problems: packed.problems.clone() })
    }

    /// Remembers what an input says. What is read only once has no name to be found by, and is not remembered.
    ///
    /// # Errors
    /// If the disk is full or the folder cannot be written; nothing is left half written.
    pub fn remember(&self, rules: &str, scanned: &Scanned) -> io::Result<()> {
        let Some(path) = self.path_of(rules, &scanned.input) else { return Ok(()) };
        let mut bytes = part::write(Vec::new(), rules)?;
        bytes.input(scanned)?;
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        self.put(&path, &bytes.finish()?)
    }

    /// Returns the files with what is remembered of all inputs, in the order of their names: by these rules, and of
    /// what only earlier rules have read by the latest of those.
    pub fn all_facts(&self, rules: &str) -> Vec<PathBuf> {
        let mut latest: BTreeMap<OsString, PathBuf> = BTreeMap::new();
        for folder in self.earlier(rules).into_iter().chain([self.folder.join(FACTS).join(rules)]) {
            let files = facts_in(&folder).into_iter();
            latest.extend(files.filter_map(|file| Some((file.file_name()?.to_owned(), file))));
        }
        latest.into_values().collect()
    }

    /// Removes what earlier rules said of inputs that were read again by these.
    pub fn forget_earlier(&self, rules: &str) {
        let now = self.folder.join(FACTS).join(rules);
        for folder in self.earlier(rules) {
            for file in facts_in(&folder) {
                let again = file.strip_prefix(&folder).is_ok_and(|inside| now.join(inside).is_file());
                if again {
                    drop(fs::remove_file(&file));
                }
            }
            // Folders that still hold something stay.
            sorted(&folder).into_iter().chain([folder]).for_each(|folder| drop(fs::remove_dir(folder)));
        }
    }

    /// Returns the folders of earlier rules, the latest last.
    fn earlier(&self, rules: &str) -> Vec<PathBuf> {
        let mut folders = sorted(&self.folder.join(FACTS));
        folders.retain(|folder| folder.file_name().is_some_and(|name| name != rules));
        folders.sort_by_key(|folder| fs::metadata(folder).and_then(|metadata| metadata.modified()).ok());
        folders
    }

    /// Returns the files of runs, in the order in which they were written.
    pub(super) fn run_files(&self) -> Vec<PathBuf> {
        sorted(&self.folder.join(RUNS))
    }

    /// Waits until nobody else writes runs, and keeps others waiting while the lock lives.
    pub(super) fn lock(&self) -> io::Result<Lock> {
        let file = lock_file(&self.folder.join(LOCK))?;
        file.lock()?;
        Ok(Lock(file))
    }

    /// Writes one more file of runs, after all that are there.
    pub(super) fn add_runs(&self, _lock: &Lock, bytes: &[u8]) -> io::Result<()> {
        let last = self.run_files().last().and_then(|path| path.file_stem()?.to_str()?.parse::<u64>().ok());
        let name = format!("{:06}.ndruns", last.unwrap_or(0).saturating_add(1));
        self.put(&self.folder.join(RUNS).join(name), bytes)
    }

    fn put(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut file = WholeFile::within(&self.folder.join(UNFINISHED), path)?;
        file.write_all(bytes)?;
        file.keep_unsynced()
    }

    fn path_of(&self, rules: &str, input: &Input) -> Option<PathBuf> {
        let against = input.against.as_deref().unwrap_or_default();
        let text = format!("{}\n{}\n{against}\n{}", input.hash.as_ref()?, input.baseline, input.name);
        let key = format!("{:032x}", xxh3_128(text.as_bytes()));
        let folder = self.folder.join(FACTS).join(rules).join(key.get(..2)?);
        Some(folder.join(format!("{key}.ndpart")))
    }
}

/// Returns the files of facts in the folder of some rules.
fn facts_in(folder: &Path) -> Vec<PathBuf> {
    sorted(folder).iter().flat_map(|folder| sorted(folder)).collect()
}

fn lock_file(path: &Path) -> io::Result<File> {
    File::options().create(true).append(true).open(path)
}

/// Returns what is in a folder, in the order of names; nothing where there is none.
fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scanned(name: &str, hash: &str) -> Scanned {
        let input =
            Input { baseline: false, name: name.to_owned(), hash: Some(hash.to_owned()), against: None };
        Scanned { input, facts: Vec::new(), problems: Vec::new() }
    }

    #[test]
    fn what_is_remembered_is_found_by_bytes_name_and_rules() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("store")).unwrap();
        let one = scanned("a.log", "00");
        store.remember("r1", &one).unwrap();
        store.remember("r1", &one).unwrap();
        assert_eq!(store.facts("r1", &one.input), Some(one.clone()));
        for (rules, other) in [("r2", &one), ("r1", &scanned("a.log", "01")), ("r1", &scanned("b.log", "00"))]
        {
            assert_eq!(store.facts(rules, &other.input), None);
        }
        let all = |rules| store.all_facts(rules).len();
        assert_eq!((all("r1"), all("r2")), (1, 1), "what only earlier rules have read counts too");
        store.remember("r2", &one).unwrap();
        assert_eq!((all("r1"), all("r2")), (1, 1), "and once");
        store.forget_earlier("r2");
        assert_eq!((store.facts("r1", &one.input), all("r2")), (None, 1));
        store.forget_earlier("r1");
        assert_eq!(store.facts("r2", &one.input), Some(one.clone()), "what is kept nowhere else stays");
        let once = Scanned { input: Input { hash: None, ..one.input }, ..one };
        store.remember("r1", &once).unwrap();
        assert_eq!((store.facts("r1", &once.input), store.all_facts("r1").len()), (None, 1));
    }

    #[test]
    fn a_file_that_is_damaged_is_as_if_it_were_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let one = scanned("a.log", "00");
        store.remember("r1", &one).unwrap();
        let [path] = store.all_facts("r1").try_into().unwrap();
        let whole = fs::read(&path).unwrap();
        for bytes in [&whole[..whole.len() - 3], b"", b"rubbish"] {
            fs::write(&path, bytes).unwrap();
            assert_eq!(store.facts("r1", &one.input), None);
        }
        store.remember("r1", &one).unwrap();
        assert_eq!(store.facts("r1", &one.input), Some(one));
    }

    #[test]
    fn what_was_left_unfinished_is_removed_unless_another_may_be_writing_it() {
        let folder = tempfile::tempdir().unwrap();
        let first = Store::open(folder.path()).unwrap();
        let left = folder.path().join(UNFINISHED).join("left");
        fs::write(&left, "half").unwrap();
        let second = Store::open(folder.path()).unwrap();
        assert!(left.exists(), "the first may be writing it");
        drop((first, second));
        let _third = Store::open(folder.path()).unwrap();
        assert!(!left.exists());
    }

    #[test]
    fn a_folder_of_something_else_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.log"), "x").unwrap();
        assert!(Store::open(folder.path()).unwrap_err().to_string().contains("no store"));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
