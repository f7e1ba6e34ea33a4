//! What an amplifier must know about the command that it amplifies.

use std::collections::BTreeMap;

use super::Invocation;
use super::invocation::runner;
use crate::experiment::{Limit, Pattern, Replay};
use crate::facts::runner_commands::runs_together;
use crate::facts::runners::Framework;

/// How much longer than the longest passing run a limit must stay: under a shorter one every run fails.
const ROOM: f64 = 1.25;

/// Seconds that a whole suite may take where no log tells.
const LONG: f64 = 60.0;

/// The command under test, as far as amplifiers care.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Target {
    pub framework: Framework,
    /// The test, as its framework names it.
    pub test: Option<String>,
    /// True if the command's own words name the test, so that others can be put before it.
    pub names_test: bool,
    /// The command with all its tests, where the one to run is narrowed to one test, and its seconds in
    /// the logs.
    pub whole: Option<(Vec<String>, f64)>,
    /// The tests that ran before it, the nearest last.
    pub preceding: Vec<String>,
    /// The time limits in force, shortest first.
    pub limits: Vec<Limit>,
    /// The seeds of failing runs, a run each.
    pub replays: Vec<Replay>,
    /// The variables of the command, by name.
    pub variables: BTreeMap<String, String>,
    /// The device that failed.
    pub device: Option<String>,
    /// The most memory that a plain run held, in bytes: resident, and as address space. 0 before
    /// the first run.
    pub resident: u64,
    pub address_space: u64,
    /// The longest that a plain run took and passed, in seconds. 0 before the first run.
    pub longest: f64,
}

impl Target {
    /// Returns what the pattern tells about the command of `invocation`.
    pub fn of(pattern: &Pattern, invocation: Option<&Invocation>) -> Self {
        let of_command = pattern.command.as_ref().map(|command| command.framework);
        let of_test = pattern.test.as_ref().map(|test| runner(test, pattern.command.as_ref()));
        let test = pattern.test.as_ref().map(|test| test.id.clone());
        let named =
            invocation.zip(test.as_ref()).is_some_and(|(invocation, test)| invocation.argv.contains(test));
        let whole = invocation.and_then(|invocation| invocation.whole.clone());
        let order = pattern.order.iter().flat_map(|order| &order.preceding);
        Self {
            framework: of_test.or(of_command).unwrap_or(Framework::Command),
            names_test: named,
            test,
            whole: whole.map(|whole| (whole, pattern.budget.run_seconds.unwrap_or(LONG))),
            preceding: order.map(|test| test.id.clone()).collect(),
            limits: pattern.limits.clone(),
            replays: pattern.replays.clone(),
            variables: invocation.map(|invocation| invocation.variables.clone()).unwrap_or_default(),
            device: pattern.surroundings.devices.first().map(|device| device.value.clone()),
            ..Self::default()
        }
    }

    /// Returns true if CI's own command may run several tests at the same time.
    pub fn runs_together(&self) -> bool {
        let whole = self.whole.as_ref().map(|(words, _)| words.join(" "));
        whole.is_some_and(|line| runs_together(self.framework, &line))
    }

    /// Returns the limit to scale: one that fired before one that did not, the shortest first, and
    /// only one that a variable or an option sets.
    pub fn limit(&self) -> Option<&Limit> {
        let settable =
            || self.limits.iter().filter(|limit| limit.variable.is_some() || limit.option.is_some());
        settable().find(|limit| limit.fired).or_else(|| settable().next())
    }

    /// Returns the smallest factor at which the limit still leaves a passing run a quarter more than it
    /// took. A limit that is shorter than a whole run guards a step of it, of which nothing is measured.
    pub fn least_factor(&self, limit: &Limit) -> f64 {
        let needed = ROOM * self.longest / limit.seconds;
        if needed <= 1.0 { needed } else { 0.0 }
    }

    /// Returns the value of the limit's variable or option for so many times its time, in the unit
    /// that the variable has: `60` in milliseconds stays a number of milliseconds.
    pub fn scaled(&self, limit: &Limit, factor: f64) -> String {
        let text = limit.variable.as_ref().and_then(|name| self.variables.get(name)).map(String::as_str);
        let Some((number, unit)) = text.and_then(number_and_unit) else {
            return rounded(limit.seconds * factor, false);
        };
        rounded(number * factor, text.is_some_and(|text| !text.contains('.'))) + unit
    }
}

fn number_and_unit(text: &str) -> Option<(f64, &str)> {
    let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    Some((number.parse().ok()?, unit))
}

/// A program that expects a whole number may refuse another one.
fn rounded(value: f64, whole: bool) -> String {
    if whole && value >= 1.0 { value.round().to_string() } else { ((value * 1e3).round() / 1e3).to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Place;
    use crate::facts::limits::Layer;

    fn limit() -> Limit {
        Limit {
            name: "T".into(),
            seconds: 0.06,
            layer: Layer::Program,
            variable: Some("T".into()),
            option: None,
            fired: true,
            elapsed: None,
            hugged: false,
            printed: String::new(),
            at: Place { source: String::new(), line: 1 },
        }
    }

    #[test]
    fn a_limit_is_not_made_shorter_than_a_passing_run() {
        let limit = Limit { seconds: 2.0, ..limit() };
        for (longest, expected) in [(0.0, 0.0), (1.2, 0.75), (4.0, 0.0)] {
            let target = Target { longest, ..Target::default() };
            assert_eq!(target.least_factor(&limit), expected, "{longest} s");
        }
    }

    #[test]
    fn a_limit_keeps_its_unit() {
        let limit = limit();
        let cases = [
            ("60", 0.5, "30"),
            ("60ms", 0.75, "45ms"),
            ("2.0", 0.5, "1"),
            ("1", 0.5, "0.5"),
            ("x", 0.5, "0.03"),
        ];
        for (value, factor, expected) in cases {
            let variables = BTreeMap::from([("T".to_owned(), value.to_owned())]);
            assert_eq!(Target { variables, ..Target::default() }.scaled(&limit, factor), expected, "{value}");
        }
    }
}
