//! Headers that tie time, level and writer together: glog, Chromium, Ruby and firmware of POWER machines.

use super::super::level::Level;
use super::super::scan;
use super::civil::Civil;
use super::stamp::{Basis, SECOND, Stamp, fraction};
use super::{Dialect, clock, iso};

/// What such a header holds; the stamp's length is the whole header's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Composed<'a> {
    pub stamp: Stamp,
    pub level: Level,
    pub process: Option<u64>,
    /// The thread, as printed.
    pub thread: Option<&'a [u8]>,
}

/// Reads the header at the front of `text`.
pub fn composed(text: &[u8]) -> Option<Composed<'_>> {
    match text.first()? {
        b'[' => chromium(text).or_else(|| enclosed_glog(text)).or_else(|| firmware(text)),
        b'A'..=b'Z' if text.get(1) == Some(&b',') => ruby(text),
        b'A'..=b'Z' => glog(text),
        _ => None,
    }
}

/// `I1122 10:14:52.056036 12345 file.cc:12] ` of glog, klog and absl; newer ones give the year.
fn glog(text: &[u8]) -> Option<Composed<'_>> {
    let level = Level::from_letter(*text.first()?)?;
    let date = text.get(1..)?;
    let digits = scan::digits(date);
    let (year, basis, date) = match digits {
        4 => (2000, Basis::MonthDay, date),
        8 => (scan::fixed(date, 0, 4)?, Basis::LocalDate, date.get(4..)?),
        _ => return None,
    };
    let (time, time_length) = clock::hours(date.get(4..)?.strip_prefix(b" ")?, b".")?;
    let nanos = midnight(year, date)?.checked_add(time)?;
    let after = 1 + digits + 1 + time_length;
    let stamp = Stamp { nanos, basis, dialect: Dialect::Glog, length: after };
    placed(text, level, stamp)
}

/// `E816 11:02:03.123456789 ring.cpp:616] ` within PyTorch's bracket: the month without its zero.
fn unpadded_glog(text: &[u8]) -> Option<Composed<'_>> {
    let level = Level::from_letter(*text.first()?)?;
    let date = text.get(1..4).filter(|date| scan::digits(date) == 3)?;
    let (time, time_length) = clock::hours(text.get(4..)?.strip_prefix(b" ")?, b".")?;
    let [month, ten, one] = *date.first_chunk()?;
    let nanos = midnight(2000, &[b'0', month, ten, one])?.checked_add(time)?;
    let stamp = Stamp { nanos, basis: Basis::MonthDay, dialect: Dialect::Glog, length: 5 + time_length };
    placed(text, level, stamp)
}

/// Adds the thread and the place in the source, which ends with a bracket, to glog's time.
fn placed(text: &[u8], level: Level, stamp: Stamp) -> Option<Composed<'_>> {
    let after = stamp.length;
    let rest = text.get(after..)?;
    let blanks = scan::blanks(rest);
    let thread = rest.get(blanks..)?;
    let thread = thread.get(..scan::digits(thread)).filter(|digits| !digits.is_empty());
    let length = after + rest.iter().take(160).position(|&byte| byte == b']')? + 1;
    Some(Composed { stamp: Stamp { length, ..stamp }, level, process: None, thread })
}

/// `[E1122 10:14:52.056036 ring.cpp:616] ` of PyTorch: glog's header, the bracket round all of it.
fn enclosed_glog(text: &[u8]) -> Option<Composed<'_>> {
    let inside = text.get(1..).filter(|inside| inside.first().is_some_and(u8::is_ascii_uppercase))?;
    let found = glog(inside).or_else(|| unpadded_glog(inside))?;
    Some(Composed { stamp: Stamp { length: found.stamp.length + 1, ..found.stamp }, ..found })
}

/// `[   59.392466920,3] ` of hostboot and skiboot: seconds since power on and syslog's severity.
fn firmware(text: &[u8]) -> Option<Composed<'_>> {
    let inside = text.get(1..)?;
    let padding = scan::run(inside, |byte| byte == b' ');
    let (seconds, digits) = scan::number(inside.get(padding..)?).filter(|&(_, digits)| digits <= 9)?;
    let (nanos, fraction_length) = fraction(inside.get(padding + digits..)?, b".");
    let [b',', severity @ b'0'..=b'9', b']'] =
        *inside.get(padding + digits + fraction_length..)?.first_chunk()?
    else {
        return None;
    };
    let level = Level::from_priority(u64::from(severity - b'0').min(7)).filter(|_| fraction_length == 10)?;
    let stamp = Stamp {
        nanos: i64::try_from(seconds).ok()? * SECOND + nanos,
        basis: Basis::Monotonic,
        dialect: Dialect::Kernel,
        length: 1 + padding + digits + fraction_length + 3,
    };
    Some(Composed { stamp, level, process: None, thread: None })
}

/// `[3106:7441:1122/101452.056036:ERROR:file.cc(12)] ` of Chromium.
fn chromium(text: &[u8]) -> Option<Composed<'_>> {
    let (process, process_digits) = scan::number(text.get(1..)?)?;
    let rest = text.get(1 + process_digits..)?.strip_prefix(b":")?;
    let thread = rest.get(..scan::digits(rest))?;
    let date = rest.get(thread.len()..)?.strip_prefix(b":")?;
    let time = date.get(4..)?.strip_prefix(b"/")?;
    let seconds = (scan::fixed(time, 0, 2)? * 60 + scan::fixed(time, 2, 2)?) * 60 + scan::fixed(time, 4, 2)?;
    let (nanos, fraction_length) = fraction(time.get(6..)?, b".");
    let word = time.get(6 + fraction_length..)?.strip_prefix(b":")?;
    let level = Level::from_word(word.get(..scan::run(word, |byte| byte.is_ascii_uppercase()))?)?;
    let nanos = midnight(2000, date)?.checked_add(seconds * 1_000_000_000 + nanos)?;
    let length = text.len() - word.len() + word.iter().take(160).position(|&byte| byte == b']')? + 1;
    let stamp = Stamp { nanos, basis: Basis::MonthDay, dialect: Dialect::Chromium, length };
    Some(Composed { stamp, level, process: Some(process), thread: Some(thread) })
}

/// `E, [2026-11-22T10:14:52.056035 #1234] ERROR -- ring: ` of Ruby's logger.
fn ruby(text: &[u8]) -> Option<Composed<'_>> {
    let level = Level::from_letter(*text.first()?)?;
    let time = text.get(1..)?.strip_prefix(b", [")?;
    let stamp = iso::iso(time)?;
    let rest = time.get(stamp.length..)?.trim_ascii_start().strip_prefix(b"#")?;
    let (process, digits) = scan::number(rest)?;
    let tail = rest.get(digits..)?.strip_prefix(b"]")?;
    let program = memchr::memmem::find(tail.get(..64).unwrap_or(tail), b" -- ")? + 4;
    let colon = memchr::memchr(b':', tail.get(program..)?)?;
    let length = text.len() - tail.len() + program + colon + 1;
    let stamp = Stamp { length, dialect: Dialect::Ruby, ..stamp };
    Some(Composed { stamp, level, process: Some(process), thread: None })
}

/// The start of the day that the first four digits of `date` name as month and day.
fn midnight(year: i64, date: &[u8]) -> Option<i64> {
    let (month, day) = (scan::fixed(date, 0, 2)?, scan::fixed(date, 2, 2)?);
    Civil { year, month, day, hour: 0, minute: 0, second: 0, nanos: 0 }.nanos()
}
