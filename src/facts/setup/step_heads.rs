//! The head of a step in a GitHub Actions log: its script, its inputs, its environment.
//!
//! The runner writes `##[group]Run …`, the script, `with:`, `shell:`, `env:` and `##[endgroup]`
//! before it runs anything. A value of several lines goes on without indentation.

use super::plain::plain;
use crate::text::lines::Index;

/// A name and a value, and the line they stand in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub name: String,
    pub value: String,
    pub line: u64,
}

/// The head of one step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepHead {
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

/// Lines of one head that are looked at.
const LONGEST: u64 = 2000;

/// What the first line of a head begins with.
const OPENS: &str = "##[group]Run ";

/// Returns the head that begins in the line `first`, which says `text`; one that never ends is its first line.
pub fn step_head(index: &Index<'_>, first: u64, text: &str) -> Option<StepHead> {
    let title = text.strip_prefix(OPENS)?.to_owned();
    let body: Vec<_> =
        index.range(first + 1, first + LONGEST).map(|line| (line.number, plain(line))).collect();
    let closes = body.iter().position(|(_, text)| text == "##[endgroup]");
    let body = body.get(..closes.unwrap_or_default()).unwrap_or_default();
    let end = body.last().map_or(first, |(number, _)| *number);
    let mut head = StepHead { line: first, end, title, ..StepHead::default() };
    let mut part = Part::Script;
    for (number, text) in body {
        match heading(text) {
            Some(next) => part = next,
            None => head.add(part, *number, text),
        }
    }
    Some(head)
}

fn heading(text: &str) -> Option<Part> {
    match text {
        "with:" => Some(Part::Inputs),
        "env:" => Some(Part::Environment),
        _ if text.starts_with("shell: ") => Some(Part::Shell),
        _ => None,
    }
}

impl StepHead {
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

    fn heads(text: &str) -> Vec<StepHead> {
        let index = Index::new(text.as_bytes());
        let (mut heads, mut end): (Vec<StepHead>, u64) = (Vec::new(), 0);
        for line in index.range(1, index.lines()) {
            if line.number > end
                && let Some(head) = step_head(&index, line.number, &plain(line))
            {
                end = head.end;
                heads.push(head);
            }
        }
        heads
    }

    fn step(text: &str) -> StepHead {
        heads(text).remove(0)
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
        let titles: Vec<_> = heads(said).into_iter().map(|step| step.title).collect();
        assert_eq!(titles, ["a"], "the next group is inside an unfinished head");
    }
}
