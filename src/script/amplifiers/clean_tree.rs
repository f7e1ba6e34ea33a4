//! Clean tree: a fresh copy of the folder for each run, so that nothing a run leaves behind meets the next.

use crate::script::{Amplifier, Dose, Treatment, in_copy};

/// Runs it in a fresh copy of the folder, without what was made in it since the proof began.
#[derive(Debug)]
pub struct CleanTree;

/// Removes from the copy what was born in the folder after `$0` was. Where births are not known all of it stays.
const AS_BEFORE: &str = "began=$(stat -c %.3W \"$0\" 2>/dev/null | tr -d .); export copy; \
    [ \"${began:-0}\" -eq 0 ] || (cd \"$OLDPWD\" && find . -mindepth 1 -newermt \"@$((began / 1000))\" -exec sh -c \
    'for made; do born=$(stat -c %.3W \"$made\" | tr -d .); [ \"$born\" -gt \"$0\" ] && rm -rf \"$copy/$made\"; done' \
    \"$began\" {} +); ";

impl Amplifier for CleanTree {
    fn name(&self) -> &'static str {
        "clean-tree"
    }

    fn treat(&self, dose: &Dose) -> Treatment {
        let began = dose.machine.scratch.display().to_string();
        Treatment { longer: 10.0, ..in_copy(&format!("{AS_BEFORE}\"$@\""), &began) }
    }
}
