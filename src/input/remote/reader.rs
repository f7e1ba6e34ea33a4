//! One object as a stream of bytes, fetched range by range.

use std::io::{self, Read};

use super::place::Place;

/// Bytes of one request: long enough that the wait for an answer is a small part of it, short enough to be kept for
/// each of many objects at a time.
const RANGE: u64 = 8 << 20;

/// Reads an object from its beginning to the length that it had when it was opened.
pub(super) struct Ranges {
    place: Place,
    length: u64,
    /// Where the next range begins.
    next: u64,
    range: io::Cursor<Vec<u8>>,
}

impl Ranges {
    pub(super) fn of(place: Place) -> io::Result<Self> {
        let length = place.length()?;
        Ok(Self { place, length, next: 0, range: io::Cursor::default() })
    }
}

impl Read for Ranges {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.range.read(buffer)?;
        if length > 0 || buffer.is_empty() || self.next >= self.length {
            return Ok(length);
        }
        let end = self.length.min(self.next + RANGE);
        self.range = io::Cursor::new(self.place.read(self.next..end)?);
        self.next = end;
        self.range.read(buffer)
    }
}
