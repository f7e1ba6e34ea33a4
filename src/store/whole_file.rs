//! A file that is there whole or not at all.

use std::fs::{self, Permissions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A file that is being written. It vanishes unless it is kept.
#[derive(Debug)]
pub struct WholeFile {
    out: BufWriter<NamedTempFile>,
    path: PathBuf,
}

impl WholeFile {
    /// Starts a file that will stand at `path`; what stands there stays until then.
    ///
    /// # Errors
    /// If its folder cannot be written.
    pub fn beside(path: &Path) -> io::Result<Self> {
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Self::within(folder, &path)
    }

    /// Starts a file in `folder` that will stand at `path`, on the same disk.
    pub(super) fn within(folder: &Path, path: &Path) -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".ndlog-").permissions(Permissions::from_mode(0o666));
        Ok(Self { out: BufWriter::new(builder.tempfile_in(folder)?), path: path.to_owned() })
    }

    /// Puts the file in its place: a reader sees the old one or the new one.
    ///
    /// # Errors
    /// If the disk is full, or the folder is gone.
    pub fn keep(mut self) -> io::Result<()> {
        self.out.flush()?;
        self.out.get_ref().as_file().sync_all()?;
        self.keep_unsynced()
    }

    /// As [`WholeFile::keep`], but does not wait for the disk: enough for what is checked and can be made again.
    pub(super) fn keep_unsynced(self) -> io::Result<()> {
        let file = self.out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.persist(&self.path)?;
        Ok(())
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
}
