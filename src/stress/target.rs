//! What an amplifier must know about the command that it amplifies.

use super::Invocation;
use crate::patterns::{Framework, Limit, Pattern};

/// The command under test, as far as amplifiers care.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    pub framework: Framework,
    /// The test, as its framework names it.
    pub test: Option<String>,
    /// True if the command's own words name the test, so that others can be put before it.
    pub names_test: bool,
    /// The tests that ran before it, the nearest last.
    pub preceding: Vec<String>,
    /// The time limits in force, shortest first.
    pub limits: Vec<Limit>,
    /// The device that failed.
    pub device: Option<String>,
    /// The most memory that a plain run held, in bytes: resident, and as address space. 0 before
    /// the first run.
    pub resident: u64,
    pub address_space: u64,
}

impl Default for Target {
    fn default() -> Self {
        Self {
            framework: Framework::Command,
            test: None,
            names_test: false,
            preceding: Vec::new(),
            limits: Vec::new(),
            device: None,
            resident: 0,
            address_space: 0,
        }
    }
}

impl Target {
    /// Returns what the pattern tells about the command of `invocation`.
    pub fn of(pattern: &Pattern, invocation: Option<&Invocation>) -> Self {
        let of_command = pattern.command.as_ref().map(|command| command.framework);
        let of_test = pattern.test.as_ref().map(|test| test.framework);
        let test = pattern.test.as_ref().map(|test| test.id.clone());
        let named =
            invocation.zip(test.as_ref()).is_some_and(|(invocation, test)| invocation.argv.contains(test));
        let order = pattern.order.iter().flat_map(|order| &order.preceding);
        Self {
            framework: of_test.or(of_command).unwrap_or(Framework::Command),
            names_test: named,
            test,
            preceding: order.map(|test| test.id.clone()).collect(),
            limits: pattern.limits.clone(),
            device: pattern.surroundings.devices.first().map(|device| device.value.clone()),
            resident: 0,
            address_space: 0,
        }
    }

    /// Returns the limit to scale: one that fired before one that did not, the shortest first, and
    /// only one that a variable or an option sets.
    pub fn limit(&self) -> Option<&Limit> {
        let settable =
            || self.limits.iter().filter(|limit| limit.variable.is_some() || limit.option.is_some());
        settable().find(|limit| limit.fired).or_else(|| settable().next())
    }
}
