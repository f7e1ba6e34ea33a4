//! Carriage returns as the only ends of lines, as old Mac programs and some serial consoles write them.

use std::io::{self, Read};

use crate::error::Problem;

/// Carriage returns from which on they are taken for ends of lines; a short progress bar has fewer.
const ENOUGH: usize = 20;

/// Returns true if and only if `bytes` have no newline and so many carriage returns that these must end its lines.
pub(super) fn end_lines(bytes: &[u8]) -> bool {
    memchr::memchr(b'\n', bytes).is_none() && memchr::memchr_iter(b'\r', bytes).nth(ENOUGH - 1).is_some()
}

/// Returns the remark that goes with a converted source.
pub(super) fn remark(name: &str) -> Problem {
    Problem::remark(name, "its lines end in carriage returns alone, which are read as newlines")
}

/// Reads carriage returns as newlines; every offset stays true.
pub(super) struct ToNewlines<'a>(pub(super) &'a [u8]);

impl Read for ToNewlines<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.0.read(buffer)?;
        for byte in buffer.iter_mut().take(length).filter(|byte| **byte == b'\r') {
            *byte = b'\n';
        }
        Ok(length)
    }
}
