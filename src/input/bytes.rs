//! The bytes of one source, in memory or mapped from a file.

use std::fmt;
use std::fs::File;
use std::io;
use std::ops::Deref;

use memmap2::{Advice, Mmap};

/// The bytes of one source. Cheap to move, and read through a slice.
pub struct Bytes(Storage);

enum Storage {
    Owned(Vec<u8>),
    Mapped(Mmap),
}

impl Bytes {
    /// Maps the whole of `file`.
    ///
    /// The caller sees to it that nobody shortens the file meanwhile: the operating system kills
    /// a process that reads a page that is gone.
    ///
    /// # Errors
    /// Fails where the file cannot be mapped, such as a pipe or an address space that is full.
    pub(super) fn map(file: &File) -> io::Result<Self> {
        // SAFETY: the bytes are only read, and files that may still be written are never mapped.
        #[expect(unsafe_code, reason = "a memory map cannot be made otherwise")]
        let map = unsafe { Mmap::map(file)? };
        // Read-ahead is a hint: a kernel that refuses it changes nothing but speed.
        map.advise(Advice::Sequential).ok();
        Ok(Self(Storage::Mapped(map)))
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
            Storage::Mapped(map) => map,
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
