//! A time as read, and what it counts from.

use serde::{Deserialize, Serialize};

use super::super::scan;
use super::Dialect;

/// What the nanoseconds of a time count from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The Unix epoch, with a stated zone.
    #[default]
    Epoch,
    /// The Unix epoch, taking a date and time without zone for UTC.
    LocalDate,
    /// The start of the year 2000, where month and day are given without a year.
    MonthDay,
    /// Midnight of an unknown day.
    TimeOfDay,
    /// An unknown start, such as the boot of a machine.
    Monotonic,
}

impl Basis {
    /// Returns true if and only if the date is known.
    pub fn is_dated(self) -> bool {
        matches!(self, Self::Epoch | Self::LocalDate)
    }

    /// Returns true if and only if times of the two may be subtracted.
    pub fn compares_with(self, other: Self) -> bool {
        self == other || self.is_dated() && other.is_dated()
    }
}

/// A time, and what it counts from: times of unlike bases cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timestamp {
    /// Nanoseconds since what `basis` says.
    pub nanos: i64,
    pub basis: Basis,
}

impl Timestamp {
    /// Returns nanoseconds since the Unix epoch; `None` where the date is not known.
    pub fn since_epoch(self) -> Option<i64> {
        self.basis.is_dated().then_some(self.nanos)
    }

    /// Returns the time with the year or the day that it lacks taken from `dated`, a time of the same log.
    pub fn dated_by(self, dated: Self) -> Self {
        let nanos = match self.basis {
            Basis::MonthDay => in_year_of(dated.nanos, self.nanos),
            Basis::TimeOfDay => self.nanos.saturating_add(nearest(dated.nanos, self.nanos, DAY)),
            Basis::Epoch | Basis::LocalDate | Basis::Monotonic => return self,
        };
        Self { nanos, basis: dated.basis }
    }
}

/// A time that stands in a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Nanoseconds since what `basis` says.
    pub nanos: i64,
    pub basis: Basis,
    pub dialect: Dialect,
    /// How many bytes it takes.
    pub length: usize,
}

pub const SECOND: i64 = 1_000_000_000;
const DAY: i64 = 86_400 * SECOND;
/// Offsets of time zones are whole multiples of this, with few exceptions.
const HALF_HOUR: i64 = 1_800 * SECOND;

impl Stamp {
    /// Returns the time with what it lacks (day, year, zone) taken from `received`, the time at
    /// which a CI system got the line; and the basis that it then has. A time in whole seconds
    /// that agrees with `received` gives way to it, as it would only blur the order of lines.
    pub fn completed(self, received: Option<i64>) -> Timestamp {
        let Some(received) = received else { return Timestamp { nanos: self.nanos, basis: self.basis } };
        let (nanos, basis) = self.with(received);
        let blurred = self.nanos % SECOND == 0 && received.abs_diff(nanos) < 2 * SECOND.unsigned_abs();
        if blurred { Timestamp { nanos: received, basis: Basis::Epoch } } else { Timestamp { nanos, basis } }
    }

    fn with(self, received: i64) -> (i64, Basis) {
        match self.basis {
            Basis::Epoch => (self.nanos, Basis::Epoch),
            Basis::LocalDate => (self.nanos.saturating_add(zone(received, self.nanos)), Basis::LocalDate),
            Basis::MonthDay => (in_year_of(received, self.nanos), Basis::LocalDate),
            Basis::TimeOfDay => {
                (self.nanos.saturating_add(nearest(received, self.nanos, DAY)), Basis::LocalDate)
            }
            Basis::Monotonic => (received, Basis::Epoch),
        }
    }
}

/// Returns the zone's offset to add, where the line came in within two seconds of a whole half
/// hour from what it says. A log that was shown long after it was written seldom hits that, and
/// is left alone.
fn zone(received: i64, local: i64) -> i64 {
    let offset = nearest(received, local, HALF_HOUR);
    let residue = received.saturating_sub(local).saturating_sub(offset);
    match offset.abs() <= 28 * HALF_HOUR && residue.abs() <= 2 * SECOND {
        true => offset,
        false => 0,
    }
}

/// Returns the multiple of `unit` that brings `nanos` nearest to `received`.
fn nearest(received: i64, nanos: i64, unit: i64) -> i64 {
    let difference = received.saturating_sub(nanos);
    difference.saturating_add(unit / 2).div_euclid(unit).saturating_mul(unit)
}

/// Moves a time of the year 2000 to the year that brings it nearest to `received`.
fn in_year_of(received: i64, nanos: i64) -> i64 {
    let year = super::civil::year(received);
    (year - 1..=year + 1)
        .filter_map(|year| super::civil::move_year(nanos, year))
        .min_by_key(|moved| moved.abs_diff(received))
        .unwrap_or(nanos)
}

/// Reads `.5`, `,123` or `:606` at the front as a part of a second: nanoseconds and length.
/// Digits past the ninth count for nothing.
pub fn fraction(bytes: &[u8], marks: &[u8]) -> (i64, usize) {
    let (Some(mark), Some(rest)) = (bytes.first(), bytes.get(1..)) else { return (0, 0) };
    let length = scan::digits(rest);
    if !marks.contains(mark) || length == 0 || length > 18 {
        return (0, 0);
    }
    let kept = length.min(9);
    let digits = scan::fixed(rest, 0, kept).unwrap_or(0);
    (digits * 10i64.pow(9 - kept as u32), 1 + length)
}
