//! Bringing logs in: the same content once, nothing ever overwritten.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use ignore::WalkBuilder;

use super::Failure;
use super::manifest::{Job, Manifest, Origin};
use super::settle::{copy, hash_of, safe, settle};
use super::write::explained;
use crate::error::Problem;
use crate::whole_file::WholeFile;

/// What became of one log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is new, under this path relative to the failure's folder.
    New(String),
    /// Its content was there already, under this path.
    Already(String),
}

/// The logs of one failure while more are brought in.
#[derive(Debug)]
pub struct Collection<'a> {
    failure: &'a Failure,
    manifest: Manifest,
    /// Files by the hash of their content.
    known: BTreeMap<u128, String>,
    /// What became of each log, in the order in which they came.
    pub kept: Vec<Kept>,
    /// What could not be brought in.
    pub problems: Vec<Problem>,
}

/// Copies files, folders and archives into `collection`. What cannot be read is noted and the rest
/// is still brought in.
///
/// # Errors
/// If nothing stands at one of the paths, or the failure's folder cannot be written.
pub fn collect(collection: &mut Collection<'_>, sources: &[PathBuf], passing: bool) -> Result<()> {
    for source in sources {
        for (path, name) in files_of(source, collection)? {
            match File::open(&path) {
                Ok(file) => collection.put(&name, file, &path.to_string_lossy(), passing, None)?,
                Err(error) => collection.note(&path, error),
            }
        }
    }
    Ok(())
}

impl<'a> Collection<'a> {
    /// Looks at what the failure has already.
    ///
    /// # Errors
    /// If its logs or its manifest cannot be read.
    pub fn open(failure: &'a Failure) -> Result<Self> {
        let manifest = Manifest::read(&failure.manifest())?;
        let mut collection =
            Self { failure, manifest, known: BTreeMap::new(), kept: Vec::new(), problems: Vec::new() };
        for path in walk(&failure.logs(), &mut collection.problems) {
            let hash =
                hash_of(File::open(&path).with_context(|| format!("cannot read {}", path.display()))?)?;
            let file = relative(failure.folder(), &path);
            collection.known.entry(hash).or_insert(file);
        }
        Ok(collection)
    }

    /// Brings in one log, read from `content`, under `name` or, where that is taken by other
    /// content, under a name with its hash.
    ///
    /// # Errors
    /// If `content` ends with an error or the folder cannot be written; nothing is kept of it then.
    pub fn put(
        &mut self,
        name: &Path,
        content: impl Read,
        from: &str,
        passing: bool,
        job: Option<Job>,
    ) -> Result<()> {
        let folder = if passing { self.failure.passing() } else { self.failure.logs() };
        let target = folder.join(safe(name));
        let (file, hash, bytes) = self.copied(&target, content, from)?;
        if let Some(file) = self.known.get(&hash).cloned() {
            // A collection that was killed has files that its manifest lacks.
            if !self.manifest.logs.iter().any(|origin| origin.file == file) {
                self.write_down(&file, bytes, hash, from, passing, job);
            }
            self.kept.push(Kept::Already(file));
            return Ok(());
        }
        let path = settle(file, &target, hash)?;
        let file = relative(self.failure.folder(), &path);
        self.known.insert(hash, file.clone());
        self.write_down(&file, bytes, hash, from, passing, job);
        self.kept.push(Kept::New(file));
        Ok(())
    }

    fn write_down(
        &mut self,
        file: &str,
        bytes: u64,
        hash: u128,
        from: &str,
        passing: bool,
        job: Option<Job>,
    ) {
        self.manifest.logs.retain(|origin| origin.file != file);
        let (file, hash, from) = (file.to_owned(), format!("{hash:032x}"), from.to_owned());
        self.manifest.logs.push(Origin { file, bytes, hash, from, passing, job });
    }

    /// Returns true, and says so among what was kept, if the log of a job is here already.
    #[cfg(feature = "github")]
    pub fn has_job(&mut self, repository: &str, id: u64) -> bool {
        let is = |job: &Job| job.id == id && job.repository == repository;
        let mut own = self.manifest.logs.iter().filter(|origin| origin.job.as_ref().is_some_and(is));
        let here = own.find(|origin| self.failure.folder().join(&origin.file).is_file());
        let Some(file) = here.map(|origin| origin.file.clone()) else { return false };
        self.kept.push(Kept::Already(file));
        true
    }

