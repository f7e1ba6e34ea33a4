//! When something happened, as far as its log tells: a time without a date is no date.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::text::records::{Basis, Timestamp};

/// A time with what it counts from. What a log leaves out stays out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// RFC 3339; in UTC where the log names no zone.
    At(String),
    /// `HH:MM:SS` of an unknown day.
    TimeOfDay(String),
    /// `MM-DDTHH:MM:SS` of an unknown year.
    MonthDay(String),
    /// Seconds since the machine or the tool started.
    SinceBoot(f64),
}

impl From<Timestamp> for When {
    fn from(time: Timestamp) -> Self {
        match time.basis {
            Basis::Epoch | Basis::LocalDate => Self::At(written(time.nanos, "%Y-%m-%dT%H:%M:%S%.fZ")),
            Basis::TimeOfDay => Self::TimeOfDay(written(time.nanos, "%H:%M:%S%.f")),
            Basis::MonthDay => Self::MonthDay(written(time.nanos, "%m-%dT%H:%M:%S%.f")),
            Basis::Monotonic => Self::SinceBoot(time.nanos as f64 / 1e9),
        }
    }
}

impl fmt::Display for When {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(text) | Self::TimeOfDay(text) | Self::MonthDay(text) => out.write_str(text),
            Self::SinceBoot(seconds) => write!(out, "{seconds} s after the start"),
        }
    }
}

fn written(nanos: i64, form: &str) -> String {
    let time = jiff::Timestamp::from_nanosecond(i128::from(nanos)).unwrap_or_default();
    time.strftime(form).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_made_up() {
        // 2000-02-23T20:58:16.5Z: the year stands for none.
        const NANOS: i64 = 951_339_496_500_000_000;
        const DAY: i64 = 86_400_000_000_000;
        for (nanos, basis, json) in [
            (NANOS, Basis::Epoch, r#"{"at":"2000-02-23T20:58:16.5Z"}"#),
            (NANOS - 500_000_000, Basis::LocalDate, r#"{"at":"2000-02-23T20:58:16Z"}"#),
            (NANOS, Basis::MonthDay, r#"{"month_day":"02-23T20:58:16.5"}"#),
            (NANOS % DAY, Basis::TimeOfDay, r#"{"time_of_day":"20:58:16.5"}"#),
            (901_200_000_000, Basis::Monotonic, r#"{"since_boot":901.2}"#),
        ] {
            let when = When::from(Timestamp { nanos, basis });
            assert_eq!(serde_json::to_string(&when).unwrap(), json);
        }
    }
}
