//! What was looked at last in a folder, so that the next command can name a failure by its number alone.

use std::collections::hash_map::DefaultHasher;
use std::env;
use std::fs;
use std::hash::{Hash, Hasher};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::whole_file::WholeFile;

/// The logs of a first screen, as they were named, and what decides how they are grouped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastLook {
    /// The folder in which the paths hold.
    pub folder: PathBuf,
    pub paths: Vec<PathBuf>,
    pub files_from: Option<PathBuf>,
    pub passing: Vec<PathBuf>,
    pub signatures: Option<PathBuf>,
    pub job: Option<String>,
}

/// The longest list of paths that is kept, in bytes.
const LONGEST: usize = 1 << 20;

impl LastLook {
    /// Returns what was looked at last in the folder where the program runs.
    pub fn here() -> Option<Self> {
        let folder = env::current_dir().ok()?;
        Self::in_folder(&state()?, &folder)
    }

    /// Remembers this for the folder where the program runs. Returns false where that cannot be: what was read from
    /// standard input cannot be read again.
    pub fn keep(mut self) -> bool {
        let Ok(folder) = env::current_dir() else { return false };
        self.folder = folder;
        let again = self.paths.iter().chain(&self.files_from).all(|path| path.as_os_str() != "-");
        again && state().is_some_and(|state| self.put(&state).is_ok())
    }

    fn in_folder(state: &Path, folder: &Path) -> Option<Self> {
        let text = fs::read(file(state, folder)).ok()?;
        let look: Self = serde_json::from_slice(&text).ok()?;
        (look.folder == folder).then_some(look)
    }

    fn put(&self, state: &Path) -> io::Result<()> {
        let text = serde_json::to_vec(self)?;
        if text.len() > LONGEST {
            return Err(io::Error::other("too many paths"));
        }
        fs::create_dir_all(state)?;
        let mut out = WholeFile::beside(&file(state, &self.folder))?;
        out.write_all(&text)?;
        out.keep_unsynced()
    }
}

/// Returns where programs of this user keep what they may lose.
fn state() -> Option<PathBuf> {
    let set = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = set("XDG_STATE_HOME").or_else(|| Some(set("HOME")?.join(".local/state")))?;
    Some(base.join("ndlog/looks"))
}

/// Returns the file for a folder. Two folders with one hash share a file, and the later look has it.
fn file(state: &Path, folder: &Path) -> PathBuf {
    let mut hasher = DefaultHasher::new();
    folder.hash(&mut hasher);
    state.join(format!("{:016x}.json", hasher.finish()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_is_found_in_its_own_folder_and_in_no_other() {
        let state = tempfile::tempdir().unwrap();
        let state = state.path().join("deep/er");
        let (one, other) = (Path::new("/one"), Path::new("/other"));
        let look = LastLook { folder: one.to_owned(), paths: vec!["ci".into()], ..LastLook::default() };
        look.put(&state).unwrap();
        assert_eq!(LastLook::in_folder(&state, one), Some(look.clone()));
        assert_eq!(LastLook::in_folder(&state, other), None);
        // A file that is not ours, or of another folder with the same hash, is no look.
        fs::write(file(&state, other), "{").unwrap();
        assert_eq!(LastLook::in_folder(&state, other), None);
        fs::copy(file(&state, one), file(&state, other)).unwrap();
        assert_eq!(LastLook::in_folder(&state, other), None);
    }

    #[test]
    fn what_cannot_be_read_again_and_what_is_too_long_is_not_kept() {
        let piped = LastLook { paths: vec!["-".into()], ..LastLook::default() };
        assert!(!piped.keep());
        let state = tempfile::tempdir().unwrap();
        let long = LastLook { paths: vec!["x".repeat(LONGEST).into()], ..LastLook::default() };
        assert!(long.put(state.path()).is_err());
    }
}
