//! Durations and time limits in what lines say, in seconds, and how near one comes to the other.
//!
//! A leaf: knows units, must not know whose a limit is.

use std::sync::LazyLock;

use regex::Regex;

/// A number with a unit: `1h2m3s`, `300ms`, `90`.
static DURATION: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?P<number>\d+(?:\.\d+)?)(?P<unit>ms|d|h|m|s)?").ok());

/// Returns the seconds of a duration; a number without a unit counts `plain` seconds.
pub fn duration(text: &str, plain: f64) -> Option<f64> {
    let pieces = DURATION.as_ref()?.captures_iter(text);
    let seconds = pieces.filter_map(|piece| {
        let unit = match piece.name("unit").map(|unit| unit.as_str()) {
            Some("ms") => 0.001,
            Some("m") => 60.0,
            Some("h") => 3600.0,
            Some("d") => 86400.0,
            Some(_) => 1.0,
            None => plain,
        };
        Some(piece.name("number")?.as_str().parse::<f64>().ok()? * unit)
    });
    Some(seconds.sum::<f64>()).filter(|seconds| *seconds > 0.0)
}

/// The longest time that a person may ask for, in seconds: a week.
const LONGEST: f64 = 7.0 * 86_400.0;

/// Returns the seconds that a person typed: `90`, `90s`, `1.5m`, `20m`, `1h`, `2d`.
///
/// # Errors
/// If it is no time above 0, or one longer than a week, which is a slip.
pub fn argument(text: &str) -> Result<f64, String> {
    let (number, unit) = text.split_at(text.trim_end_matches(char::is_alphabetic).len());
    let factor = match unit {
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        "d" => 86_400.0,
        _ => return Err(format!("the unit {unit:?} is not s, m, h or d")),
    };
    match number.parse::<f64>().map(|number| number * factor) {
        Ok(seconds) if seconds > 0.0 && seconds <= LONGEST => Ok(seconds),
        _ => Err("expected a time above 0 and of at most 7d, such as 90s, 20m or 1h".to_owned()),
    }
}

/// Returns seconds as a person types them: `45s`, `20m`, `1m 30s`, `2h 5m`.
pub fn short(seconds: u64) -> String {
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes, rest) {
        (0, 0, rest) => format!("{rest}s"),
        (0, minutes, 0) => format!("{minutes}m"),
        (0, minutes, rest) => format!("{minutes}m {rest}s"),
        (hours, 0, _) => format!("{hours}h"),
        (hours, minutes, _) => format!("{hours}h {minutes}m"),
    }
}

/// Returns the seconds of a limit, which a line tells as `seconds`, `milliseconds`, `minutes` or
/// `duration`; `captured` returns what the line has under such a name.
pub fn limit(captured: impl Fn(&str) -> Option<String>) -> Option<f64> {
    number(&captured, "seconds")
        .or_else(|| Some(number(&captured, "milliseconds")? / 1000.0))
        .or_else(|| Some(number(&captured, "minutes")? * 60.0))
        .or_else(|| duration(&captured("duration")?, 1.0))
}

/// Returns the seconds that were taken, which a line tells as `elapsed` or `elapsed_ms`.
pub fn elapsed(captured: impl Fn(&str) -> Option<String>) -> Option<f64> {
    number(&captured, "elapsed").or_else(|| Some(number(&captured, "elapsed_ms")? / 1000.0))
}

fn number(captured: impl Fn(&str) -> Option<String>, name: &str) -> Option<f64> {
    captured(name)?.parse().ok()
}

/// Returns true if and only if the time taken is so near the limit that the limit ended it: within
/// one per cent or one second, and for limits below ten seconds within a tenth of them.
pub fn hugs(elapsed: f64, limit: f64) -> bool {
    (elapsed - limit).abs() <= (0.01 * limit).max((0.1 * limit).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_written_as_they_are_typed() {
        for (seconds, words) in
            [(0, "0s"), (45, "45s"), (90, "1m 30s"), (1200, "20m"), (3600, "1h"), (7500, "2h 5m")]
        {
            assert_eq!(short(seconds), words);
        }
    }

    #[test]
    fn durations_add_up_whatever_their_units() {
        for (text, plain, seconds) in [
            ("1h2m3s", 1.0, Some(3723.0)),
            ("300ms", 1.0, Some(0.3)),
            ("90", 0.001, Some(0.09)),
            ("1d", 1.0, Some(86400.0)),
            ("soon", 1.0, None),
            ("0s", 1.0, None),
        ] {
            assert_eq!(duration(text, plain), seconds, "{text}");
        }
    }

    #[test]
    fn a_time_that_was_typed_has_a_unit_and_a_bound() {
        for (text, seconds) in [
            ("90", Some(90.0)),
            ("1.5m", Some(90.0)),
            ("20m", Some(1200.0)),
            ("1h", Some(3600.0)),
            ("1e18h", None),
            ("1e308h", None),
            ("0", None),
            ("-1s", None),
            ("inf", None),
            ("nan", None),
            ("5y", None),
            ("", None),
        ] {
            assert_eq!(argument(text).ok(), seconds, "{text}");
        }
    }

    #[test]
    fn only_what_is_just_as_long_as_a_limit_hugs_it() {
        for (elapsed, limit, expected) in [
            (30.02, 30.0, true),
            (600.06, 600.0, true),
            (3.2, 3.0, true),
            (3.5, 3.0, false),
            (28.0, 30.0, false),
        ] {
            assert_eq!(hugs(elapsed, limit), expected, "{elapsed} of {limit}");
        }
    }
}
