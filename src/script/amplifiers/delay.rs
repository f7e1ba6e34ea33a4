//! Delay: waits at calls that order one actor after another, or before a line that names a step.

use crate::script::{Amplifier, Dose, Machine, Target, Treatment};

/// Waits before the named step, or at randomly drawn locks, hand-overs, reads and writes.
#[derive(Debug)]
pub struct Delay;

impl Amplifier for Delay {
    fn name(&self) -> &'static str {
        "delay"
    }

    fn available(&self, machine: &Machine, _target: &Target) -> Result<(), String> {
        machine.needs_shim().map(|_| ())
    }

    fn treat(&self, dose: &Dose) -> Treatment {
        let text = dose.site.and_then(longest_literal);
        let mut treatment = Treatment::variables([
            ("NDLOG_DELAY_MS", dose.level.to_string()),
            ("NDLOG_SEED", dose.draw.to_string()),
            ("PYTHONUNBUFFERED", "1".to_owned()),
        ]);
        match text {
            Some(text) => treatment.variables.insert("NDLOG_DELAY_TEXT".to_owned(), text.to_owned()),
            None => treatment.variables.insert("NDLOG_PYTHON_DELAY_MS".to_owned(), dose.level.to_string()),
        };
        treatment.preload.extend(dose.machine.shim.iter().cloned());
        treatment.python_path.push(dose.machine.python_shim.clone());
        // The shim waits at most a second and twenty times the level.
        Treatment { stretch: 1.0, longer: 1.0 + 0.02 * dose.level, ..treatment }
    }
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
