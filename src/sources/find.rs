//! Finds what there is to read: walks folders and keeps each file once.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, FileType, Metadata};
use std::io::{self, Read};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use super::{Input, github};
use crate::error::Problem;

/// What the user asked to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// Files, folders, and `-` for standard input.
    pub paths: Vec<PathBuf>,
    /// A file with a path a line; `-` reads the list from standard input.
    pub files_from: Option<PathBuf>,
}

/// What there is to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// In the order of their names, each file once.
    pub inputs: Vec<Input>,
    /// What was asked for and cannot be read, and what was left out.
    pub problems: Vec<Problem>,
}

/// Returns everything that `request` names. Nothing is opened but folders and the list of files.
///
/// Hidden files and folders are left out of walks, and read where they are named.
pub fn find(request: &Request) -> Found {
    let mut search = Search::default();
    for path in &request.paths {
        search.path(path);
    }
    if let Some(list) = &request.files_from {
        search.list(list);
    }
    search.finish()
}

/// The identity of a file whatever its name: device and inode.
type Identity = (u64, u64);

#[derive(Default)]
struct Search {
    stdin: bool,
    files: BTreeMap<Identity, Vec<Candidate>>,
    problems: Vec<Problem>,
}

/// One name of a file. The least one is kept: links come last, named files first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    linked: bool,
    walked: bool,
    path: PathBuf,
    size: u64,
}

impl Search {
    fn path(&mut self, path: &Path) {
        if path == Path::new("-") {
            self.stdin = true;
            return;
        }
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => self.walk(path),
            Ok(metadata) => self.file(path, &metadata, false),
            Err(error) => self.problems.push(unreadable(path, &error)),
        }
    }

    fn list(&mut self, list: &Path) {
        match read_list(list) {
            Ok(paths) => paths.iter().for_each(|path| self.path(path)),
            Err(error) => self.problems.push(unreadable(list, &error)),
        }
    }

    fn walk(&mut self, folder: &Path) {
        let mut builder = WalkBuilder::new(folder);
        builder.standard_filters(false).hidden(true).follow_links(true);
        for entry in builder.build() {
            match entry {
                Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_dir()) => {}
                Ok(entry) => match fs::metadata(entry.path()) {
                    Ok(metadata) => self.file(entry.path(), &metadata, true),
                    Err(error) => self.problems.push(unreadable(entry.path(), &error)),
                },
                Err(error) => self.problems.push(not_walked(folder, &error)),
            }
        }
    }

    fn file(&mut self, path: &Path, metadata: &Metadata, walked: bool) {
        if let Some(what) = endless(metadata.file_type()).filter(|_| !is_descriptor(path)) {
            self.problems.push(Problem::incomplete(
                path.display().to_string(),
                format!(
                    "is {what}, not a file, and may never end; pipe it in instead: `ndlog cluster - < {}`",
                    path.display()
                ),
            ));
            return;
        }
        let linked = fs::symlink_metadata(path).is_ok_and(|link| link.is_symlink());
        let candidate = Candidate { linked, walked, path: path.to_owned(), size: metadata.len() };
        self.files.entry((metadata.dev(), metadata.ino())).or_default().push(candidate);
    }

    fn finish(self) -> Found {
        let Self { stdin, files, mut problems } = self;
        let mut kept = Vec::new();
        for mut names in files.into_values() {
            names.sort();
            names.dedup_by(|one, other| one.path == other.path);
            let mut names = names.into_iter();
            let Some(first) = names.next() else { continue };
            problems.extend(names.map(|name| read_once(&name.path, &first.path)));
            kept.push(first);
        }
        let mut inputs: Vec<Input> = stdin.then(Input::stdin).into_iter().collect();
        let repeated = repeated(&kept);
        for Candidate { walked, path, .. } in kept {
            match walked {
                false => inputs.push(Input::file(&path)),
                true if repeated.contains(&path) => {
                    problems.push(github::remark(&path.display().to_string()))
                }
                true => inputs.push(Input::walked(&path)),
            }
        }
        inputs.sort_by(|a, b| a.name().cmp(b.name()));
        problems.sort_by(|a, b| (&a.source, &a.what).cmp(&(&b.source, &b.what)));
        problems.dedup();
        Found { inputs, problems }
    }
}

fn read_list(list: &Path) -> io::Result<Vec<PathBuf>> {
    let mut text = Vec::new();
    if list == Path::new("-") {
        io::stdin().lock().read_to_end(&mut text)?;
    } else {
        text = fs::read(list)?;
    }
    let lines = text.split(|&byte| byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    Ok(lines
        .filter(|line| !line.is_empty())
        .map(|line| PathBuf::from(std::ffi::OsString::from_vec(line.to_vec())))
        .collect())
}

/// Returns what `kind` is if reading it may wait or go on for ever.
fn endless(kind: FileType) -> Option<&'static str> {
    match () {
        () if kind.is_fifo() => Some("a FIFO"),
        () if kind.is_socket() => Some("a socket"),
        () if kind.is_char_device() => Some("a device"),
        () if kind.is_block_device() => Some("a block device"),
        () => None,
    }
}

/// Returns true for the names that a shell gives to `<(command)`.
fn is_descriptor(path: &Path) -> bool {
    path.starts_with("/dev/fd") || path.starts_with("/proc/self/fd")
}

pub(super) fn unreadable(path: &Path, error: &io::Error) -> Problem {
    let advice = match error.kind() {
        io::ErrorKind::NotFound if fs::symlink_metadata(path).is_ok() => {
            "the link points to nothing; mend or remove it"
        }
        io::ErrorKind::NotFound => "check the spelling, or whether it was moved",
        io::ErrorKind::PermissionDenied => "ask its owner for the right to read it",
        _ => "check that it is a readable file or folder",
    };
    Problem::incomplete(path.display().to_string(), format!("cannot be read: {error}; {advice}"))
}

fn not_walked(folder: &Path, error: &ignore::Error) -> Problem {
    match error {
        ignore::Error::WithDepth { err, .. } => not_walked(folder, err),
        ignore::Error::WithPath { path, err } => match err.io_error() {
            Some(error) => unreadable(path, error),
            None => not_walked(path, err),
        },
        ignore::Error::Loop { ancestor, child } => Problem::remark(
            child.display().to_string(),
            format!("links back to {}, a folder above it; not walked again", ancestor.display()),
        ),
        other => Problem::incomplete(folder.display().to_string(), format!("cannot be walked: {other}")),
    }
}

fn read_once(path: &Path, kept: &Path) -> Problem {
    Problem::remark(path.display().to_string(), format!("is the same file as {}; read once", kept.display()))
}

/// Returns which of the files say again what others of them say.
fn repeated(files: &[Candidate]) -> BTreeSet<PathBuf> {
    let sized = files.iter().filter_map(|file| Some((file.path.to_str()?.to_owned(), file.size)));
    github::repeated(sized).into_iter().map(PathBuf::from).collect()
}
