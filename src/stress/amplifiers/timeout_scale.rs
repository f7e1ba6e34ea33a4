//! Timeout scale: the limit that fired, made shorter.

use crate::stress::{Amplifier, Dose, Machine, Target, Treatment};

/// See [`Amplifier::what`].
#[derive(Debug)]
pub struct TimeoutScale;

impl Amplifier for TimeoutScale {
    fn name(&self) -> &'static str {
        "timeout-scale"
    }

    fn what(&self) -> &'static str {
        "shortens the limit that fired"
    }

    fn available(&self, _machine: &Machine, target: &Target) -> Result<(), String> {
        let none = "no log shows a limit that a variable or an option sets";
        target.limit().map(|_| ()).ok_or_else(|| none.to_owned())
    }

    fn treat(&self, dose: &Dose) -> Treatment {
        let Some(limit) = dose.target.limit() else { return Treatment::default() };
        let seconds = (limit.seconds * dose.level * 1000.0).round() / 1000.0;
        match (&limit.variable, &limit.option) {
            (Some(variable), _) => Treatment::variables([(variable.as_str(), seconds.to_string())]),
            (None, Some(option)) => {
                Treatment { options: vec![(option.clone(), seconds.to_string())], ..Treatment::default() }
            }
            (None, None) => Treatment::default(),
        }
    }
}
