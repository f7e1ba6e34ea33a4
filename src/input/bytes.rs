//! The bytes of one source, in memory or mapped from a file.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::ops::{Deref, Range};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::mapping::Mapping;

/// Files up to this size are read: a copy in memory is quick, and nobody can change it. Longer ones are mapped, so
/// that memory does not grow with them.
const READ_UP_TO: u64 = 16 << 20;

/// The bytes of one source. Cheap to move, and read through a slice.
pub struct Bytes(Storage);

enum Storage {
    Owned(Vec<u8>),
    Mapped(Mapping),
}

/// Tells, after a source was read, whether its file became shorter meanwhile.
pub(super) struct Watch {
    torn: Option<Arc<AtomicBool>>,
    /// How long the file was when it was opened.
    expected: u64,
}

impl Bytes {
    /// Takes the whole of `file`, which is `length` bytes long.
    ///
    /// # Errors
    /// Fails where the file cannot be read.
    pub(super) fn of_file(file: &mut File, length: u64) -> io::Result<Self> {
        if length > READ_UP_TO
            && let Ok(mapping) = Mapping::new(file)
        {
            return Ok(Self(Storage::Mapped(mapping)));
        }
        let mut bytes = Vec::new();
        let expected = usize::try_from(length).unwrap_or(usize::MAX);
        // A file without end would be one that grows while it is read: the length at the beginning counts.
        bytes.try_reserve_exact(expected).map_err(|_| io::ErrorKind::OutOfMemory)?;
        file.take(length).read_to_end(&mut bytes)?;
        Ok(Self::from(bytes))
    }

    /// Maps `file`, which nobody else can reach.
    ///
    /// # Errors
    /// As [`Mapping::new`].
    pub(super) fn of_temporary(file: &File) -> io::Result<Self> {
        Ok(Self(Storage::Mapped(Mapping::new(file)?)))
    }

    /// Gives the memory of a range back that was read and is not needed soon. The bytes stay readable; of bytes
    /// that are no file's, nothing is given back.
    pub fn release(&self, range: Range<usize>) {
        if let Storage::Mapped(mapping) = &self.0 {
            mapping.release(range);
        }
    }

    pub(super) fn watch(&self, expected: u64) -> Watch {
        let torn = match &self.0 {
            Storage::Owned(_) => None,
            Storage::Mapped(mapping) => Some(mapping.torn()),
        };
        Watch { torn, expected }
    }
}

impl Watch {
    /// Returns the length of a file that became shorter than it was when it was opened.
    pub(super) fn shortened(&self, file: &File) -> Option<u64> {
        let length = file.metadata().map_or(self.expected, |metadata| metadata.len());
        let torn = self.torn.as_ref().is_some_and(|torn| torn.load(Ordering::SeqCst));
        (torn || length < self.expected).then_some(length.min(self.expected))
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Storage::Owned(bytes))
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.0 {
            Storage::Owned(bytes) => bytes,
            Storage::Mapped(mapping) => mapping.bytes(),
        }
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = match self.0 {
            Storage::Owned(_) => "owned",
            Storage::Mapped(_) => "mapped",
        };
        write!(f, "Bytes({} {how})", self.len())
    }
}
