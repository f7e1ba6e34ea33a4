//! The files that were found, each once, whatever its names.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, FileType, Metadata};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

use super::{Input, github};
use crate::error::Problem;

/// How a name of a file was met. Of many names the first in this order is kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum How {
    /// The user gave it.
    Named,
    /// It lay in a folder.
    Walked,
    /// It lay behind this link to a folder.
    Through(PathBuf),
}

/// Files by their identity: device and inode.
#[derive(Default)]
pub(super) struct Files(BTreeMap<(u64, u64), File>);

struct File {
    kind: FileType,
    size: u64,
    names: BTreeSet<Name>,
}

/// One name of a file. The least one is kept: links come last.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Name {
    is_link: bool,
    how: How,
    path: PathBuf,
}

impl Files {
    /// Notes one more name of a file.
    pub(super) fn add(&mut self, path: &Path, metadata: &Metadata, how: How) {
        let is_link =
            matches!(how, How::Through(_)) || fs::symlink_metadata(path).is_ok_and(|link| link.is_symlink());
        let file = self.0.entry((metadata.dev(), metadata.ino())).or_insert_with(|| File {
            kind: metadata.file_type(),
            size: metadata.len(),
            names: BTreeSet::new(),
        });
        file.names.insert(Name { is_link, how, path: path.to_owned() });
    }

    /// Adds what there is to read, and says what is left out and why.
    pub(super) fn finish(self, inputs: &mut Vec<Input>, problems: &mut Vec<Problem>) {
        let mut behind_links: BTreeMap<PathBuf, u64> = BTreeMap::new();
        let mut kept = Vec::new();
        for File { kind, size, mut names } in self.0.into_values() {
            let Some(first) = names.pop_first() else { continue };
            for name in names.into_iter().filter(|name| name.path != first.path) {
                match name.how {
                    How::Through(link) => *behind_links.entry(link).or_default() += 1,
                    _ => problems.push(read_once(&name.path, &first.path)),
                }
            }
            match endless(kind).filter(|_| !is_descriptor(&first.path)) {
                Some(what) => problems.push(not_opened(&first.path, what)),
                None => kept.push((first, size)),
            }
        }
        problems.extend(behind_links.iter().map(|(link, count)| read_before(link, *count)));
        add_inputs(kept, inputs, problems);
    }
}

fn add_inputs(kept: Vec<(Name, u64)>, inputs: &mut Vec<Input>, problems: &mut Vec<Problem>) {
    let sized = kept.iter().filter_map(|(name, size)| Some((name.path.to_str()?.to_owned(), *size)));
    let repeated: BTreeSet<PathBuf> = github::repeated(sized).into_iter().map(PathBuf::from).collect();
    for (Name { how, path, .. }, _) in kept {
        match how {
            How::Named => inputs.push(Input::file(&path)),
            _ if repeated.contains(&path) => problems.push(github::remark(&path.display().to_string())),
            _ => inputs.push(Input::walked(&path)),
        }
    }
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

/// Returns true for standard input by its path, and for the names that a shell gives to
/// `<(command)`.
pub(super) fn is_descriptor(path: &Path) -> bool {
    ["/dev/stdin", "/dev/fd", "/proc/self/fd"].iter().any(|folder| path.starts_with(folder))
}

fn not_opened(path: &Path, what: &str) -> Problem {
    let path = path.display().to_string();
    let what =
        format!("is {what}, not a file, and may never end; pipe it in instead: `ndlog cluster - < {path}`");
    Problem::incomplete(path, what)
}

fn read_once(path: &Path, kept: &Path) -> Problem {
    Problem::remark(path.display().to_string(), format!("is the same file as {}; read once", kept.display()))
}

fn read_before(link: &Path, count: u64) -> Problem {
    let what = format!("links to a folder whose files ({count}) are read under their own names");
    Problem::remark(link.display().to_string(), what)
}
