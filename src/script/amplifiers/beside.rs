//! Beside: the other tests of the command run at the same time, as on several workers.

use crate::script::{Amplifier, Dose, Machine, Target, Treatment};

/// Runs CI's whole command at the same time.
#[derive(Debug)]
pub struct Beside;

impl Amplifier for Beside {
    fn name(&self) -> &'static str {
        "beside"
    }

    fn points_at_a_cause(&self) -> bool {
        false
    }

    fn available(&self, _machine: &Machine, target: &Target) -> Result<(), String> {
        let none = || "the command has no other tests".to_owned();
        target.whole.as_ref().map(|_| ()).ok_or_else(none)
    }

    fn treat(&self, dose: &Dose) -> Treatment {
        let Some((whole, _)) = &dose.target.whole else { return Treatment::default() };
        // Shorter than the test, it would leave it alone for the rest.
        let again = ["sh", "-c", "while :; do \"$@\" >/dev/null 2>&1 || sleep 0.05; done", "beside"];
        let background = again.iter().map(|&word| word.to_owned()).chain(whole.iter().cloned()).collect();
        Treatment { background: vec![background], stretch: 2.0, ..Treatment::default() }
    }
}
