//! Which amplifiers speak to which cause: the table in `amplifiers.toml`, read once.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::knob::{Advice, Expected, Knob};
use crate::facts::failures::Kind;
use crate::signatures::Cause;

/// A test reads the file as well, so that it cannot ship broken.
static TABLE: LazyLock<Table> =
    LazyLock::new(|| toml::from_str(include_str!("amplifiers.toml")).unwrap_or_default());

/// The file `amplifiers.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(rename = "schema")]
    _schema: String,
    /// What one level counts, by amplifier.
    #[serde(rename = "amplifier")]
    units: BTreeMap<String, String>,
    /// Causes by kind of failure.
    suggested: BTreeMap<Kind, Vec<Cause>>,
    #[serde(rename = "cause")]
    causes: Vec<Row>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: Cause,
    /// True if a failure of this cause stands still until a limit ends it.
    #[serde(default)]
    stands_still: bool,
    contra: Vec<(String, String)>,
    knobs: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    amplifier: String,
    levels: Vec<f64>,
    why: String,
    expected: Option<Expected>,
}

/// Returns the names of all amplifiers with what one level of each counts.
#[cfg(test)]
pub fn units() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLE.units.iter().map(|(name, unit)| (name.as_str(), unit.as_str()))
}

/// Returns the knobs for `cause`, most promising first, at the table's own levels.
pub fn knobs(cause: Cause) -> Vec<Knob> {
    row(cause).map_or_else(Vec::new, |row| row.knobs.iter().map(|entry| entry.knob(cause)).collect())
}

/// Returns the knob of an amplifier that speaks to no cause, at one level.
pub fn knob(amplifier: &str, level: f64) -> Knob {
    let entry = Entry {
        amplifier: amplifier.to_owned(),
        levels: vec![level],
        why: "it costs little to try".to_owned(),
        expected: None,
    };
    entry.knob(Cause::Unknown)
}

/// Returns what hides a failure of this cause.
pub fn contra(cause: Cause) -> Vec<Advice> {
    let advice = |(what, why): &(String, String)| Advice { what: what.clone(), why: why.clone() };
    row(cause).map_or_else(Vec::new, |row| row.contra.iter().map(advice).collect())
}

/// Returns true if a failure of `cause` stands still until a limit ends it.
pub fn stands_still(cause: Cause) -> bool {
    row(cause).is_some_and(|row| row.stands_still)
}

/// Returns the causes that the kind of a failure suggests where none were ranked.
pub fn suggested(kind: Kind) -> impl Iterator<Item = Cause> {
    TABLE.suggested.get(&kind).into_iter().flatten().copied()
}

fn row(cause: Cause) -> Option<&'static Row> {
    TABLE.causes.iter().find(|row| row.name == cause)
}

impl Entry {
    fn knob(&self, cause: Cause) -> Knob {
        Knob {
            amplifier: self.amplifier.clone(),
            levels: self.levels.clone(),
            unit: TABLE.units.get(&self.amplifier).cloned().unwrap_or_default(),
            site: None,
            cause,
            why: self.why.clone(),
            expected: self.expected.unwrap_or(Expected::Raise),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads_and_every_cause_of_the_contract_has_a_row() {
        let table: Table = toml::from_str(include_str!("amplifiers.toml")).expect("amplifiers.toml");
        for cause in Cause::ALL {
            let row = table.causes.iter().find(|row| row.name == cause);
            assert!(row.is_some_and(|row| !row.knobs.is_empty() && !row.contra.is_empty()), "{cause}");
        }
        assert_eq!(table.causes.len(), Cause::ALL.len());
    }

    #[test]
    fn every_knob_has_a_known_amplifier_and_levels() {
        for cause in Cause::ALL {
            for knob in knobs(cause) {
                assert!(!knob.unit.is_empty(), "{cause}: {} is not under [amplifier]", knob.amplifier);
                assert!(!knob.levels.is_empty(), "{cause}: {}", knob.amplifier);
            }
        }
    }

    #[test]
    fn a_race_is_never_told_to_pin_to_one_cpu() {
        assert!(contra(Cause::Race).iter().any(|advice| advice.what.contains("one CPU")));
        assert_eq!(knobs(Cause::Race)[0].amplifier, "delay");
    }
}
