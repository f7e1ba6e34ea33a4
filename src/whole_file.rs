//! A file that is there whole or not at all.

use std::fs::{self, File, Permissions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::TempPath;

/// A file that is being written. It vanishes unless it is kept.
#[derive(Debug)]
pub struct WholeFile {
    out: BufWriter<File>,
    /// Where the file system only has files with names: what to remove if it is not kept.
    named: Option<TempPath>,
    path: PathBuf,
}

/// What unfinished files are called, where they have a name.
const PREFIX: &str = ".ndlog-";

impl WholeFile {
    /// Starts a file that will stand at `path`, or where a link there leads; what stands there stays until then.
    ///
    /// # Errors
    /// If its folder cannot be written.
    pub fn beside(path: &Path) -> io::Result<Self> {
        Self::at(&fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()))
    }

    /// As [`WholeFile::beside`], but takes the place of a link.
    ///
    /// # Errors
    /// If its folder cannot be written.
    pub fn at(path: &Path) -> io::Result<Self> {
        Self::within(folder_of(path), path)
    }

    /// Starts a file in `folder` that will stand at `path`, on the same disk.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn within(folder: &Path, path: &Path) -> io::Result<Self> {
        let path = path.to_owned();
        match nameless::create(folder) {
            Ok(file) => Ok(Self { out: BufWriter::new(file), named: None, path }),
            Err(_) => {
                let (file, name) = builder().tempfile_in(folder)?.into_parts();
                Ok(Self { out: BufWriter::new(file), named: Some(name), path })
            }
        }
    }

    /// Returns another handle to the file, to write past this one.
    ///
    /// # Errors
    /// If the system has no more handles.
    pub fn handle(&self) -> io::Result<File> {
        self.out.get_ref().try_clone()
    }

    /// Gives the file the permissions of the one that stands in its place, if one does.
    ///
    /// # Errors
    /// If they cannot be set.
    pub fn with_permissions_of_the_old(self) -> io::Result<Self> {
        if let Ok(metadata) = self.path.metadata() {
            self.out.get_ref().set_permissions(metadata.permissions())?;
        }
        Ok(self)
    }

    /// Puts the file in its place: a reader sees the old one or the new one.
    ///
    /// # Errors
    /// If the disk is full, or the folder is gone.
    pub fn keep(mut self) -> io::Result<()> {
        self.out.flush()?;
        self.out.get_ref().sync_all()?;
        self.keep_unsynced()
    }

    /// As [`WholeFile::keep`], but does not wait for the disk: enough for what is checked and can be made again.
    ///
    /// # Errors
    /// As [`WholeFile::keep`].
    pub fn keep_unsynced(mut self) -> io::Result<()> {
        self.out.flush()?;
        let path = self.path.clone();
        match self.named.take() {
            Some(name) => Ok(name.persist(path)?),
            None => match nameless::name(self.out.get_ref(), &path) {
                // A link replaces nothing: the file gets a name of its own for the moment that a renaming takes.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                    let name = |name: &Path| nameless::name(self.out.get_ref(), name);
                    let (_, name) = builder().make_in(folder_of(&path), name)?.into_parts();
                    Ok(name.persist(path)?)
                }
                named => named,
            },
        }
    }

    /// Puts the file where nothing stands yet, at a path on the same disk.
    ///
    /// # Errors
    /// [`ErrorKind::AlreadyExists`] if something stands there: the file can then be put elsewhere.
    pub fn keep_as_new(&mut self, path: &Path) -> io::Result<()> {
        self.out.flush()?;
        match self.named.take() {
            Some(name) => name.persist_noclobber(path).map_err(|refused| {
                self.named = Some(refused.path);
                refused.error
            }),
            None => nameless::name(self.out.get_ref(), path),
        }
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn builder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).permissions(Permissions::from_mode(0o666));
    builder
}

/// Files without a name until they are finished: whoever is killed leaves nothing behind.
#[cfg(target_os = "linux")]
mod nameless {
    use std::fs::{File, OpenOptions};
    use std::io;
    use std::os::fd::AsRawFd;
    use std::os::unix::fs::OpenOptionsExt;
    use std::path::Path;

    use rustix::fs::{AtFlags, CWD, linkat};

    pub fn create(folder: &Path) -> io::Result<File> {
        OpenOptions::new().read(true).write(true).mode(0o666).custom_flags(libc::O_TMPFILE).open(folder)
    }

    pub fn name(file: &File, path: &Path) -> io::Result<()> {
        let own = format!("/proc/self/fd/{}", file.as_raw_fd());
        Ok(linkat(CWD, own.as_str(), CWD, path, AtFlags::SYMLINK_FOLLOW)?)
    }
}

#[cfg(not(target_os = "linux"))]
mod nameless {
    use std::fs::File;
    use std::io;
    use std::path::Path;

    pub fn create(_folder: &Path) -> io::Result<File> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub fn name(_file: &File, _path: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_there_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.ndpart");
        let names = || fs::read_dir(folder.path()).unwrap().count();
        let mut dropped = WholeFile::beside(&path).unwrap();
        dropped.write_all(b"half").unwrap();
        drop(dropped);
        assert_eq!(names(), 0, "what is not kept leaves nothing");
        for text in ["one", "two"] {
            let mut file = WholeFile::beside(&path).unwrap();
            file.write_all(text.as_bytes()).unwrap();
            file.keep().unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        assert_eq!(names(), 1);
        assert!(WholeFile::beside(&folder.path().join("none/a")).is_err());
    }

    #[test]
    fn what_stands_there_is_not_overwritten_by_what_must_be_new() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("a"), "old").unwrap();
        let file = |named: bool| {
            let mut file = WholeFile::beside(&path("a")).unwrap();
            if named {
                let (inner, name) = builder().tempfile_in(folder.path()).unwrap().into_parts();
                (file.out, file.named) = (BufWriter::new(inner), Some(name));
            }
            file.write_all(b"new").unwrap();
            file
        };
        for (named, other) in [(false, "b"), (true, "c")] {
            let mut file = file(named);
            assert_eq!(file.keep_as_new(&path("a")).unwrap_err().kind(), ErrorKind::AlreadyExists);
            file.keep_as_new(&path(other)).unwrap();
            drop(file);
            let held = |name| fs::read_to_string(path(name)).unwrap();
            assert_eq!((held("a"), held(other)), ("old".to_owned(), "new".to_owned()));
        }
        file(true).keep().unwrap();
        assert_eq!(fs::read_to_string(path("a")).unwrap(), "new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3, "nothing else is left");
    }
}
