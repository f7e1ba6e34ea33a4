//! Walks folders: each folder once, whatever links lead to it, real names before names behind links.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::fs::{self, DirEntry, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::files::{Files, How};
use super::find::unreadable;
use super::names::other_than_log;
use crate::error::Problem;

/// Hidden entries that are named; the rest are counted.
const NAMED: usize = 3;

/// File systems that hold no files but the state of the kernel, some of whose files never end (statfs(2)):
/// proc, sysfs, devpts, debugfs, tracefs, cgroup, cgroup2, securityfs, bpf, configfs, mqueue, selinux, fusectl, pstore.
const OF_THE_KERNEL: [i128; 14] = [
    0x9fa0,
    0x6265_6572,
    0x1cd1,
    0x6462_6720,
    0x7472_6163,
    0x0027_e0eb,
    0x6367_7270,
    0x7363_6673,
    0xcafe_4a11,
    0x6265_6570,
    0x1980_0202,
    0xf97c_ff8c,
    0x6573_5543,
    0x6165_676c,
];

/// What was walked, over all folders that were asked for.
#[derive(Default)]
pub(super) struct Walk {
    /// Folders by device and inode, with the name under which they are read.
    seen: HashMap<(u64, u64), PathBuf>,
    /// Links to folders, to be followed when all real folders are known.
    links: VecDeque<PathBuf>,
}

/// One folder that was asked for, or one link to a folder.
struct Tree<'a> {
    root: &'a Path,
    how: How,
    files: &'a mut Files,
    problems: &'a mut Vec<Problem>,
    /// Files of each sort that were left out.
    left_out: BTreeMap<String, usize>,
    hidden: BTreeSet<String>,
    hidden_count: usize,
}

impl Walk {
    /// Walks a folder that was asked for. Links in it are kept for [`Walk::follow`].
    pub(super) fn folder(&mut self, root: &Path, files: &mut Files, problems: &mut Vec<Problem>) {
        match fs::metadata(root) {
            Ok(metadata) => self.tree(root, How::Walked, &metadata, files, problems),
            Err(error) => problems.push(unreadable(root, &error)),
        }
    }

    /// Follows the links to folders that were met, each to a folder that no other name leads to.
    pub(super) fn follow(&mut self, files: &mut Files, problems: &mut Vec<Problem>) {
        let mut links: Vec<PathBuf> = std::mem::take(&mut self.links).into();
        links.sort();
        self.links = links.into();
        while let Some(link) = self.links.pop_front() {
            match fs::metadata(&link) {
                Ok(metadata) => self.tree(&link, How::Through(link.clone()), &metadata, files, problems),
                Err(error) => problems.push(unreadable(&link, &error)),
            }
        }
    }

    fn tree(
        &mut self,
        root: &Path,
        how: How,
        metadata: &Metadata,
        files: &mut Files,
        problems: &mut Vec<Problem>,
    ) {
        if is_of_the_kernel(root) {
            return problems.push(of_the_kernel(root));
        }
        if let Some(known) = self.seen.get(&identity(metadata)) {
            return problems.extend((known != root).then(|| walked_before(root, known)));
        }
        self.seen.insert(identity(metadata), root.to_owned());
        let (left_out, hidden) = (BTreeMap::new(), BTreeSet::new());
        let mut tree = Tree { root, how, files, problems, left_out, hidden, hidden_count: 0 };
        let mut folders = vec![root.to_owned()];
        while let Some(folder) = folders.pop() {
            match entries(&folder) {
                Ok(entries) => entries.iter().for_each(|entry| self.entry(entry, &mut folders, &mut tree)),
                Err(error) => tree.problems.push(unreadable(&folder, &error)),
            }
        }
        tree.tell_left_out();
    }

    fn entry(&mut self, entry: &DirEntry, folders: &mut Vec<PathBuf>, tree: &mut Tree<'_>) {
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            return tree.hide(entry);
        }
        let path = entry.path();
        // Asked of what a link leads to.
        let metadata = match fs::metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) => return tree.problems.push(unreadable(&path, &error)),
        };
        let is_link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
        match (metadata.is_dir(), is_link) {
            (true, true) => self.links.push_back(path),
            (true, false) => {
                // A folder that is mounted twice is one.
                if self.seen.insert(identity(&metadata), path.clone()).is_none() {
                    folders.push(path);
                }
            }
            (false, true) if is_of_the_kernel(&path) => tree.problems.push(of_the_kernel(&path)),
            (false, _) => tree.file(&path, &metadata),
        }
    }
}

impl Tree<'_> {
    fn file(&mut self, path: &Path, metadata: &Metadata) {
        match other_than_log(path) {
            Some(sort) => *self.left_out.entry(format!(".{sort}")).or_default() += 1,
            None => self.files.add(path, metadata, self.how.clone()),
        }
    }

    fn hide(&mut self, entry: &DirEntry) {
        self.hidden_count += 1;
        if self.hidden.len() < NAMED {
            self.hidden.insert(entry.file_name().to_string_lossy().into_owned());
        }
    }

    fn tell_left_out(self) {
        let name = self.root.display().to_string();
        let count: usize = self.left_out.values().sum();
        if count > 0 {
            let sorts: Vec<String> =
                self.left_out.iter().map(|(sort, count)| format!("{count} {sort}")).collect();
            let what = format!(
                "{count} files that are by their names no logs were left out ({}); name them to have them read",
                sorts.join(", ")
            );
            self.problems.push(Problem::remark(&name, what));
        }
        if self.hidden_count > 0 {
            self.problems.push(hidden(&name, self.hidden_count, self.hidden.iter().map(String::as_str)));
        }
    }
}

/// Returns the remark on hidden files of a folder or hidden members of an archive.
pub(super) fn hidden<'a>(name: &str, count: usize, some: impl Iterator<Item = &'a str>) -> Problem {
    let mut some: Vec<&str> = some.take(NAMED).collect();
    if count > some.len() {
        some.push("…");
    }
    let some = some.join(", ");
    let what = format!("{count} hidden files or folders were left out ({some}); name them to have them read");
    Problem::remark(name, what)
}

/// Returns true if and only if a path leads to the state of the kernel, whatever links it goes through.
fn is_of_the_kernel(path: &Path) -> bool {
    rustix::fs::statfs(path)
        .is_ok_and(|system| OF_THE_KERNEL.contains(&(system.f_type as i128 & 0xffff_ffff)))
}

fn of_the_kernel(path: &Path) -> Problem {
    let what =
        "leads to the kernel's own files, some of which never end; not read, copy what is meant".to_owned();
    Problem::incomplete(path.display().to_string(), what)
}

fn walked_before(path: &Path, known: &Path) -> Problem {
    let above = fs::canonicalize(known)
        .and_then(|known| Ok(fs::canonicalize(path.parent().unwrap_or(path))?.starts_with(known)))
        .unwrap_or(false);
    let what = match above {
        true => format!("links back to {}, a folder above it; not walked again", known.display()),
        false => format!("links to a folder that is read under its own name, {}", known.display()),
    };
    Problem::remark(path.display().to_string(), what)
}

fn identity(metadata: &Metadata) -> (u64, u64) {
    (metadata.dev(), metadata.ino())
}

/// Returns the entries of a folder in the order of their names.
fn entries(folder: &Path) -> io::Result<Vec<DirEntry>> {
    let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<DirEntry>>>()?;
    entries.sort_by_key(DirEntry::file_name);
    Ok(entries)
}
