//! A change to how a command is run: the sum of what the chosen amplifiers ask for.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// What to change about one run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Treatment {
    /// Variables to set.
    pub variables: BTreeMap<String, String>,
    /// Libraries to load before all others.
    pub preload: Vec<PathBuf>,
    /// Folders to put first in Python's search path.
    pub python_path: Vec<PathBuf>,
    /// Programs that start the command as their last arguments, the outermost first.
    pub wrappers: Vec<Vec<String>>,
    /// A command to run in place of the one under test.
    pub instead: Option<Vec<String>>,
    /// Options of the command whose value is to be changed, with the new value.
    pub options: Vec<(String, String)>,
    /// Words to put before the test's name.
    pub before_test: Vec<String>,
    /// Words to append.
    pub arguments: Vec<String>,
    /// Programs to run beside it.
    pub background: Vec<Vec<String>>,
    /// Copies in addition to the first.
    pub further_copies: u32,
    /// Stops and continues it.
    pub pulse: Option<Pulse>,
    /// How many times longer a run may take because of this, in addition to once.
    pub stretch: f64,
    /// Seconds that a run may take longer because of this.
    pub longer: f64,
}

/// A pulse of running and stopping, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pulse {
    pub run: f64,
    pub stop: f64,
}

impl Treatment {
    /// Returns a treatment that only sets variables.
    pub fn variables<const N: usize>(variables: [(&str, String); N]) -> Self {
        let variables = variables.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { variables, ..Self::default() }
    }

    /// Returns a treatment that only starts the command through another program.
    pub fn wrapper(words: &[&str]) -> Self {
        Self { wrappers: vec![words.iter().map(|&word| word.to_owned()).collect()], ..Self::default() }
    }

    /// Returns both treatments at once; where both set the same thing, `other` wins.
    pub fn and(mut self, other: Self) -> Self {
        self.variables.extend(other.variables);
        self.preload.extend(other.preload);
        self.python_path.extend(other.python_path);
        self.preload.dedup();
        self.python_path.dedup();
        self.wrappers.extend(other.wrappers);
        self.instead = other.instead.or(self.instead);
        self.options.extend(other.options);
        self.before_test.extend(other.before_test);
        self.arguments.extend(other.arguments);
        self.background.extend(other.background);
        self.further_copies += other.further_copies;
        self.pulse = other.pulse.or(self.pulse);
        self.stretch += other.stretch;
        self.longer += other.longer;
        self
    }

    /// Returns the words to run for `command`, in which the test's own name is `test`.
    pub fn argv(&self, command: &[String], test: Option<&str>) -> Vec<String> {
        let mut argv: Vec<String> = self.wrappers.concat();
        let mut changed = vec![false; self.options.len()];
        let mut value_next = None;
        for word in self.instead.as_deref().unwrap_or(command) {
            if test.is_some_and(|test| test == word) {
                argv.extend(self.before_test.iter().cloned());
            }
            argv.push(value_next.take().unwrap_or_else(|| word.clone()));
            for ((option, value), changed) in self.options.iter().zip(&mut changed) {
                if word == option {
                    (value_next, *changed) = (Some(value.clone()), true);
                } else if word.strip_prefix(option.as_str()).is_some_and(|rest| rest.starts_with('=')) {
                    argv.pop();
                    argv.push(format!("{option}={value}"));
                    *changed = true;
                }
            }
        }
        let added = self.options.iter().zip(changed).filter(|(_, changed)| !changed);
        argv.extend(added.map(|((option, value), _)| format!("{option}={value}")));
        argv.extend(self.arguments.iter().cloned());
        argv
    }

    /// Returns `base` with this treatment's variables, and its libraries and folders put before
    /// those that `base` has.
    pub fn environment(&self, base: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let mut variables = base.clone();
        variables.extend(self.variables.clone());
        put_first(&mut variables, "LD_PRELOAD", &self.preload);
        put_first(&mut variables, "PYTHONPATH", &self.python_path);
        variables
    }
}

fn put_first(variables: &mut BTreeMap<String, String>, name: &str, paths: &[PathBuf]) {
    if paths.is_empty() {
        return;
    }
    let mut parts: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    parts.extend(
        variables.get(name).cloned().or_else(|| std::env::var(name).ok()).filter(|old| !old.is_empty()),
    );
    variables.insert(name.to_owned(), parts.join(":"));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn a_command_is_changed_word_by_word() {
        let limit = Treatment { options: vec![("--timeout".into(), "2.5".into())], ..Treatment::default() };
        let before = Treatment { before_test: words("t.py::a"), ..Treatment::default() };
        let both = limit.clone().and(Treatment::wrapper(&["nice", "-n", "5"])).and(before);
        let cases = [
            (&limit, "pytest --timeout 5 t.py::b", "pytest --timeout 2.5 t.py::b"),
            (&limit, "pytest --timeout=5 t.py::b", "pytest --timeout=2.5 t.py::b"),
            (&limit, "pytest t.py::b", "pytest t.py::b --timeout=2.5"),
            (&limit, "pytest --timeout-method=thread", "pytest --timeout-method=thread --timeout=2.5"),
            (&both, "pytest t.py::b", "nice -n 5 pytest t.py::a t.py::b --timeout=2.5"),
        ];
        for (treatment, command, expected) in cases {
            assert_eq!(treatment.argv(&words(command), Some("t.py::b")), words(expected), "{command}");
        }
    }

    #[test]
    fn what_was_preloaded_before_stays() {
        let base = BTreeMap::from([("LD_PRELOAD".to_owned(), "/lib/a.so".to_owned())]);
        let treatment = Treatment { preload: vec!["/shim.so".into()], ..Treatment::default() };
        assert_eq!(treatment.environment(&base)["LD_PRELOAD"], "/shim.so:/lib/a.so");
    }
}
