//! What an amplifier is: a name, a condition, and a change to how the command is run.

use super::{Machine, Target, Treatment};

/// One way to make a failure come more often. Units and usual levels stand in `src/experiment/amplifiers.toml`.
///
/// To add one: a function and its row in `ALL` of a file in `amplifiers/`, and its unit in the table.
pub struct Amplifier {
    /// The name in `ndlog.amplifiers/1`.
    pub name: &'static str,
    /// False if it raises failures of many causes, so that its help points at none of them.
    pub points_at_a_cause: bool,
    /// True if it takes away what a sound program may need, such as time or memory: a failure under it alone may be of
    /// its making, until another test has stood it.
    pub tightens_a_limit: bool,
    available: fn(&Machine, &Target) -> Result<(), String>,
    treat: fn(&Dose) -> Treatment,
}

impl Amplifier {
    /// Returns one that points at a cause and needs nothing; `treat` returns the change for one run.
    pub(super) const fn new(name: &'static str, treat: fn(&Dose) -> Treatment) -> Self {
        let available = |_: &Machine, _: &Target| Ok(());
        Self { name, points_at_a_cause: true, tightens_a_limit: false, available, treat }
    }

    pub(super) const fn of_many_causes(self) -> Self {
        Self { points_at_a_cause: false, ..self }
    }

    pub(super) const fn tightening(self) -> Self {
        Self { tightens_a_limit: true, ..self }
    }

    /// Returns one that can be used only where `available` gives no reason against it.
    pub(super) const fn only_if(self, available: fn(&Machine, &Target) -> Result<(), String>) -> Self {
        Self { available, ..self }
    }

    /// Returns the reason if `machine` or `target` does not allow it.
    pub fn available(&self, machine: &Machine, target: &Target) -> Result<(), String> {
        (self.available)(machine, target)
    }

    /// Returns the change for one run. Called only where [`Self::available`] says so.
    pub fn treat(&self, dose: &Dose) -> Treatment {
        (self.treat)(dose)
    }
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
