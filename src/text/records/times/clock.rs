//! Times of day without a date: `10:14:52`, `10:14:52.056`.

use super::super::scan;
use super::Dialect;
use super::stamp::{Basis, SECOND, Stamp, fraction};

/// Reads `HH:MM:SS` with an optional fraction at the front.
pub fn of_day(bytes: &[u8]) -> Option<Stamp> {
    let (nanos, length) = hours(bytes, b".,")?;
    ends(bytes, length).then_some(Stamp {
        nanos,
        basis: Basis::TimeOfDay,
        dialect: Dialect::TimeOfDay,
        length,
    })
}

/// Reads `HH:MM:SS` and the fraction that one of `marks` begins: nanoseconds since midnight and
/// length.
pub fn hours(bytes: &[u8], marks: &[u8]) -> Option<(i64, usize)> {
    let form: &[u8; 8] = bytes.first_chunk()?;
    if form[2] != b':' || form[5] != b':' {
        return None;
    }
    let (hour, minute, second) =
        (scan::fixed(form, 0, 2)?, scan::fixed(form, 3, 2)?, scan::fixed(form, 6, 2)?);
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let (nanos, length) = fraction(bytes.get(8..)?, marks);
    Some((((hour * 60 + minute) * 60 + second) * SECOND + nanos, 8 + length))
}

/// Returns true if and only if a time may end at `length`: neither in a word, nor in a longer
/// number with colons such as a hardware address.
pub fn ends(bytes: &[u8], length: usize) -> bool {
    match bytes.get(length) {
        Some(b':' | b'.' | b'-' | b',') => !bytes.get(length + 1).is_some_and(u8::is_ascii_alphanumeric),
        next => scan::ends_word(next),
    }
}
