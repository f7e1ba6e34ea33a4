//! The folder of one failure.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use serde::de::DeserializeOwned;

use super::readme::{self, Section};
use super::write::{explained, write_whole};
use super::{Progress, check_name};

/// The folder of one failure: `README.md`, `logs/`, `logs/passing/`, `tests/`, `trials/`, and what
/// the later steps add.
#[derive(Clone, Debug)]
pub struct Failure {
    folder: PathBuf,
    name: String,
}

impl Failure {
    /// Makes the folder `name` inside `parent`.
    ///
    /// # Errors
    /// If the name is not safe, something of that name exists, or the folder cannot be written.
    pub fn create(parent: &Path, name: &str) -> Result<Self> {
        check_name(name)?;
        let folder = parent.join(name);
        match fs::create_dir(&folder) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => bail!(
                "{} exists already and is left as it is; choose another name, or go on with `ndlog status {name}`",
                folder.display()
            ),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                bail!("the folder {} does not exist; make it first", parent.display())
            }
            Err(error) => return Err(explained(error)).context(format!("cannot make {}", folder.display())),
        }
        let failure = Self { folder, name: name.to_owned() };
        failure.furnish().inspect_err(|_| drop(fs::remove_dir_all(&failure.folder)))?;
        Ok(failure)
    }

    /// Fills the folder that was just made.
    fn furnish(&self) -> Result<()> {
        for part in [self.passing(), self.tests(), self.trials()] {
            fs::create_dir_all(&part)
                .map_err(explained)
                .with_context(|| format!("cannot make {}", part.display()))?;
        }
        write_whole(&self.readme(), readme::new(&self.name).as_bytes())
    }

    /// Opens the folder that `ndlog new` made at `path`.
    ///
    /// # Errors
    /// If it is not such a folder.
    pub fn open(path: &Path) -> Result<Self> {
        let folder = fs::canonicalize(path).with_context(|| {
            format!("no failure folder at {:?}; make one with `ndlog new NAME`", path.display().to_string())
        })?;
        ensure!(folder.is_dir(), "{} is a file; expected a folder that `ndlog new` made", path.display());
        ensure!(
            folder.join("logs").is_dir(),
            "{} holds no `logs/`; expected a folder that `ndlog new` made",
            path.display()
        );
        let name = folder.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        Ok(Self { folder: path.to_path_buf(), name })
    }

    /// Returns the failure's name: the last part of its path.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the path as it was given.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns where the logs of failing runs are, with `passing` inside.
    pub fn logs(&self) -> PathBuf {
        self.folder.join("logs")
    }

    /// Returns where the logs of passing runs are.
    pub fn passing(&self) -> PathBuf {
        self.folder.join("logs/passing")
    }

    /// Returns where the stress test is.
    pub fn tests(&self) -> PathBuf {
        self.folder.join("tests")
    }

    /// Returns where each run's log and facts are kept.
    pub fn trials(&self) -> PathBuf {
        self.folder.join("trials")
    }

    /// Returns the path of the experiment.
    pub fn pattern(&self) -> PathBuf {
        self.folder.join("pattern.json")
    }

    /// Returns the path of the README.
    pub fn readme(&self) -> PathBuf {
        self.folder.join("README.md")
    }

    /// Returns the path of the list of what was collected.
    pub fn manifest(&self) -> PathBuf {
        self.folder.join("collected.json")
    }

    /// Reads a document of this folder, such as `pattern.json`.
    ///
    /// # Errors
    /// If it is not there or not of the expected form.
    pub fn read<T: DeserializeOwned>(&self, path: &Path, made_by: &str) -> Result<T> {
        let text = fs::read(path).with_context(|| {
            format!("cannot read {}; `{made_by} {}` makes it", path.display(), self.folder.display())
        })?;
        serde_json::from_slice(&text)
            .with_context(|| format!("{} is not what {made_by} writes", path.display()))
    }

    /// Brings one section of the README up to date and leaves all other bytes as they are.
    ///
    /// # Errors
    /// If the README's markers are damaged, it is not UTF-8, or it cannot be written.
    pub fn tell(&self, section: Section, body: &str) -> Result<()> {
        let path = self.readme();
        let before = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error).context(format!("cannot read {}", path.display())),
        };
        let after = readme::update(&before, section, body)?;
        if after == before { Ok(()) } else { write_whole(&path, after.as_bytes()) }
    }

    /// Returns what is there and which step is next.
    pub fn progress(&self) -> Progress {
        Progress::of(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_failure_opens_and_a_second_one_of_its_name_is_refused() {
        let parent = tempfile::tempdir().unwrap();
        let failure = Failure::create(parent.path(), "ring-hang").unwrap();
        assert_eq!(Failure::open(failure.folder()).unwrap().name(), "ring-hang");
        let error = Failure::create(parent.path(), "ring-hang").unwrap_err().to_string();
        assert!(error.contains("exists already"), "{error}");
    }

    #[test]
    fn what_is_no_failure_folder_is_told() {
        let parent = tempfile::tempdir().unwrap();
        let file = parent.path().join("file");
        fs::write(&file, "x").unwrap();
        for (path, said) in [
            (parent.path().join("nothing"), "ndlog new"),
            (file, "is a file"),
            (parent.path().to_path_buf(), "no `logs/`"),
        ] {
            let error = format!("{:#}", Failure::open(&path).unwrap_err());
            assert!(error.contains(said), "{error}");
        }
    }

    #[test]
    fn a_deleted_readme_comes_back_with_the_section() {
        let parent = tempfile::tempdir().unwrap();
        let failure = Failure::create(parent.path(), "x").unwrap();
        fs::remove_file(failure.readme()).unwrap();
        failure.tell(Section::Results, "17/20").unwrap();
        assert!(fs::read_to_string(failure.readme()).unwrap().contains("17/20"));
    }
}