    /// Returns true, and says so among what was kept, if the log at this address is here already.
    #[cfg(feature = "github")]
    pub fn has_from(&mut self, from: &str) -> bool {
        let mut own = self.manifest.logs.iter().filter(|origin| origin.from == from);
        let here = own.find(|origin| self.failure.folder().join(&origin.file).is_file());
        let Some(file) = here.map(|origin| origin.file.clone()) else { return false };
        self.kept.push(Kept::Already(file));
        true
    }

    /// Returns the path of each log that is new, and whether it was given as one of a passing run.
    pub fn new_logs(&self) -> Vec<(PathBuf, bool)> {
        let new = self.kept.iter().filter_map(|kept| match kept {
            Kept::New(file) => Some(file),
            Kept::Already(_) => None,
        });
        let origin = |file: &String| self.manifest.logs.iter().find(|origin| origin.file == *file);
        new.map(|file| (self.failure.folder().join(file), origin(file).is_some_and(|origin| origin.passing)))
            .collect()
    }

    /// Puts a new log among those of passing runs; false where its name is taken there.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn set_passing(&mut self, path: &Path) -> Result<bool> {
        let old = relative(self.failure.folder(), path);
        let inside = path.strip_prefix(self.failure.logs()).unwrap_or(path);
        let target = self.failure.passing().join(inside);
        if target.exists() {
            return Ok(false);
        }
        let write = || -> io::Result<()> {
            fs::create_dir_all(target.parent().unwrap_or(&target))?;
            fs::rename(path, &target)
        };
        write().with_context(|| format!("cannot move {}", path.display()))?;
        let new = relative(self.failure.folder(), &target);
        for origin in self.manifest.logs.iter_mut().filter(|origin| origin.file == old) {
            (origin.file, origin.passing) = (new.clone(), true);
        }
        for kept in &mut self.kept {
            if *kept == Kept::New(old.clone()) {
                *kept = Kept::New(new.clone());
            }
        }
        for file in self.known.values_mut().filter(|file| **file == old) {
            file.clone_from(&new);
        }
        Ok(true)
    }

    /// Writes down where everything came from.
    ///
    /// # Errors
    /// If the manifest cannot be written.
    pub fn finish(&mut self) -> Result<()> {
        self.manifest.write(&self.failure.manifest())
    }

    fn copied(&self, target: &Path, content: impl Read, from: &str) -> Result<(WholeFile, u128, u64)> {
        let make = || -> io::Result<WholeFile> {
            fs::create_dir_all(target.parent().unwrap_or(target))?;
            WholeFile::at(target)
        };
        let mut file =
            make().map_err(explained).with_context(|| format!("cannot write beside {}", target.display()))?;
        let (hash, bytes) = copy(content, &mut file).with_context(|| format!("cannot bring in {from}"))?;
        Ok((file, hash, bytes))
    }

    fn note(&mut self, path: &Path, error: impl ToString) {
        self.problems.push(Problem::incomplete(path.to_string_lossy(), error.to_string()));
    }
}

/// Returns the regular files that `source` names, each with its name inside `logs/`.
fn files_of(source: &Path, collection: &mut Collection<'_>) -> Result<Vec<(PathBuf, PathBuf)>> {
    let metadata = fs::metadata(source).with_context(|| {
        format!("cannot read {:?}; expected a file, a folder or a URL", source.display().to_string())
    })?;
    let own = fs::canonicalize(collection.failure.logs())?;
    let whole = fs::canonicalize(source)?;
    if whole.starts_with(&own) {
        bail!("{} is inside this failure's own `logs/`; it needs no collecting", source.display());
    }
    if metadata.is_file() {
        let name = whole.file_name().map_or_else(PathBuf::new, PathBuf::from);
        return Ok(vec![(source.to_path_buf(), name)]);
    }
    if !metadata.is_dir() {
        bail!("{} is neither a file nor a folder; expected a log", source.display());
    }
    let top = whole.parent().unwrap_or(&whole);
    let files = walk(&whole, &mut collection.problems).into_iter().filter(|path| !path.starts_with(&own));
    Ok(files.map(|path| (path.clone(), path.strip_prefix(top).unwrap_or(&path).to_path_buf())).collect())
}

/// Returns the regular files below `folder` in the order of their names. Links are not followed.
fn walk(folder: &Path, problems: &mut Vec<Problem>) -> Vec<PathBuf> {
    let mut walk = WalkBuilder::new(folder);
    walk.standard_filters(false).follow_links(false).sort_by_file_name(|a, b| a.cmp(b));
    let mut files = Vec::new();
    for entry in walk.build() {
        match entry {
            Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                files.push(entry.into_path())
            }
            Ok(_) => {}
            Err(error) => problems.push(Problem::incomplete(folder.to_string_lossy(), error.to_string())),
        }
    }
    files
}

