//! The head of a step in a GitHub Actions log: its script, its inputs, its environment.
//!
//! The runner writes `##[group]Run …`, the script, `with:`, `shell:`, `env:` and `##[endgroup]`
//! before it runs anything. A value of several lines goes on without indentation.

use super::said::Said;

/// A name and a value, and the line they stand in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub name: String,
    pub value: String,
    pub line: u64,
}

/// The head of one step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Step {
    /// The line of `##[group]Run`.
    pub line: u64,
    /// The head's last line.
    pub end: u64,
    /// What follows `Run`: an action or the script's first line.
    pub title: String,
    /// The script's lines, each with its number; empty for an action.
    pub script: Vec<(u64, String)>,
    pub inputs: Vec<Entry>,
    pub environment: Vec<Entry>,
}

/// Which part of the head a line belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Script,
    Inputs,
    Shell,
    Environment,
}

/// Returns the heads of all steps, in order.
pub(super) fn steps(log: &[Said<'_>]) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut rest = log;
    while let Some(at) = rest.iter().position(|said| said.text.starts_with("##[group]Run ")) {
        let (_, from) = rest.split_at(at);
        let length = from.iter().position(|said| said.text == "##[endgroup]").unwrap_or(1);
        let (head, after) = from.split_at(length.max(1));
        steps.push(read(head));
        rest = after;
    }
    steps
}

fn read(head: &[Said<'_>]) -> Step {
    let Some((first, body)) = head.split_first() else { return Step::default() };
    let title = first.text.trim_start_matches("##[group]Run ").to_owned();
    let end = head.last().map_or(first.number(), Said::number);
    let mut step = Step { line: first.number(), end, title, ..Step::default() };
    let mut part = Part::Script;
    for said in body {
        match heading(&said.text) {
            Some(next) => part = next,
            None => step.add(part, said.number(), &said.text),
        }
    }
    step
}

fn heading(text: &str) -> Option<Part> {
    match text {
        "with:" => Some(Part::Inputs),
        "env:" => Some(Part::Environment),
        _ if text.starts_with("shell: ") => Some(Part::Shell),
        _ => None,
    }
}

impl Step {
    fn add(&mut self, part: Part, line: u64, text: &str) {
        match part {
            Part::Script => self.script.push((line, text.to_owned())),
            Part::Inputs => add_entry(&mut self.inputs, line, text),
            Part::Environment => add_entry(&mut self.environment, line, text),
            Part::Shell => {}
        }
    }

    /// Returns the value of an input.
    pub fn input(&self, name: &str) -> Option<&Entry> {
        self.inputs.iter().find(|entry| entry.name == name)
    }
}

/// Reads `  NAME: value`; another line goes on with the value before it.
fn add_entry(entries: &mut Vec<Entry>, line: u64, text: &str) {
    match named(text) {
        Some((name, value)) => entries.push(Entry { name: name.to_owned(), value: value.to_owned(), line }),
        None => {
            if let Some(last) = entries.last_mut() {
                last.value.push('\n');
                last.value.push_str(text);
            }
        }
    }
}

fn named(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix("  ").filter(|inside| !inside.starts_with(' '))?;
    let (name, value) = inside.split_once(':')?;
    let is_name =
        |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
    is_name(name).then(|| (name, value.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(text: &str) -> Step {
        steps(&Said::all(text.as_bytes())).remove(0)
    }

    #[test]
    fn a_script_with_its_environment() {
        let step = step(
            "##[group]Run set -e\nset -e\npytest -x tests\nshell: /usr/bin/bash {0}\nenv:\n  CI_LEVEL: 3\n  URL: http://x:1\n##[endgroup]\n",
        );
        assert_eq!(step.script, [(2, "set -e".to_owned()), (3, "pytest -x tests".to_owned())]);
        let entry =
            |name: &str, value: &str, line| Entry { name: name.to_owned(), value: value.to_owned(), line };
        assert_eq!(step.environment, [entry("CI_LEVEL", "3", 6), entry("URL", "http://x:1", 7)]);
    }

    #[test]
    fn an_input_of_several_lines_goes_on_without_indentation() {
        let step = step(
            "##[group]Run owner/in-docker@v3\nwith:\n  image: ring:1\n  run: make\npytest tests/test_ring.py\n\nenv:\n  A: 1\n##[endgroup]\n",
        );
        assert!(step.script.is_empty());
        assert_eq!(
            step.input("run").map(|entry| entry.value.trim()),
            Some("make\npytest tests/test_ring.py")
        );
        assert_eq!(step.environment.len(), 1);
    }

    #[test]
    fn a_head_that_never_ends_takes_nothing_with_it() {
        let said = "##[group]Run a\nsome output\n##[group]Run b\nb\n##[endgroup]";
        let titles: Vec<_> = steps(&Said::all(said.as_bytes())).into_iter().map(|step| step.title).collect();
        assert_eq!(titles, ["a"], "the next group is inside an unfinished head");
    }
}
