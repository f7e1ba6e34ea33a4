//! Whether work went on until the limit that fired, or had stopped long before it.

use serde::{Deserialize, Serialize};

/// What one log says about the time before a limit fired.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pace {
    /// The limit, in seconds.
    pub limit: f64,
    /// The line that names the limit.
    pub line: u64,
    /// The longest time in which nothing was written before the failure, in seconds, and the line
    /// after which it began.
    pub silence: f64,
    pub since: u64,
}

/// Shares of the limit between which a silence fills it; a longer silence was not under this limit.
pub const FILLS: std::ops::RangeInclusive<f64> = 0.7..=1.4;

impl Pace {
    /// Returns true if and only if a silence filled the limit, and is long enough for one: no program writes all the time.
    pub fn is_silent(&self) -> bool {
        self.silence >= SILENT && FILLS.contains(&(self.silence / self.limit))
    }
}

/// Seconds without a line that are a silence.
const SILENT: f64 = 0.3;

/// When the lines before a failure were written.
#[derive(Default)]
pub struct Times {
    /// By line, ascending.
    times: Vec<(u64, i64)>,
}

/// A silence may have begun this many limits before the limit fired.
const LIMITS_BACK: f64 = 1.5;

impl Times {
    /// Takes note of the next line.
    pub fn see(&mut self, line: u64, time: Option<i64>) {
        self.times.extend(time.map(|time| (line, time)));
    }

    /// Returns the time of a line, or of the last before it that bears one.
    pub fn at(&self, line: u64) -> Option<i64> {
        let until = self.times.partition_point(|(number, _)| *number <= line);
        Some(self.times.get(until.checked_sub(1)?)?.1)
    }

    /// Returns how work went on while a limit of so many seconds ran, which fired at `line`.
    pub fn pace(&self, limit: f64, line: u64) -> Option<Pace> {
        let until = self.times.partition_point(|(number, _)| *number <= line);
        let times = self.times.get(..until)?;
        let (_, end) = times.last()?;
        let start = end - (limit * LIMITS_BACK * 1e9) as i64;
        let ran = times.iter().zip(times.iter().skip(1)).filter(|(_, (_, next))| *next > start);
        let silences = ran.map(|((line, time), (_, next))| ((next - time) as f64 / 1e9, *line));
        let (silence, since) = silences.max_by(|a, b| a.0.total_cmp(&b.0))?;
        Some(Pace { limit, line, silence, since })
    }
}

/// Nothing was written for long, and the next thing written is the failure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Silence {
    pub seconds: f64,
    /// The last line before it.
    pub since: u64,
}

/// Seconds without a word from which on a program no longer waits for a connection: systems give up after two minutes.
const LONG: f64 = 300.0;
/// What lasts longer is a pause between two logs.
const TOO_LONG: f64 = 86_400.0;

/// Returns the silence between the line `since` and the next with a time, both in nanoseconds, if it was long.
pub fn silence(since: u64, before: i64, after: i64) -> Option<Silence> {
    let seconds = after.saturating_sub(before) as f64 / 1e9;
    (LONG..TOO_LONG).contains(&seconds).then_some(Silence { seconds, since })
}

/// Returns the seconds that a line names as a limit: the last length of time in it that is no more
/// than a day.
pub fn limit(text: &str) -> Option<f64> {
    let parts: Vec<&str> = text
        .split(|letter: char| {
            letter.is_whitespace() || matches!(letter, ',' | ':' | ';' | '(' | ')' | '=' | '>')
        })
        .collect();
    let mut lengths = parts.iter().enumerate().filter_map(|(at, part)| {
        let digits = part.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
        let number: f64 = digits.parse().ok()?;
        let unit = if digits.len() < part.len() {
            part.get(digits.len()..)?
        } else {
            parts.get(at + 1)?.trim_end_matches('.')
        };
        Some(number * seconds(unit)?)
    });
    lengths.rfind(|seconds| (0.01..=86_400.0).contains(seconds))
}

fn seconds(unit: &str) -> Option<f64> {
    Some(match unit.to_ascii_lowercase().as_str() {
        "ms" | "msec" | "milliseconds" => 0.001,
        "s" | "sec" | "secs" | "second" | "seconds" => 1.0,
        "m" | "min" | "mins" | "minute" | "minutes" => 60.0,
        "h" | "hour" | "hours" => 3600.0,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_with_their_units() {
        for (text, expected) in [
            ("timed out after 3 s: 155 of 160 transfers done", Some(3.0)),
            ("not complete after 0.512 s, limit 0.5 s", Some(0.5)),
            ("Timeout >30.0s", Some(30.0)),
            ("The action has timed out after 45 minutes.", Some(2700.0)),
            ("6 hellos without answer in 60 ms", Some(0.06)),
            ("timed out waiting for port 8080", None),
        ] {
            assert_eq!(limit(text), expected, "{text}");
        }
    }
}