/// Returns the path inside `folder` with `/` between its parts.
fn relative(folder: &Path, path: &Path) -> String {
    path.strip_prefix(folder).unwrap_or(path).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Collects what `fill` writes into a folder and returns the new failure's files.
    fn collected(fill: impl Fn(&Path) -> Vec<PathBuf>) -> (tempfile::TempDir, Failure, Vec<Kept>) {
        let parent = tempfile::tempdir().unwrap();
        let sources = fill(parent.path());
        let failure = Failure::create(parent.path(), "x").unwrap();
        let mut collection = Collection::open(&failure).unwrap();
        collect(&mut collection, &sources, false).unwrap();
        collection.finish().unwrap();
        let kept = std::mem::take(&mut collection.kept);
        (parent, failure, kept)
    }

    fn file(folder: &Path, name: &str, content: &str) -> PathBuf {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    #[test]
    fn a_folder_keeps_its_shape_and_the_same_content_comes_once() {
        let (_parent, failure, kept) = collected(|parent| {
            file(parent, "ci/a/run.log", "one");
            file(parent, "ci/b/run.log", "two");
            file(parent, "ci/c/copy.log", "one");
            vec![parent.join("ci")]
        });
        let new = |file: &str| Kept::New(file.to_owned());
        let twice = Kept::Already("logs/ci/a/run.log".to_owned());
        assert_eq!(kept, [new("logs/ci/a/run.log"), new("logs/ci/b/run.log"), twice]);
        let manifest = Manifest::read(&failure.manifest()).unwrap();
        assert_eq!(manifest.logs.len(), 2);
    }

    #[test]
    fn other_content_under_a_taken_name_gets_its_hash_and_both_stay() {
        let (_parent, failure, kept) =
            collected(|parent| vec![file(parent, "1/run.log", "one"), file(parent, "2/run.log", "two")]);
        let Kept::New(second) = &kept[1] else { panic!("{kept:?}") };
        assert!(second.starts_with("logs/run-") && second.ends_with(".log"), "{second}");
        assert_eq!(fs::read_to_string(failure.folder().join("logs/run.log")).unwrap(), "one");
        assert_eq!(fs::read_to_string(failure.folder().join(second)).unwrap(), "two");
    }

    #[test]
    fn collecting_again_changes_nothing() {
        let (parent, failure, _) = collected(|parent| vec![file(parent, "run.log", "one")]);
        let before = fs::read(failure.manifest()).unwrap();
        let mut collection = Collection::open(&failure).unwrap();
        collect(&mut collection, &[parent.path().join("run.log")], true).unwrap();
        collection.finish().unwrap();
        assert_eq!(collection.kept, [Kept::Already("logs/run.log".to_owned())]);
        assert_eq!(fs::read(failure.manifest()).unwrap(), before);
    }

    #[test]
    fn names_cannot_leave_the_folder_nor_act_on_a_terminal() {
        for (name, expected) in [
            ("../../etc/passwd", "etc/passwd"),
            ("/abs/x", "abs/x"),
            ("a\u{1b}[2J\n", "a_[2J_"),
            ("..", "log"),
        ] {
            assert_eq!(safe(Path::new(name)), Path::new(expected));
        }
    }

    #[test]
    fn a_source_that_breaks_off_leaves_nothing_behind() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("the other side closed"))
            }
        }
        let (_parent, failure, _) = collected(|_| Vec::new());
        let mut collection = Collection::open(&failure).unwrap();
        let error = collection.put(Path::new("a.log"), Broken, "there", false, None).unwrap_err();
        assert!(format!("{error:#}").contains("the other side closed"));
        assert!(walk(&failure.logs(), &mut Vec::new()).is_empty());
    }

    #[test]
    fn what_is_not_there_and_what_is_its_own_is_told() {
        let (parent, failure, _) = collected(|parent| vec![file(parent, "run.log", "one")]);
        let mut collection = Collection::open(&failure).unwrap();
        for (path, said) in
            [(parent.path().join("no"), "cannot read"), (failure.logs(), "needs no collecting")]
        {
            let error = format!("{:#}", collect(&mut collection, &[path], false).unwrap_err());
            assert!(error.contains(said), "{error}");
        }
    }
}
