//! What a project sets.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::reader;

/// The name of the file.
pub const FILE: &str = ".ndlog.toml";

/// What the file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The file; `None` where there is none.
    pub file: Option<PathBuf>,
    /// A folder with known failures of one's own.
    pub signatures: Option<PathBuf>,
    /// The folder that remembers what was seen.
    pub store: Option<PathBuf>,
    pub jobs: JobSettings,
    /// In their order: of those that fit, the last counts.
    pub owners: Vec<OwnerRule>,
    pub known: Vec<KnownIssue>,
    pub masks: MaskSettings,
    /// The 1-based line of each key that is set, as `jobs.pattern`; of a list, the first.
    pub lines: BTreeMap<String, usize>,
}

/// The table `[jobs]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobSettings {
    /// A regular expression that finds the name of the job in the path of a log.
    pub pattern: Option<String>,
}

/// One table `[[owners]]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnerRule {
    pub owner: String,
    /// Globs of names of tests.
    pub tests: Vec<String>,
    /// Globs of names of jobs.
    pub jobs: Vec<String>,
}

/// One table `[[known]]`: a failure that somebody works on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownIssue {
    /// The id, or its first digits; in lower case.
    pub id: String,
    /// An address or a number in a tracker.
    pub issue: String,
    /// The last day on which it counts as known, as `2026-12-31`; `None` for always.
    pub until: Option<String>,
    pub owner: Option<String>,
    pub note: Option<String>,
}

/// The table `[masks]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MaskSettings {
    /// Mask e-mail addresses too.
    pub emails: bool,
    /// Regular expressions of secrets of one's own.
    pub patterns: Vec<String>,
}

impl Settings {
    /// Reads the file in the working folder or the nearest one above it.
    ///
    /// # Errors
    /// As [`Settings::near`].
    pub fn here() -> anyhow::Result<Self> {
        Self::near(&std::env::current_dir().context("the working folder is gone")?)
    }

    /// Reads the file in a folder or the nearest one above it; nothing is set where there is none.
    ///
    /// # Errors
    /// If the file cannot be read or says something unknown; the message names it, the line and what was meant.
    pub fn near(folder: &Path) -> anyhow::Result<Self> {
        let Some(path) = find(folder) else { return Ok(Self::default()) };
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let settings = reader::read(&path.display().to_string(), &text)?;
        let beside = |relative: PathBuf| path.parent().unwrap_or(Path::new(".")).join(relative);
        Ok(Self {
            signatures: settings.signatures.map(beside),
            store: settings.store.map(beside),
            file: Some(path.clone()),
            ..settings
        })
    }
}

fn find(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().map(|above| above.join(FILE)).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_file_counts_and_its_paths_are_beside_it() {
        let top = tempfile::tempdir().unwrap();
        let below = top.path().join("a/b");
        fs::create_dir_all(&below).unwrap();
        fs::write(top.path().join(FILE), "store = '.ndlog'\n[jobs]\npattern = 'ci/([^/]+)/'\n").unwrap();
        let found = Settings::near(&below).unwrap();
        assert_eq!(found.jobs.pattern.as_deref(), Some("ci/([^/]+)/"));
        assert_eq!(found.store, Some(top.path().join(".ndlog")));
        assert_eq!(found.lines.get("jobs.pattern"), Some(&3));
        fs::write(below.join(FILE), "").unwrap();
        assert_eq!(Settings::near(&below).unwrap().jobs.pattern, None);
        fs::write(below.join(FILE), "[job]\n").unwrap();
        let error = format!("{:#}", Settings::near(&below).unwrap_err());
        assert!(error.contains("a/b/.ndlog.toml:1: unknown key `job`; is it `jobs`?"), "{error}");
    }
}
