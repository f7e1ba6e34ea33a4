//! Clean tree: a fresh copy of the folder for each run, so that nothing a run leaves behind meets the next.

use crate::script::{Amplifier, Dose, Treatment};

/// See [`Amplifier::what`].
#[derive(Debug)]
pub struct CleanTree;

/// Copies the folder, runs there and removes the copy; what Git ignores is left out where Git is there.
const SCRIPT: &str = "copy=$(mktemp -d) || exit 126; trap 'rm -rf \"$copy\"' EXIT; \
    if git rev-parse --is-inside-work-tree >/dev/null 2>&1; \
    then git ls-files -z --cached --others --exclude-standard | tar -c --null -T - --ignore-failed-read | tar -x -C \"$copy\"; \
    else cp -a . \"$copy\"; fi; cd \"$copy\" && \"$@\"";

impl Amplifier for CleanTree {
    fn name(&self) -> &'static str {
        "clean-tree"
    }

    fn what(&self) -> &'static str {
        "runs it in a fresh copy of the folder, without the files that runs leave behind"
    }

    fn treat(&self, _dose: &Dose) -> Treatment {
        Treatment { longer: 10.0, ..Treatment::wrapper(&["sh", "-c", SCRIPT, "clean-tree"]) }
    }
}
