//! How a log gets its place: its hash on the way, a harmless name, and nothing overwritten.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result};
use xxhash_rust::xxh3::Xxh3;

use super::write::explained;
use crate::whole_file::WholeFile;

/// Returns the hash of a file's content.
pub fn hash_of(content: File) -> Result<u128> {
    Ok(copy(content, &mut io::sink())?.0)
}

/// Copies all bytes; returns their hash and their number.
pub fn copy(mut from: impl Read, to: &mut impl Write) -> Result<(u128, u64)> {
    let mut hash = Xxh3::new();
    let mut buffer = vec![0; 1 << 16];
    let mut total = 0;
    loop {
        let length = match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => length,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error.into()),
        };
        let piece = buffer.get(..length).unwrap_or_default();
        hash.update(piece);
        to.write_all(piece).map_err(explained)?;
        total += length as u64;
    }
    to.flush().map_err(explained)?;
    Ok((hash.digest128(), total))
}

/// Gives the finished file its name. Where other content has that name the hash is added to it.
pub fn settle(mut file: WholeFile, target: &Path, hash: u128) -> Result<PathBuf> {
    let mut keep = |path: &Path| file.keep_as_new(path);
    let other = match keep(target) {
        Ok(()) => return Ok(target.to_path_buf()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => hashed(target, hash),
        Err(error) => return Err(explained(error)).context(format!("cannot write {}", target.display())),
    };
    keep(&other).map_err(explained).with_context(|| format!("cannot write {}", other.display()))?;
    Ok(other)
}

/// Returns the path with eight hex digits before its extension: `run-1f2e3d4c.log`.
fn hashed(path: &Path, hash: u128) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let extension = path.extension().map_or_else(String::new, |e| format!(".{}", e.to_string_lossy()));
    path.with_file_name(format!("{stem}-{:08x}{extension}", hash >> 96))
}

/// Returns the name with only plain parts, and in each part no character that a terminal obeys.
pub fn safe(name: &Path) -> PathBuf {
    let part = |component| match component {
        Component::Normal(part) => Some(
            part.to_string_lossy()
                .replace(|c: char| c.is_control() || c == '\u{fffd}' || c == '\u{202e}', "_"),
        ),
        _ => None,
    };
    let path: PathBuf = name.components().filter_map(part).collect();
    if path.as_os_str().is_empty() { PathBuf::from("log") } else { path }
}
