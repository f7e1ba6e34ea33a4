//! Dates with the month's name: syslog, `ctime`, Java's logging, Apache and HTTP.

use super::super::scan;
use super::Dialect;
use super::civil::{Civil, is_weekday, month};
use super::clock;
use super::iso::zone;
use super::stamp::{Basis, SECOND, Stamp};

/// The year that stands for none: a leap year, so that every day exists in it.
const NO_YEAR: i64 = 2000;

/// Reads a date that begins with the name of a month or of a day of the week.
pub fn named(bytes: &[u8]) -> Option<Stamp> {
    if month(bytes).is_some() {
        return java(bytes).or_else(|| syslog(bytes));
    }
    if !is_weekday(bytes) {
        return None;
    }
    let blank = scan::run(bytes, |byte| byte != b' ');
    let skipped = blank + 1;
    let rest = bytes.get(skipped..)?;
    let inner = if bytes.get(3) == Some(&b',') { day_first(rest) } else { ctime(rest) }?;
    Some(Stamp { length: inner.length + skipped, ..inner })
}

/// The parts of a date in digits and a name.
struct Day {
    year: i64,
    month: i64,
    day: i64,
}

impl Day {
    fn at(self, time_of_day: i64) -> Option<i64> {
        let Self { year, month, day } = self;
        let midnight = Civil { year, month, day, hour: 0, minute: 0, second: 0, nanos: 0 }.nanos()?;
        midnight.checked_add(time_of_day)
    }
}

/// Reads `Nov 22 ` or `Nov  2 `: month, day and length.
fn month_and_day(bytes: &[u8]) -> Option<(i64, i64, usize)> {
    let month = month(bytes)?;
    let rest = bytes.get(3..)?;
    let blanks = scan::blanks(rest);
    let (day, digits) = scan::number(rest.get(blanks..)?)?;
    let length = 3 + blanks + digits;
    (blanks > 0 && digits <= 2).then_some((month, day as i64, length))
}

/// `Nov 22 10:14:52` of syslog (RFC 3164), with the optional fraction of some daemons.
fn syslog(bytes: &[u8]) -> Option<Stamp> {
    let (month, day, length) = month_and_day(bytes)?;
    let rest = bytes.get(length..)?.strip_prefix(b" ")?;
    let (time, time_length) = clock::hours(rest, b".,")?;
    let nanos = Day { year: NO_YEAR, month, day }.at(time)?;
    let length = length + 1 + time_length;
    clock::ends(bytes, length).then_some(Stamp {
        nanos,
        basis: Basis::MonthDay,
        dialect: Dialect::Syslog,
        length,
    })
}

/// `Jan 27, 2019 11:21:53 AM` of java.util.logging.
fn java(bytes: &[u8]) -> Option<Stamp> {
    let (month, day, length) = month_and_day(bytes)?;
    let rest = bytes.get(length..)?.strip_prefix(b", ")?;
    let year = scan::fixed(rest, 0, 4)?;
    let clock_start = 4 + scan::run(rest.get(4..)?, |byte| byte == b' ' || byte == b',');
    let (time, time_length) = twelve_hours(rest.get(clock_start..)?)?;
    let nanos = Day { year, month, day }.at(time)?;
    let length = length + 2 + clock_start + time_length;
    Some(Stamp { nanos, basis: Basis::LocalDate, dialect: Dialect::Java, length })
}

/// `1:21:53 PM`, and `1:21:53 PM: ` with the colon behind it.
pub fn half_day(bytes: &[u8]) -> Option<Stamp> {
    let (nanos, length) = twelve_hours(bytes)?;
    clock::ends(bytes, length).then_some(Stamp {
        nanos,
        basis: Basis::TimeOfDay,
        dialect: Dialect::TimeOfDay,
        length,
    })
}

/// `11:21:53 AM` and `1:21:53 PM`: nanoseconds since midnight and length.
fn twelve_hours(bytes: &[u8]) -> Option<(i64, usize)> {
    let (hour, digits) = scan::number(bytes)?;
    let rest = bytes.get(digits..)?;
    let (minute, second) = (scan::fixed(rest, 1, 2)?, scan::fixed(rest, 4, 2)?);
    let colons = rest.first() == Some(&b':') && rest.get(3) == Some(&b':');
    // Newer Java versions put a narrow no-break space before AM and PM.
    let half = rest.get(6..)?;
    let half_start = scan::run(half, |byte| byte == b' ' || !byte.is_ascii());
    let afternoon = match half.get(half_start..half_start + 2)? {
        b"AM" => 0,
        b"PM" => 12,
        _ => return None,
    };
    if !colons || !(1..=12).contains(&hour) || minute > 59 || second > 60 {
        return None;
    }
    let hour = hour as i64 % 12 + afternoon;
    Some((((hour * 60 + minute) * 60 + second) * SECOND, digits + 6 + half_start + 2))
}

/// `Nov 22 10:14:52.056 UTC 2026`: what stands after the day of the week in `ctime`, `date` and
/// Apache's error log.
fn ctime(bytes: &[u8]) -> Option<Stamp> {
    let stamp = syslog(bytes)?;
    let rest = bytes.get(stamp.length..)?;
    let zone_length = scan::run(rest.get(1..)?, |byte| byte.is_ascii_uppercase());
    let year_start = if zone_length > 0 { zone_length + 2 } else { 1 };
    let year = scan::fixed(rest, year_start, 4)?;
    let nanos = super::civil::move_year(stamp.nanos, year)?;
    let utc = matches!(rest.get(1..1 + zone_length)?, b"UTC" | b"GMT");
    let basis = if utc { Basis::Epoch } else { Basis::LocalDate };
    let length = stamp.length + year_start + 4;
    scan::ends_word(bytes.get(length)).then_some(Stamp { nanos, basis, dialect: Dialect::Ctime, length })
}

/// `22 Nov 2026 10:14:52 GMT`, `22-Nov-2026 10:14:52.056` and `22/Nov/2026:10:14:52 +0000`.
pub fn day_first(bytes: &[u8]) -> Option<Stamp> {
    let (day, digits) = scan::number(bytes)?;
    let mark = *bytes.get(digits).filter(|byte| matches!(byte, b' ' | b'-' | b'/'))?;
    let rest = bytes.get(digits + 1..)?;
    let month = month(rest)?;
    let year = scan::fixed(rest, 4, 4)?;
    if digits > 2 || rest.get(3) != Some(&mark) || !matches!(rest.get(8), Some(b' ' | b':')) {
        return None;
    }
    let (time, time_length) = clock::hours(rest.get(9..)?, b".,")?;
    let length = digits + 1 + 9 + time_length;
    let zone = zone(bytes.get(length..)?);
    let nanos = Day { year, month, day: day as i64 }.at(time)?;
    let (offset, zone_length) = zone.unwrap_or((0, 0));
    Some(Stamp {
        nanos: nanos.checked_sub(offset)?,
        basis: if zone.is_some() { Basis::Epoch } else { Basis::LocalDate },
        dialect: Dialect::Http,
        length: length + zone_length,
    })
}
