//! Moments in which the program waits: at calls that order one actor after another, and for its garbage.

use super::{is_python, seen_by_python};
use crate::facts::runners::Framework;
use crate::script::{Amplifier, Dose, Machine, Target, Treatment};

pub const ALL: &[Amplifier] = &[
    Amplifier::new("delay", delay).only_if(needs_shim),
    Amplifier::new("gc-pressure", gc_pressure).only_if(collects_garbage),
];

/// Waits before the line that names a step, or at randomly drawn locks, hand-overs, reads and writes.
fn delay(dose: &Dose) -> Treatment {
    let waits = seen_by_python(
        dose,
        [
            ("NDLOG_DELAY_MS", dose.level.to_string()),
            ("NDLOG_SEED", dose.draw.to_string()),
            ("PYTHONUNBUFFERED", "1".to_owned()),
            match dose.site.and_then(longest_literal) {
                Some(text) => ("NDLOG_DELAY_TEXT", text.to_owned()),
                None => ("NDLOG_PYTHON_DELAY_MS", dose.level.to_string()),
            },
        ],
    );
    let preload = dose.machine.shim.iter().cloned().collect();
    Treatment { preload, stretch: 1.0, longer: longest_waits(dose), ..waits }
}

/// Returns how long the waits of the preloaded shim take in a run, in seconds: at most a second and twenty times the level.
pub(super) fn longest_waits(dose: &Dose) -> f64 {
    1.0 + 0.02 * dose.level
}

pub(super) fn needs_shim(machine: &Machine, _: &Target) -> Result<(), String> {
    machine.shim.as_ref().map(|_| ()).map_err(|why| format!("needs the preloaded shim: {why}"))
}

/// Makes the language collect garbage far more often, so that what is freed too early shows.
fn gc_pressure(dose: &Dose) -> Treatment {
    let every = dose.count().to_string();
    let collects = match dose.target.framework {
        Framework::GoTest => Treatment::variables([("GOGC", every)]),
        _ => seen_by_python(dose, [("NDLOG_PYTHON_GC", every)]),
    };
    Treatment { stretch: 3.0, ..collects }
}

fn collects_garbage(_: &Machine, target: &Target) -> Result<(), String> {
    let known = is_python(target) || target.framework == Framework::GoTest;
    if known { Ok(()) } else { Err("its language collects no garbage, or cannot be told when".to_owned()) }
}

/// Returns the longest part between the placeholders of a masked line, if it is long enough to tell
/// one line from another.
pub fn longest_literal(masked: &str) -> Option<&str> {
    let outside = masked.split('<').map(|part| part.split_once('>').map_or(part, |(_, after)| after).trim());
    outside.max_by_key(|part| part.len()).filter(|part| part.len() >= 4)
}

#[cfg(test)]
mod tests {
    use super::longest_literal;

    #[test]
    fn the_step_is_known_by_its_longest_words() {
        let cases = [
            ("worker <num> published the result", Some("published the result")),
            ("<time> ready", Some("ready")),
            ("a < b and c", Some("b and c")),
            ("<num>", None),
            ("ok", None),
        ];
        for (masked, expected) in cases {
            assert_eq!(longest_literal(masked), expected, "{masked}");
        }
    }
}
