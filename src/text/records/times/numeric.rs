//! Dates in digits that do not begin with a four-digit year, and seconds since the epoch.

use super::super::scan;
use super::Dialect;
use super::civil::Civil;
use super::clock;
use super::stamp::{Basis, SECOND, Stamp, fraction};

/// From 2001-09-09 to 2039-09-16: seconds since the epoch that a log may well hold.
const PLAUSIBLE: std::ops::Range<i64> = 1_000_000_000..2_200_000_000;

/// Builds a stamp from a date and a time of day in nanoseconds.
fn stamp((year, month, day): (i64, i64, i64), time: i64, basis: Basis, length: usize) -> Option<Stamp> {
    let midnight = Civil { year, month, day, hour: 0, minute: 0, second: 0, nanos: 0 }.nanos()?;
    Some(Stamp { nanos: midnight.checked_add(time)?, basis, dialect: Dialect::Numeric, length })
}

/// `11-22 10:14:52.056` of Android and vLLM and `11-22|10:14:52.056` of log15: month and day without a year.
pub fn month_day(bytes: &[u8]) -> Option<Stamp> {
    let form: &[u8; 6] = bytes.first_chunk()?;
    if !matches!(form[2], b'-' | b'.') || !matches!(form[5], b' ' | b'|') {
        return None;
    }
    let (time, length) = clock::hours(bytes.get(6..)?, b".,")?;
    let date = (2000, scan::fixed(form, 0, 2)?, scan::fixed(form, 3, 2)?);
    clock::ends(bytes, 6 + length).then(|| stamp(date, time, Basis::MonthDay, 6 + length))?
}

/// `17/06/09 20:10:40` of log4j's short form: year, month, day.
pub fn short_year(bytes: &[u8]) -> Option<Stamp> {
    let form: &[u8; 9] = bytes.first_chunk()?;
    if form[2] != b'/' || form[5] != b'/' || form[8] != b' ' {
        return None;
    }
    let (time, length) = clock::hours(bytes.get(9..)?, b".,")?;
    let date = (2000 + scan::fixed(form, 0, 2)?, scan::fixed(form, 3, 2)?, scan::fixed(form, 6, 2)?);
    clock::ends(bytes, 9 + length).then(|| stamp(date, time, Basis::LocalDate, 9 + length))?
}

/// `081109 203615` of HDFS: year, month, day, then hour, minute, second.
pub fn packed(bytes: &[u8]) -> Option<Stamp> {
    let form: &[u8; 14] = bytes.first_chunk()?;
    if form[6] != b' ' || form[13] != b' ' {
        return None;
    }
    let date = (2000 + scan::fixed(form, 0, 2)?, scan::fixed(form, 2, 2)?, scan::fixed(form, 4, 2)?);
    let (hour, minute, second) =
        (scan::fixed(form, 7, 2)?, scan::fixed(form, 9, 2)?, scan::fixed(form, 11, 2)?);
    let real = hour < 24 && minute < 60 && second <= 60;
    real.then(|| stamp(date, ((hour * 60 + minute) * 60 + second) * SECOND, Basis::LocalDate, 13))?
}

/// `20261122-10:14:52:056`: the packed date of phones and of trading systems.
pub fn packed_date(bytes: &[u8]) -> Option<Stamp> {
    let form: &[u8; 9] = bytes.first_chunk()?;
    if !matches!(form[8], b'-' | b' ' | b'T') {
        return None;
    }
    // Some writers leave leading zeros out: `10:1:2:56`.
    let mut at = 9;
    let mut time = 0;
    for (limit, unit) in [(24, 3600 * SECOND), (60, 60 * SECOND), (61, SECOND)] {
        let (number, digits) = scan::number(bytes.get(at..)?)?;
        time += i64::try_from(number).ok().filter(|number| *number < limit && digits <= 2)? * unit;
        at += digits + usize::from(unit != SECOND && bytes.get(at + digits) == Some(&b':'));
    }
    let (nanos, length) = fraction(bytes.get(at..)?, b":.,");
    let date = (scan::fixed(form, 0, 4)?, scan::fixed(form, 4, 2)?, scan::fixed(form, 6, 2)?);
    clock::ends(bytes, at + length).then(|| stamp(date, time + nanos, Basis::LocalDate, at + length))?
}

/// Seconds (ten digits, with a fraction) or milliseconds (thirteen digits) since the epoch.
pub fn epoch(bytes: &[u8]) -> Option<Stamp> {
    let (number, digits) = scan::number(bytes)?;
    let number = number as i64;
    let (nanos, length) = match digits {
        10 => fraction(bytes.get(10..)?, b"."),
        13 => (number % 1000 * 1_000_000, 0),
        _ => return None,
    };
    let seconds = if digits == 13 { number / 1000 } else { number };
    let whole = digits == 13 || length > 0 || matches!(bytes.get(10), Some(b']' | b'"' | b',' | b'}'));
    if !whole || !PLAUSIBLE.contains(&seconds) || !clock::ends(bytes, digits + length) {
        return None;
    }
    let nanos = seconds * SECOND + nanos;
    Some(Stamp { nanos, basis: Basis::Epoch, dialect: Dialect::EpochNumber, length: digits + length })
}

/// `- 1117838570 2005.06.03`: how the logs of supercomputers begin, alert column first. The
/// stamp ends after the date.
pub fn supercomputer(bytes: &[u8]) -> Option<Stamp> {
    let column = scan::run(bytes, |byte| byte.is_ascii_uppercase() || byte == b'-');
    let rest = bytes.get(column..)?.strip_prefix(b" ")?;
    let seconds = scan::fixed(rest, 0, 10).filter(|seconds| PLAUSIBLE.contains(seconds))?;
    let date = rest.get(10..21)?;
    let fits = date.first() == Some(&b' ') && date.get(5) == Some(&b'.') && date.get(8) == Some(&b'.');
    (fits && column > 0 && scan::fixed(date, 1, 4).is_some()).then_some(Stamp {
        nanos: seconds * SECOND,
        basis: Basis::Epoch,
        dialect: Dialect::Supercomputer,
        length: column + 1 + 21,
    })
}
