//! The folder that it finds: as fresh as before, or with what a killed run left.

use crate::script::{Amplifier, Dose, Treatment, in_copy};

pub const ALL: &[Amplifier] =
    &[Amplifier::new("clean-tree", clean_tree), Amplifier::new("dirty-tree", dirty_tree)];

/// Removes from the copy what was born in the folder after `$0` was. Where births are not known all of it stays.
const AS_BEFORE: &str = "began=$(stat -c %.3W \"$0\" 2>/dev/null | tr -d .); export copy; \
    [ \"${began:-0}\" -eq 0 ] || (cd \"$OLDPWD\" && find . -mindepth 1 -newermt \"@$((began / 1000))\" -exec sh -c \
    'for made; do born=$(stat -c %.3W \"$made\" | tr -d .); [ \"$born\" -gt \"$0\" ] && rm -rf \"$copy/$made\"; done' \
    \"$began\" {} +); ";

/// Runs it in a fresh copy of the folder, without what was made in it since the proof began, so that nothing a run
/// leaves behind meets the next.
fn clean_tree(dose: &Dose) -> Treatment {
    let began = dose.machine.scratch.display().to_string();
    Treatment { longer: 10.0, ..in_copy(&format!("{AS_BEFORE}\"$@\""), &began) }
}

/// Seconds of the first run where no plain one has passed yet.
const UNKNOWN: f64 = 1.0;

/// Runs it in a copy of the folder in which a run was killed before, after so much of it, so that its left-over files
/// meet the next.
fn dirty_tree(dose: &Dose) -> Treatment {
    let usual = if dose.target.longest > 0.0 { dose.target.longest } else { UNKNOWN };
    let seconds = (usual * dose.level.clamp(1.0, 100.0) / 100.0).max(0.01);
    let script = "timeout -s KILL \"$0\" \"$@\" >/dev/null 2>&1; \"$@\"";
    Treatment { longer: 10.0, stretch: 1.0, ..in_copy(script, &format!("{seconds:.3}")) }
}
