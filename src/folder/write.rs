//! Writing a file whole or not at all, with an error that names the next step.

use std::io::{self, ErrorKind, Write};
use std::path::Path;

use anyhow::{Context, Result, anyhow};

use crate::whole_file::WholeFile;

/// Replaces the file at `path` by `bytes`: a reader sees the old file or the new one. The old
/// file's permissions stay.
///
/// # Errors
/// If the folder cannot be written or the disk is full; the old file is then untouched.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let attempt = || -> io::Result<()> {
        let mut file = WholeFile::at(path)?.with_permissions_of_the_old()?;
        file.write_all(bytes)?;
        file.keep()
    };
    attempt().map_err(explained).with_context(|| format!("cannot write {}", path.display()))
}

/// Returns the error with what a person can do about it, where that is known.
pub(super) fn explained(error: io::Error) -> anyhow::Error {
    let next = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "make room; nothing was left half written",
        ErrorKind::PermissionDenied => "give yourself the right to write there",
        ErrorKind::ReadOnlyFilesystem => "the file system is read-only; use another folder",
        ErrorKind::FileTooLarge => "the limit on file sizes (ulimit -f) is too low",
        _ => return error.into(),
    };
    anyhow!("{error}: {next}")
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_file_is_replaced_and_keeps_its_permissions() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run_test.sh");
        write_whole(&path, b"one").unwrap();
        std::fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
        write_whole(&path, b"two").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o755);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing temporary is left");
    }

    #[test]
    fn a_full_disk_and_a_missing_right_are_told_with_the_next_step() {
        for (kind, said) in [
            (ErrorKind::StorageFull, "make room"),
            (ErrorKind::PermissionDenied, "right to write"),
            (ErrorKind::ReadOnlyFilesystem, "another folder"),
        ] {
            assert!(explained(io::Error::from(kind)).to_string().contains(said));
        }
    }
}
