//! What no log tells. A reproduction that fails fails here first.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::derive::Case;
use super::line_regex;
use super::pattern::{Missing, Pattern};
use crate::facts::Facts;

/// Letters that a regular expression needs to mean something.
const LEAST_LETTERS: usize = 6;

/// Returns what a person should look up, most important first.
pub(super) fn missing(pattern: &Pattern, case: &Case<'_>) -> Vec<Missing> {
    let hidden = pattern.environment.iter().filter(|variable| variable.value.is_none());
    let hidden: Vec<&str> = hidden.map(|variable| variable.name.as_str()).collect();
    let hidden_next = format!("hidden or computed in the log: find the values of {}", hidden.join(", "));
    let also = also_passing(pattern, case);
    let also_next = format!(
        "the oracle's regular expression also finds lines of passing runs ({also}); narrow it by hand"
    );
    let where_from = &pattern.surroundings;
    let gaps = [
        (pattern.command.is_none(), "command", "no log shows the command; take it from the workflow file"),
        (
            needs_shell(pattern),
            "words of the command",
            "the command needs a shell; read it before you run it",
        ),
        (
            pattern.test.is_none(),
            "test",
            "no log names the test; give the command of the smallest run that fails",
        ),
        (
            pattern.environment.is_empty(),
            "environment",
            "no log shows variables; take them from the workflow file and the machine",
        ),
        (!hidden.is_empty(), "values of variables", hidden_next.as_str()),
        (
            pattern.limits.is_empty(),
            "limits",
            "no log tells a time limit; look for timeouts of the runner, the test framework and the program",
        ),
        (
            case.passing.is_empty(),
            "passing runs",
            "collect logs of passing runs: without them there is no rate, no contrast and no window",
        ),
        (!also.is_empty(), "a sharper oracle", also_next.as_str()),
        (
            weak(&pattern.oracle.regex),
            "words of the failure",
            "the failure's line says little; look for a better one and put it into oracle.regex",
        ),
        (
            pattern.budget.run_seconds.is_none(),
            "duration",
            "no log tells how long a run takes; the first trials will",
        ),
        (
            where_from.hosts.is_empty() && where_from.hardware.is_empty(),
            "machine",
            "no log names the machine or its devices",
        ),
        (
            pattern.window.is_none(),
            "race window",
            "no pair of steps separates failing from passing runs; delays use the general ladder",
        ),
    ];
    let open = gaps.into_iter().filter(|(is_missing, ..)| *is_missing);
    open.map(|(_, what, next)| Missing { what: what.to_owned(), next: next.to_owned() }).collect()
}

fn needs_shell(pattern: &Pattern) -> bool {
    pattern.command.as_ref().is_some_and(|command| command.argv.is_none())
}

fn weak(regex: &str) -> bool {
    regex
        .replace(r"\d", "")
        .replace(r"\s", "")
        .replace(r"\S", "")
        .chars()
        .filter(|c| c.is_alphabetic())
        .count()
        < LEAST_LETTERS
}

/// Returns a passing log in which the oracle's regular expression finds something, or nothing.
fn also_passing(pattern: &Pattern, case: &Case<'_>) -> String {
    let Some(regex) = line_regex::compiled(&pattern.oracle.regex) else { return String::new() };
    let found = case.passing.iter().find_map(|facts| {
        let line = lines(facts).find(|(text, _)| regex.is_match(text))?.1;
        Some(format!("{}:{line}", facts.source.name))
    });
    found.unwrap_or_default()
}

/// Returns lines of a passing run: what looks like a failure, and the steps that it took, each number as 0.
fn lines(facts: &Facts) -> impl Iterator<Item = (Cow<'_, str>, u64)> {
    static VALUE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"<[a-z]+\d+>").ok());
    let expected = facts.setup.iter().flat_map(|setup| &setup.expected);
    let steps = facts.steps.iter().flat_map(|run| &run.steps);
    let steps = steps.filter_map(|((words, _), moments)| {
        let text = VALUE.as_ref()?.replace_all(words, "0");
        Some((text, moments.values().map(|moment| moment.line).min()?))
    });
    expected.map(|(text, at)| (Cow::Borrowed(text.as_str()), at.line)).chain(steps)
}
