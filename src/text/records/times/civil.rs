//! The calendar: from year, month and day to nanoseconds since 1970.
//!
//! By hand, since one multiplication per line is what the hot dialects can afford; the test holds
//! it against jiff.

use jiff::{Timestamp, tz::TimeZone};

use super::stamp::SECOND;

/// A date and a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    pub year: i64,
    pub month: i64,
    pub day: i64,
    pub hour: i64,
    pub minute: i64,
    pub second: i64,
    pub nanos: i64,
}

impl Civil {
    /// Returns nanoseconds since 1970 in UTC, or `None` for a date or time that does not exist or
    /// that 64 bits do not hold. The second 60 of leap seconds counts as the next one.
    pub fn nanos(self) -> Option<i64> {
        let real = (1700..2200).contains(&self.year)
            && (1..=12).contains(&self.month)
            && (1..=month_length(self.year, self.month)).contains(&self.day)
            && (0..24).contains(&self.hour)
            && (0..60).contains(&self.minute)
            && (0..=60).contains(&self.second);
        real.then(|| {
            let days = days(self.year, self.month, self.day);
            (((days * 24 + self.hour) * 60 + self.minute) * 60 + self.second) * SECOND + self.nanos
        })
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar (Howard Hinnant, "chrono-Compatible
/// Low-Level Date Algorithms", days_from_civil).
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn month_length(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Returns the year in UTC.
pub fn year(nanos: i64) -> i64 {
    datetime(nanos).map_or(1970, |datetime| i64::from(datetime.year()))
}

/// Returns the same month, day and time in another year, or `None` where that has no such day.
pub fn move_year(nanos: i64, year: i64) -> Option<i64> {
    let from = datetime(nanos)?;
    let civil = Civil {
        year,
        month: i64::from(from.month()),
        day: i64::from(from.day()),
        hour: i64::from(from.hour()),
        minute: i64::from(from.minute()),
        second: i64::from(from.second()),
        nanos: i64::from(from.subsec_nanosecond()),
    };
    civil.nanos()
}

fn datetime(nanos: i64) -> Option<jiff::civil::DateTime> {
    let timestamp = Timestamp::from_nanosecond(i128::from(nanos)).ok()?;
    Some(timestamp.to_zoned(TimeZone::UTC).datetime())
}

/// Returns the month, 1 to 12, whose English name begins with the three letters of `name`.
pub fn month(name: &[u8]) -> Option<i64> {
    const NAMES: [&[u8]; 12] =
        [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];
    let name = name.get(..3)?;
    NAMES.iter().position(|month| *month == name).map(|index| index as i64 + 1)
}

/// Returns true if and only if the three letters of `name` begin an English day of the week.
pub fn is_weekday(name: &[u8]) -> bool {
    matches!(name.get(..3), Some(b"Mon" | b"Tue" | b"Wed" | b"Thu" | b"Fri" | b"Sat" | b"Sun"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_for_two_centuries_agrees_with_jiff() {
        let mut date = jiff::civil::date(1900, 1, 1);
        while date.year() < 2110 {
            let civil = Civil {
                year: i64::from(date.year()),
                month: i64::from(date.month()),
                day: i64::from(date.day()),
                hour: 10,
                minute: 14,
                second: 52,
                nanos: 7,
            };
            let expected =
                date.at(10, 14, 52, 7).to_zoned(TimeZone::UTC).unwrap().timestamp().as_nanosecond();
            assert_eq!(civil.nanos().map(i128::from), Some(expected), "{date}");
            date = date.tomorrow().unwrap();
        }
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        let good = Civil { year: 2024, month: 2, day: 29, hour: 0, minute: 0, second: 60, nanos: 0 };
        assert!(good.nanos().is_some());
        assert_eq!(Civil { year: 2025, ..good }.nanos(), None);
        assert_eq!(Civil { month: 13, ..good }.nanos(), None);
        assert_eq!(Civil { hour: 24, ..good }.nanos(), None);
    }
}
