//! Finds what there is to read: walks folders and keeps each file once.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Read};
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use super::Input;
use super::files::{Files, How};
use super::names::other_than_log;
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
    files: Files,
    problems: Vec<Problem>,
    /// How many files of each sort the walk of one folder left out.
    left_out: BTreeMap<&'static str, usize>,
}

impl Search {
    fn path(&mut self, path: &Path) {
        if path == Path::new("-") {
            self.stdin = true;
            return;
        }
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => self.walk(path),
            Ok(metadata) => self.files.add(path, &metadata, How::Named),
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
        // The folders on the way to an entry come before it, so their links are known by then.
        let mut links: Vec<PathBuf> = Vec::new();
        for entry in builder.build() {
            match entry {
                Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_dir()) => {
                    if entry.depth() > 0 && entry.path_is_symlink() {
                        links.push(entry.into_path());
                    }
                }
                Ok(entry) => self.walked(entry.path(), &links),
                Err(error) => self.problems.push(not_walked(folder, &error)),
            }
        }
        self.tell_left_out(folder);
    }

    fn tell_left_out(&mut self, folder: &Path) {
        let left_out = std::mem::take(&mut self.left_out);
        let count: usize = left_out.values().sum();
        if count > 0 {
            let sorts: Vec<String> =
                left_out.iter().map(|(sort, count)| format!("{count} .{sort}")).collect();
            let what = format!(
                "{count} files that are by their names no logs were left out ({}); name them to have them read",
                sorts.join(", ")
            );
            self.problems.push(Problem::remark(folder.display().to_string(), what));
        }
    }

    fn walked(&mut self, path: &Path, links: &[PathBuf]) {
        if let Some(sort) = other_than_log(path) {
            *self.left_out.entry(sort).or_default() += 1;
            return;
        }
        let through = links.iter().find(|link| path.starts_with(link)).cloned();
        match fs::metadata(path) {
            Ok(metadata) => self.files.add(path, &metadata, through.map_or(How::Walked, How::Through)),
            Err(error) => self.problems.push(unreadable(path, &error)),
        }
    }

    fn finish(self) -> Found {
        let Self { stdin, files, mut problems, .. } = self;
        let mut inputs: Vec<Input> = stdin.then(Input::stdin).into_iter().collect();
        files.finish(&mut inputs, &mut problems);
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
        .map(|line| PathBuf::from(OsString::from_vec(line.to_vec())))
        .collect())
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
    // The walk wraps the system's error in one that repeats the path.
    let wrapped = error.get_ref().and_then(|walk| walk.source()).map(ToString::to_string);
    let error = wrapped.unwrap_or_else(|| error.to_string());
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
