//! The header of glog, klog and absl: `I1122 10:14:52.056036 12345 file.cc:12] `.

use super::super::level::Level;
use super::super::scan;
use super::Dialect;
use super::civil::Civil;
use super::clock;
use super::stamp::{Basis, Stamp};

/// What a glog header holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Glog<'a> {
    pub stamp: Stamp,
    pub level: Level,
    /// The thread's number, as printed.
    pub thread: &'a [u8],
}

/// Reads a glog header at the front; the stamp's length reaches past its `]`.
pub fn glog(bytes: &[u8]) -> Option<Glog<'_>> {
    let level = Level::from_letter(*bytes.first()?)?;
    let date = bytes.get(1..)?;
    let digits = scan::digits(date);
    let (year, basis, date) = match digits {
        4 => (2000, Basis::MonthDay, date),
        8 => (scan::fixed(date, 0, 4)?, Basis::LocalDate, date.get(4..)?),
        _ => return None,
    };
    let (time, time_length) = clock::hours(date.get(4..)?.strip_prefix(b" ")?, b".")?;
    let (month, day) = (scan::fixed(date, 0, 2)?, scan::fixed(date, 2, 2)?);
    let midnight = Civil { year, month, day, hour: 0, minute: 0, second: 0, nanos: 0 }.nanos()?;
    let after = 1 + digits + 1 + time_length;
    let rest = bytes.get(after..)?;
    let blanks = scan::blanks(rest);
    let thread = rest.get(blanks..)?;
    let thread = thread.get(..scan::digits(thread))?;
    let place = rest.get(blanks + thread.len()..)?;
    let end = place.iter().take(160).position(|&byte| byte == b']')?;
    let length = after + blanks + thread.len() + end + 1;
    let nanos = midnight.checked_add(time)?;
    Some(Glog { stamp: Stamp { nanos, basis, dialect: Dialect::Glog, length }, level, thread })
}
