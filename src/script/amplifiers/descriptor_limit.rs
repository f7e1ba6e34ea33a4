//! Descriptor limit: few open files.

use crate::script::{Amplifier, Dose, Treatment};

/// Allows it only so many open files.
#[derive(Debug)]
pub struct DescriptorLimit;

impl Amplifier for DescriptorLimit {
    fn name(&self) -> &'static str {
        "descriptor-limit"
    }

    fn tightens_a_limit(&self) -> bool {
        true
    }

    fn treat(&self, dose: &Dose) -> Treatment {
        let files = dose.count().max(8).to_string();
        Treatment::wrapper(&["sh", "-c", "ulimit -n \"$0\" && exec \"$@\"", &files])
    }
}
