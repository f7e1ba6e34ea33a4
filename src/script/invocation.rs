//! The command to repeat: as the log has it, or from the test's name where no log shows one.

use std::collections::BTreeMap;

use super::narrow::{self, narrowed};
use super::never_set;
use crate::experiment::{Command, Form, Pattern, Test, Variable};
use crate::facts::runners::Framework;
use crate::signatures::Cause;

/// The width that a runner takes where CI gives it no terminal.
const WIDTH: &str = "80";

/// The command to repeat.
#[derive(Clone, Debug, PartialEq)]
pub struct Invocation {
    /// The program and its arguments.
    pub argv: Vec<String>,
    /// The command as the log has it, where `argv` runs only the test that failed.
    pub whole: Option<Vec<String>>,
    /// What to set for it, by name.
    pub variables: BTreeMap<String, String>,
    /// Variables that are not set, each with the reason.
    pub left_out: Vec<(String, &'static str)>,
    /// The folder that the log shows it in.
    pub folder: Option<String>,
}

impl Invocation {
    /// Returns how to run the pattern's test; `None` if it names neither a command nor a test that can
    /// be run by its name.
    pub fn of(pattern: &Pattern) -> Option<Self> {
        let command = pattern.command.as_ref();
        let argv = command.map(words).or_else(|| by_name(pattern.test.as_ref()?))?;
        let alone = pattern.test.as_ref().filter(|_| !needs_others(pattern));
        let known = command.is_some_and(|command| command.framework != Framework::Command);
        let alone = alone.and_then(|test| {
            // Of `make test` and `tox` nobody knows how to narrow them; the test has a name of its own.
            let by_its_name =
                || by_name(test).filter(|_| !known && test.id.contains(".py::") && command.is_some());
            narrowed(&argv, runner(test, command), &test.id).or_else(by_its_name)
        });
        let framework = command.map_or(Framework::Command, |command| command.framework);
        let argv = narrow::anew(argv, framework);
        let (argv, whole) = alone.map_or((argv.clone(), None), |alone| (alone, Some(argv)));
        let mut invocation = Self {
            argv,
            whole,
            variables: BTreeMap::new(),
            left_out: Vec::new(),
            folder: pattern.folder.clone().or_else(|| command.and_then(|command| command.folder.clone())),
        };
        for variable in &pattern.environment {
            invocation.set(variable);
        }
        for (name, value) in command.iter().flat_map(|command| &command.variables) {
            invocation.take(name, Some(value));
        }
        if command.is_some_and(|command| matches!(command.form, Form::GithubGroup | Form::GithubCommand)) {
            for (name, value) in [("CI", "true"), ("COLUMNS", WIDTH)] {
                invocation.variables.entry(name.to_owned()).or_insert_with(|| value.to_owned());
            }
        }
        Some(invocation)
    }

    /// Returns how to run the pattern's test by its own name, whatever command a log shows; `None` where its
    /// framework cannot be asked for it.
    pub fn of_test(pattern: &Pattern) -> Option<Self> {
        by_name(pattern.test.as_ref()?)?;
        let command = None;
        Self::of(&Pattern { command, ..pattern.clone() })
    }

    /// Returns how to run the sibling of the pattern's test; `None` where there is none or the runner
    /// cannot be told.
    pub fn of_sibling(&self, pattern: &Pattern) -> Option<Vec<String>> {
        let (test, sibling) = (pattern.test.as_ref()?, pattern.sibling.as_ref()?);
        let whole = self.whole.as_ref().unwrap_or(&self.argv);
        let renamed = || {
            let named = whole.contains(&test.id);
            let renamed = |word: &String| if *word == test.id { sibling.id.clone() } else { word.clone() };
            named.then(|| whole.iter().map(renamed).collect())
        };
        renamed().or_else(|| narrowed(whole, runner(sibling, pattern.command.as_ref()), &sibling.id))
    }

    fn set(&mut self, variable: &Variable) {
        self.take(&variable.name, variable.value.as_ref());
    }

    fn take(&mut self, name: &str, value: Option<&String>) {
        let why = match (never_set::reason(name), value) {
            (Some(why), _) => why,
            (None, None) => "the log hides its value; set it if the test needs it",
            (None, Some(value)) if value.contains('\0') => "its value cannot be set",
            (None, Some(value)) => {
                self.variables.insert(name.to_owned(), value.clone());
                return;
            }
        };
        self.left_out.push((name.to_owned(), why));
    }
}

/// Returns what runs the test: what its verdict says, else what its command calls.
pub fn runner(test: &Test, command: Option<&Command>) -> Framework {
    let of_command = || command.map_or(Framework::Command, |command| command.framework);
    if test.framework == Framework::Command { of_command() } else { test.framework }
}

/// A line that only a shell can read is given to one, with the options that GitHub's runner uses.
fn words(command: &Command) -> Vec<String> {
    let shell = || ["bash", "-eo", "pipefail", "-c", &command.printed].map(str::to_owned).to_vec();
    command.argv.clone().filter(|argv| !argv.is_empty()).unwrap_or_else(shell)
}

fn by_name(test: &Test) -> Option<Vec<String>> {
    narrow::by_name(test.framework, &test.id)
}

/// Returns true if what other tests leave behind is the first cause: alone, the test then passes. A
/// printed seed draws the same order only among the same tests.
fn needs_others(pattern: &Pattern) -> bool {
    let order = pattern.causes.first().is_some_and(|cause| cause.cause == Cause::OrderDependence);
    order || !pattern.replays.is_empty()
}
