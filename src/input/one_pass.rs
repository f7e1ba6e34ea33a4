//! Reads the bytes of a source once, from front to back, and gives back the memory of what is behind.

use std::io::{self, BufRead, Read};

use super::Bytes;

/// Bytes that are given back at a time; a multiple of any page.
const STEP: usize = 16 << 20;

/// A reader of all bytes of a source.
pub(super) struct OnePass<'b> {
    bytes: &'b Bytes,
    at: usize,
    /// All before it were given back.
    released: usize,
}

impl<'b> OnePass<'b> {
    pub(super) fn new(bytes: &'b Bytes) -> Self {
        Self { bytes, at: 0, released: 0 }
    }
}

impl Read for OnePass<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.fill_buf()?.read(buffer)?;
        self.consume(length);
        Ok(length)
    }
}

impl BufRead for OnePass<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        Ok(self.bytes.get(self.at..).unwrap_or_default())
    }

    fn consume(&mut self, length: usize) {
        self.at = self.at.saturating_add(length).min(self.bytes.len());
        while let Some(end) = self.released.checked_add(STEP).filter(|end| *end <= self.at) {
            self.bytes.release(self.released..end);
            self.released = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn all_bytes_are_read_once_and_stay_readable() {
        let text: Vec<u8> = (0..(2 * STEP + 5) as u32 / 4 + 1).flat_map(u32::to_le_bytes).collect();
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&text).unwrap();
        for bytes in [Bytes::of_temporary(&file).unwrap(), Bytes::from(text.clone())] {
            let (mut reader, mut read) = (OnePass::new(&bytes), Vec::new());
            reader.read_to_end(&mut read).unwrap();
            assert!(read == text && *bytes == *text);
            assert_eq!((reader.released, reader.read(&mut [0]).unwrap()), (2 * STEP, 0));
        }
    }
}
