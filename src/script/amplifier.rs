//! What an amplifier is: a name, a condition, and a change to how the command is run.

use super::{Machine, Target, Treatment};

/// One way to make a failure come more often. Names, units and usual levels stand in
/// `patterns/amplifiers.toml`.
///
/// To add one: a file in `amplifiers/`, its line in `amplifiers/mod.rs`, its unit in the table.
pub trait Amplifier: Sync {
    /// Returns the name in `ndlog.amplifiers/1`.
    fn name(&self) -> &'static str;

    /// Returns false if it raises failures of many causes, so that its help points at none of them.
    fn points_at_a_cause(&self) -> bool {
        true
    }

    /// Returns true if it takes away what a sound program may need, such as time or memory: a failure
    /// under it alone may be of its making, until another test has stood it.
    fn tightens_a_limit(&self) -> bool {
        false
    }

    /// Returns the reason if `machine` or `target` does not allow it.
    fn available(&self, _machine: &Machine, _target: &Target) -> Result<(), String> {
        Ok(())
    }

    /// Returns the change for one run. Called only where [`Self::available`] says so.
    fn treat(&self, dose: &Dose) -> Treatment;
}

/// How much of an amplifier one run gets.
#[derive(Clone, Copy, Debug)]
pub struct Dose<'a> {
    /// In the amplifier's unit, above 0.
    pub level: f64,
    /// The step, variable or device to act on, where one is known.
    pub site: Option<&'a str>,
    /// Random bits, new for each run, for amplifiers that draw something.
    pub draw: u64,
    pub machine: &'a Machine,
    pub target: &'a Target,
}

impl Dose<'_> {
    /// Returns the level as a count of at least one.
    pub fn count(&self) -> u32 {
        self.level.round().max(1.0) as u32
    }

    /// Returns the level as a count for each core, at least one in all.
    pub fn per_core(&self) -> u32 {
        (self.level * self.machine.cores as f64).ceil().max(1.0) as u32
    }
}
