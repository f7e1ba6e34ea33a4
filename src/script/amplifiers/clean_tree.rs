//! Clean tree: a fresh copy of the folder for each run, so that nothing a run leaves behind meets the next.

use crate::script::{Amplifier, Dose, Treatment, in_copy};

/// Runs it in a fresh copy of the folder, without the files that runs leave behind.
#[derive(Debug)]
pub struct CleanTree;

impl Amplifier for CleanTree {
    fn name(&self) -> &'static str {
        "clean-tree"
    }

    fn treat(&self, _dose: &Dose) -> Treatment {
        Treatment { longer: 10.0, ..in_copy("\"$@\"", "clean-tree") }
    }
}
