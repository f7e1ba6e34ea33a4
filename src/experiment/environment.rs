//! Environment variables that a log shows: `env:` blocks, `export`, `NAME=value command`,
//! `docker run -e`, and the output of `env`.

use std::collections::BTreeMap;

use super::pattern::Place;
use super::said::Said;
use super::shell::{assignment, is_name, simple};
use super::steps::Step;
use super::subject::Variable;

/// Neighbouring `NAME=value` lines that are taken as the output of `env`; fewer may be anything.
const LEAST_LISTING: usize = 3;

/// Returns the variables in force at line `until`, by name. A later line overrides an earlier one;
/// a step's own `env:` counts for the last step before `until` only.
pub(super) fn variables(source: &str, log: &[Said<'_>], steps: &[Step], until: u64) -> Vec<Variable> {
    let mut found = Found { source, variables: BTreeMap::new() };
    let before: Vec<&Step> = steps.iter().take_while(|step| step.line <= until).collect();
    let said: Vec<&Said<'_>> = log.iter().take_while(|said| said.number() <= until).collect();
    found.listings(&said);
    for said in &said {
        found.on_line(said);
    }
    if let Some(step) = before.last() {
        for entry in &step.environment {
            found.add(&entry.name, &entry.value, entry.line);
        }
        if let Some(options) = step.input("options") {
            found.options(&options.value, options.line);
        }
    }
    found.variables.into_values().collect()
}

struct Found<'a> {
    source: &'a str,
    variables: BTreeMap<String, Variable>,
}

impl Found<'_> {
    fn add(&mut self, name: &str, value: &str, line: u64) {
        let at = Place { source: self.source.to_owned(), line };
        let variable = Variable { name: name.to_owned(), value: readable(value), varies: false, at };
        self.variables.insert(name.to_owned(), variable);
    }

    /// `+ export A=1`, `export A=1`, `$ A=1 pytest …`, `docker run -e A=1 …`.
    fn on_line(&mut self, said: &Said<'_>) {
        let text = said.text.trim_start_matches("##").trim_start_matches("[command]");
        let text = text.trim_start_matches(['+', '$', ' ']);
        if let Some(rest) = text.strip_prefix("export ").or_else(|| text.strip_prefix("declare -x ")) {
            self.exported(rest, said.number());
        } else if text.contains("docker run ") {
            self.options(text, said.number());
        } else if let Some(command) = text.contains('=').then(|| simple(text)).flatten() {
            for (name, value) in &command.variables {
                self.add(name, value, said.number());
            }
        }
    }

    /// `A=1 B="x y"`; a value that only a shell can tell is noted as not known.
    fn exported(&mut self, text: &str, line: u64) {
        let words = shlex::split(text).unwrap_or_default();
        for (name, value) in words.iter().filter_map(|word| assignment(word)) {
            self.add(name, value, line);
        }
    }

    /// `-e A=1 --env B=2` among other options, on one line or several.
    fn options(&mut self, text: &str, line: u64) {
        let words = shlex::split(text).unwrap_or_default();
        for pair in words.windows(2) {
            if let [flag, word] = pair
                && matches!(flag.as_str(), "-e" | "--env")
                && let Some((name, value)) = assignment(word)
            {
                self.add(name, value, line);
            }
        }
    }

    /// Runs of `NAME=value` lines, as `env` and `printenv` write.
    fn listings(&mut self, log: &[&Said<'_>]) {
        for run in log.chunk_by(|a, b| listed(&a.text).is_some() == listed(&b.text).is_some()) {
            if run.len() >= LEAST_LISTING {
                for said in run {
                    if let Some((name, value)) = listed(&said.text) {
                        self.add(name, value, said.number());
                    }
                }
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
    use super::super::steps::steps;
    use super::*;

    fn check(text: &str, expected: &[(&str, Option<&str>, u64)], why: &str) {
        let log = Said::all(text.as_bytes());
        let found = variables("a.log", &log, &steps(&log), u64::MAX);
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
        let log = Said::all(text.as_bytes());
        let found = variables("a.log", &log, &steps(&log), 12);
        let found: Vec<_> = found.iter().map(|v| (v.name.as_str(), v.value.as_deref())).collect();
        assert_eq!(found, [("LEVEL", Some("2"))]);
    }
}
