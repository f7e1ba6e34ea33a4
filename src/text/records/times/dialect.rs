//! The dialects of time, and the way from a first byte to the one that fits.

use super::stamp::Stamp;
use super::{clock, iso, monotonic, named, numeric};

/// How a time is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dialect {
    Iso,
    TimeOfDay,
    Syslog,
    Java,
    Ctime,
    Http,
    Kernel,
    Elapsed,
    Numeric,
    EpochNumber,
    Supercomputer,
    Glog,
    Chromium,
    Ruby,
}

impl Dialect {
    /// Returns an example, which says more than a name would.
    pub fn example(self) -> &'static str {
        match self {
            Self::Iso => "2026-11-22 10:14:52.056",
            Self::TimeOfDay => "10:14:52.056",
            Self::Syslog => "Nov 22 10:14:52",
            Self::Java => "Nov 22, 2026 10:14:52 AM",
            Self::Ctime => "Sun Nov 22 10:14:52 2026",
            Self::Http => "22/Nov/2026:10:14:52 +0000",
            Self::Kernel => "[   12.345678]",
            Self::Elapsed => "38.453s: ",
            Self::Numeric => "11-22 10:14:52.056",
            Self::EpochNumber => "1795342492.056",
            Self::Supercomputer => "- 1795342492 2026.11.22",
            Self::Glog => "E1122 10:14:52.056036 12345 file.cc:12]",
            Self::Chromium => "[12345:67890:1122/101452.056036:ERROR:file.cc(12)]",
            Self::Ruby => "E, [2026-11-22T10:14:52.056035 #12345] ERROR -- :",
        }
    }
}

/// Reads the time at the front of `text`, in brackets or not.
pub fn read(text: &[u8]) -> Option<Stamp> {
    match text.first()? {
        b'0'..=b'9' => in_digits(text).or_else(|| monotonic::elapsed(text)),
        b'A'..=b'Z' => named::named(text).or_else(|| numeric::supercomputer(text)),
        b'[' => monotonic::kernel(text).or_else(|| enclosed(text)),
        b'-' => numeric::supercomputer(text).or_else(|| listed(text)),
        _ => None,
    }
}

/// `- 10:14:52 `: a time of day behind a dash, as some harnesses print their lines.
fn listed(text: &[u8]) -> Option<Stamp> {
    let stamp = clock::of_day(text.strip_prefix(b"- ")?)?;
    Some(Stamp { length: stamp.length + 2, ..stamp })
}

/// The position of the first byte that is no digit tells which dialects are worth trying.
fn in_digits(text: &[u8]) -> Option<Stamp> {
    match super::super::scan::digits(text) {
        4 => iso::iso(text),
        1 => named::half_day(text).or_else(|| named::day_first(text)),
        2 => match text.get(2)? {
            b':' => named::half_day(text).or_else(|| clock::of_day(text)),
            b'-' | b'.' => numeric::month_day(text).or_else(|| named::day_first(text)),
            b'/' => numeric::short_year(text).or_else(|| named::day_first(text)),
            b' ' => named::day_first(text),
            _ => None,
        },
        6 => numeric::packed(text),
        8 => numeric::packed_date(text),
        10 | 13 => numeric::epoch(text),
        _ => None,
    }
}

/// A time in square brackets, with at most a zone's name or a counter after it.
fn enclosed(text: &[u8]) -> Option<Stamp> {
    let inside = text.get(1..)?;
    let stamp = match inside.first()? {
        b'0'..=b'9' => in_digits(inside),
        b'A'..=b'Z' => named::named(inside),
        _ => None,
    }?;
    (inside.get(stamp.length) == Some(&b']')).then_some(Stamp { length: stamp.length + 2, ..stamp })
}
