//! Timeout scale: the limit that fired, made shorter.

use crate::script::{Amplifier, Dose, Machine, Target, Treatment};

/// Shortens the limit that fired.
#[derive(Debug)]
pub struct TimeoutScale;

impl Amplifier for TimeoutScale {
    fn name(&self) -> &'static str {
        "timeout-scale"
    }

    fn tightens_a_limit(&self) -> bool {
        true
    }

    fn available(&self, _machine: &Machine, target: &Target) -> Result<(), String> {
        let none = "no log shows a limit that a variable or an option sets";
        target.limit().map(|_| ()).ok_or_else(|| none.to_owned())
    }

    fn treat(&self, dose: &Dose) -> Treatment {
        let Some(limit) = dose.target.limit() else { return Treatment::default() };
        let value = dose.target.scaled(limit, dose.level.max(dose.target.least_factor(limit)));
        match (&limit.variable, &limit.option) {
            (Some(variable), _) => Treatment::variables([(variable.as_str(), value)]),
            (None, Some(option)) => {
                Treatment { options: vec![(option.clone(), value)], ..Treatment::default() }
            }
            (None, None) => Treatment::default(),
        }
    }
}
