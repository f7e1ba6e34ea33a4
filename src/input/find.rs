//! Finds what there is to read: walks folders and keeps each file once.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Read};
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use super::Input;
use super::files::{Files, How};
use super::remote;
use super::walk::Walk;
use crate::error::Problem;

/// What the user asked to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// Files, folders, addresses of objects, and `-` for standard input.
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
/// Hidden files and folders, and what is by its name no log, are left out of walks, and read where
/// they are named.
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

#[derive(Default)]
struct Search {
    stdin: bool,
    /// Objects of stores.
    remote: Vec<Input>,
    files: Files,
    problems: Vec<Problem>,
    walk: Walk,
}

impl Search {
    fn path(&mut self, path: &Path) {
        if path == Path::new("-") {
            self.stdin = true;
            return;
        }
        if let Some(address) = address(path) {
            return self.address(address);
        }
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => self.walk.folder(path, &mut self.files, &mut self.problems),
            Ok(metadata) => self.files.add(path, &metadata, How::Named),
            Err(error) => self.problems.push(unreadable(path, &error)),
        }
    }

    fn address(&mut self, address: &str) {
        match remote::list(address) {
            Ok(found) => self.remote.extend(found.into_iter().map(|object| {
                let named = object == address;
                Input::remote(object, named)
            })),
            Err(error) => self.problems.push(cannot_be_read(address, &error)),
        }
    }

    fn list(&mut self, list: &Path) {
        match read_list(list) {
            Ok(paths) => paths.iter().for_each(|path| self.path(path)),
            Err(error) => self.problems.push(unreadable(list, &error)),
        }
    }

    fn finish(mut self) -> Found {
        self.walk.follow(&mut self.files, &mut self.problems);
        let Self { stdin, remote, files, mut problems, .. } = self;
        let mut inputs: Vec<Input> = stdin.then(Input::stdin).into_iter().chain(remote).collect();
        files.finish(&mut inputs, &mut problems);
        inputs.sort_by(|a, b| a.name().cmp(b.name()));
        inputs.dedup();
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
        .map(|line| PathBuf::from(OsString::from_vec(line.to_vec())))
        .collect())
}

/// Returns the address that `path` is, if it is one.
fn address(path: &Path) -> Option<&str> {
    const SCHEMES: [&str; 7] = ["s3://", "s3a://", "gs://", "az://", "abfs://", "https://", "http://"];
    path.to_str().filter(|path| SCHEMES.iter().any(|scheme| path.starts_with(scheme)))
}

pub(super) fn cannot_be_read(address: &str, error: &io::Error) -> Problem {
    Problem::incomplete(address, format!("cannot be read: {error}"))
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
