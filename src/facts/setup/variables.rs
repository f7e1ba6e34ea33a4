//! Environment variables that a log shows: `env:` blocks, `export`, `NAME=value command`,
//! `docker run -e`, and the output of `env`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::shell::{assignment, is_name, simple};
use super::step_heads::StepHead;
use crate::facts::Place;

/// Neighbouring `NAME=value` lines that are taken as the output of `env`; fewer may be anything.
const LEAST_LISTING: usize = 3;

/// An environment variable that a log shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Variable {
    pub name: String,
    /// `None` where the CI system hid it (`***`): it was set, and somebody must know to what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// True if another failing log shows another value; the first one stands here.
    #[serde(default)]
    pub varies: bool,
    pub at: Place,
}

/// One setting of a variable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// The line of the step that alone it counts for; `None` for all that comes after.
    pub step: Option<u64>,
    pub variable: Variable,
}

/// The settings as their lines come.
pub struct Assignments<'s> {
    source: &'s str,
    pub all: Vec<Assignment>,
    /// Neighbouring lines that may be the output of `env`.
    listing: Vec<(String, String, u64)>,
}

impl<'s> Assignments<'s> {
    pub fn new(source: &'s str) -> Self {
        Self { source, all: Vec::new(), listing: Vec::new() }
    }

    /// Takes what the head of a step sets for it.
    pub fn take_head(&mut self, head: &StepHead) {
        for entry in &head.environment {
            self.add(&entry.name, &entry.value, entry.line, Some(head.line));
        }
        if let Some(options) = head.input("options") {
            self.options(&options.value, options.line, Some(head.line));
        }
    }

    /// Takes what a line sets: `+ export A=1`, `export A=1`, `$ A=1 pytest …`, `docker run -e A=1 …`, and lines
    /// as `env` and `printenv` write them.
    pub fn take(&mut self, text: &str, line: u64) {
        match listed(text) {
            Some((name, value)) => self.listing.push((name.to_owned(), value.to_owned(), line)),
            None => self.end_listing(),
        }
        let text = text.trim_start_matches("##").trim_start_matches("[command]");
        let text = text.trim_start_matches(['+', '$', ' ']);
        if let Some(rest) = text.strip_prefix("export ").or_else(|| text.strip_prefix("declare -x ")) {
            self.exported(rest, line);
        } else if text.contains("docker run ") {
            self.options(text, line, None);
        } else if let Some(command) = text.contains('=').then(|| simple(text)).flatten() {
            for (name, value) in &command.variables {
                self.add(name, value, line, None);
            }
        }
    }

    /// Returns all settings in the order of their lines.
    pub fn finish(mut self) -> Vec<Assignment> {
        self.end_listing();
        self.all.sort_by_key(|one| one.variable.at.line);
        self.all
    }

    fn end_listing(&mut self) {
        let listing = std::mem::take(&mut self.listing);
        if listing.len() >= LEAST_LISTING {
            listing.iter().for_each(|(name, value, line)| self.add(name, value, *line, None));
        }
    }

    fn add(&mut self, name: &str, value: &str, line: u64, step: Option<u64>) {
        let at = Place::new(self.source, line);
        let variable = Variable { name: name.to_owned(), value: readable(value), varies: false, at };
        self.all.push(Assignment { step, variable });
    }

    /// `A=1 B="x y"`; a value that only a shell can tell is noted as not known.
    fn exported(&mut self, text: &str, line: u64) {
        let words = shlex::split(text).unwrap_or_default();
        for (name, value) in words.iter().filter_map(|word| assignment(word)) {
            self.add(name, value, line, None);
        }
    }

    /// `-e A=1 --env B=2` among other options, on one line or several.
    fn options(&mut self, text: &str, line: u64, step: Option<u64>) {
        let words = shlex::split(text).unwrap_or_default();
        for pair in words.windows(2) {
            if let [flag, word] = pair
                && matches!(flag.as_str(), "-e" | "--env")
                && let Some((name, value)) = assignment(word)
            {
                self.add(name, value, line, step);
            }
        }
    }
}

/// Reads a whole line as `NAME=value`, the name in capitals.
fn listed(text: &str) -> Option<(&str, &str)> {
    let (name, value) = assignment(text)?;
    (is_name(name) && !name.chars().any(|c| c.is_ascii_lowercase())).then_some((name, value))
}

/// Returns the value unless it was hidden or only a shell could tell it.
fn readable(value: &str) -> Option<String> {
    let hidden = value.contains("***") || value.contains("[MASKED]");
    let computed =
        value.contains("$(") || value.contains("${") || value.contains('`') || value.starts_with('$');
    (!hidden && !computed).then(|| value.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use crate::facts::setup::Setup;

    fn check(text: &str, expected: &[(&str, Option<&str>, u64)], why: &str) {
        let found = Setup::of(text).variables(u64::MAX);
        let found: Vec<_> = found.iter().map(|v| (v.name.as_str(), v.value.as_deref(), v.at.line)).collect();
        assert_eq!(found, expected, "{why}");
    }

    #[test]
    fn every_way_in_which_a_log_shows_a_variable() {
        let block = "##[group]Run make\nmake\nshell: bash\nenv:\n  A: 1\n  TOKEN: ***\n##[endgroup]\n";
        check(block, &[("A", Some("1"), 5), ("TOKEN", None, 6)], "a GitHub block; hidden values stay hidden");
        check("+ export A=1 B='x y'", &[("A", Some("1"), 1), ("B", Some("x y"), 1)], "sh -x");
        check("export A=$(nproc)", &[("A", None, 1)], "a shell's work is not repeated");
        check("$ A=1 pytest tests", &[("A", Some("1"), 1)], "in front of a command");
        check(
            "+ docker run --rm -e A=1 --env B=2 -e C ring:1",
            &[("A", Some("1"), 1), ("B", Some("2"), 1)],
            "docker",
        );
        check(
            "A=1\nB=2\nPATH=/bin:/x\n",
            &[("A", Some("1"), 1), ("B", Some("2"), 2), ("PATH", Some("/bin:/x"), 3)],
            "env",
        );
        check("A=1\nB=2\nwords\n", &[], "two lines may be anything");
        check(
            "assert x == 1, A=1\nvalue=3 was wrong\n",
            &[("value", Some("3"), 2)],
            "only what stands in front",
        );
    }

    #[test]
    fn the_step_that_failed_has_the_last_word() {
        let text = "##[group]Run a\na\nenv:\n  LEVEL: 1\n  OLD: x\n##[endgroup]\n##[group]Run b\nb\nenv:\n  LEVEL: 2\n##[endgroup]\nboom\n##[group]Run c\nc\nenv:\n  LEVEL: 3\n##[endgroup]\n";
        let found = Setup::of(text).variables(12);
        let found: Vec<_> = found.iter().map(|v| (v.name.as_str(), v.value.as_deref())).collect();
        assert_eq!(found, [("LEVEL", Some("2"))]);
    }
}
