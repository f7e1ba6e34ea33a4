//! Keeps a stream of unknown length: in memory while short, in an unlinked temporary file after.

use std::io::{self, Read, Write};

use tempfile::{SpooledData, SpooledTempFile, spooled_tempfile};

use super::Bytes;

const CHUNK: usize = 64 << 10;

/// What a stream gave.
pub(super) struct Spooled {
    /// Everything that was read.
    pub(super) bytes: Bytes,
    /// Why reading stopped before the end, where it did.
    pub(super) stopped: Option<io::Error>,
}

/// Reads `reader` to its end or its first error. At most about `memory_bytes` stay in memory.
pub(super) fn spool(reader: &mut dyn Read, memory_bytes: usize) -> Spooled {
    let mut store = spooled_tempfile(memory_bytes);
    let stopped = copy(reader, &mut store).err();
    match into_bytes(store) {
        Ok(bytes) => Spooled { bytes, stopped },
        Err(error) => Spooled { bytes: Bytes::from(Vec::new()), stopped: Some(stopped.unwrap_or(error)) },
    }
}

fn copy(reader: &mut dyn Read, store: &mut SpooledTempFile) -> io::Result<()> {
    let mut chunk = vec![0; CHUNK];
    loop {
        let length = match reader.read(&mut chunk) {
            Ok(0) => return Ok(()),
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        store.write_all(chunk.get(..length).unwrap_or_default()).map_err(cannot_store)?;
    }
}

fn cannot_store(error: io::Error) -> io::Error {
    let folder = std::env::temp_dir();
    let text = format!("no room for it in {}: {error}; point TMPDIR to a larger disk", folder.display());
    io::Error::new(error.kind(), text)
}

fn into_bytes(mut store: SpooledTempFile) -> io::Result<Bytes> {
    store.flush()?;
    match store.into_inner() {
        SpooledData::InMemory(cursor) => Ok(Bytes::from(cursor.into_inner())),
        SpooledData::OnDisk(file) => Bytes::of_temporary(&file),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_stream_goes_to_a_file_and_stays_the_same() {
        let long: Vec<u8> = (0..300_000_u32).flat_map(u32::to_le_bytes).collect();
        for memory_bytes in [0, 1000, long.len() * 2] {
            let spooled = spool(&mut long.as_slice(), memory_bytes);
            assert!(spooled.stopped.is_none());
            assert_eq!(&*spooled.bytes, long.as_slice());
        }
    }

    #[test]
    fn an_error_keeps_what_came_before_it() {
        struct Failing;
        impl Read for Failing {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("the disk is gone"))
            }
        }
        let spooled = spool(&mut b"before".chain(Failing), 10);
        assert_eq!(&*spooled.bytes, b"before");
        assert_eq!(spooled.stopped.unwrap().to_string(), "the disk is gone");
    }
}
