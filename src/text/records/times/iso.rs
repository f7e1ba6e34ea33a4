//! `2026-11-22T10:14:52.056Z` and its relatives: year first, all in digits.

use super::super::scan;
use super::Dialect;
use super::civil::Civil;
use super::clock;
use super::stamp::{Basis, SECOND, Stamp};

/// How many bytes GitHub's prefix takes without the blank after it.
pub const GITHUB_LENGTH: usize = 28;

/// Reads exactly GitHub's form at the front, `2026-11-22T10:14:52.0560358Z`: nanoseconds since
/// the epoch.
pub fn github(bytes: &[u8]) -> Option<i64> {
    let form: &[u8; GITHUB_LENGTH] = bytes.first_chunk()?;
    let fits = form[4] == b'-' && form[7] == b'-' && form[10] == b'T' && form[13] == b':' && form[16] == b':';
    if !(fits && form[19] == b'.' && form[27] == b'Z') {
        return None;
    }
    date_and_time(form, scan::fixed(form, 20, 7)? * 100)
}

/// Reads year, month and day from 0 to 10 and hour, minute and second from 11 to 19, whatever
/// stands between.
fn date_and_time(bytes: &[u8], nanos: i64) -> Option<i64> {
    Civil {
        year: scan::fixed(bytes, 0, 4)?,
        month: scan::fixed(bytes, 5, 2)?,
        day: scan::fixed(bytes, 8, 2)?,
        hour: scan::fixed(bytes, 11, 2)?,
        minute: scan::fixed(bytes, 14, 2)?,
        second: scan::fixed(bytes, 17, 2)?,
        nanos,
    }
    .nanos()
}

/// Reads a date and time that begins with the year: ISO 8601 and RFC 3339 with `T`, a blank or
/// `_` between, Go's and Python's slashes, and `2026-11-22-10.14.52.056035` of Blue Gene.
pub fn iso(bytes: &[u8]) -> Option<Stamp> {
    let form: &[u8; 19] = bytes.first_chunk()?;
    let date = form[4] == form[7] && matches!(form[4], b'-' | b'/' | b'.');
    let clock = form[13] == form[16] && matches!(form[13], b':' | b'.' | b'-');
    if !date || !clock || !matches!(form[10], b'T' | b't' | b' ' | b'-' | b'_' | b':') {
        return None;
    }
    let rest = bytes.get(19..)?;
    let (fraction, fraction_length) = super::stamp::fraction(rest, b".,");
    let nanos = date_and_time(form, fraction)?;
    let zone = zone(rest.get(fraction_length..)?);
    let length = 19 + fraction_length + zone.map_or(0, |(_, length)| length);
    let basis = zone.map_or(Basis::LocalDate, |_| Basis::Epoch);
    let nanos = nanos.checked_sub(zone.map_or(0, |(offset, _)| offset))?;
    clock::ends(bytes, length).then_some(Stamp { nanos, basis, dialect: Dialect::Iso, length })
}

/// Reads `Z`, `+01:00`, ` +0100`, ` UTC` or ` GMT` at the front: the offset in nanoseconds and its length.
pub fn zone(bytes: &[u8]) -> Option<(i64, usize)> {
    let blank = usize::from(bytes.first() == Some(&b' '));
    let name = bytes.get(blank..)?;
    if name.starts_with(b"UTC") || name.starts_with(b"GMT") {
        return scan::ends_word(name.get(3)).then_some((0, blank + 3));
    }
    match name.first()? {
        b'Z' | b'z' if blank == 0 && scan::ends_word(name.get(1)) => Some((0, 1)),
        sign @ (b'+' | b'-') => {
            let colon = usize::from(name.get(3) == Some(&b':'));
            let seconds = scan::fixed(name, 1, 2)? * 3600 + scan::fixed(name, 3 + colon, 2)? * 60;
            let offset = if *sign == b'-' { -seconds } else { seconds };
            let length = blank + 5 + colon;
            scan::ends_word(bytes.get(length)).then_some((offset * SECOND, length))
        }
        _ => None,
    }
}
