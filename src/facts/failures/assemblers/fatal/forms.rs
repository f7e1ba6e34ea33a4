//! The forms that `fatal.toml` holds.

use std::sync::OnceLock;

use aho_corasick::dfa::DFA;
use regex::bytes::{Captures, Regex};
use serde::Deserialize;

use crate::facts::failures::automaton::each_hit;
use crate::facts::failures::event::Kind;
use crate::rules::literals::required_as_written;
use crate::text::lines::Literals;

pub const DATA: &str = include_str!("../../../../rules/fatal.toml");

/// One way of saying it.
#[derive(Debug, Deserialize)]
pub struct Form {
    head: Wording,
    /// Of these strings every line that `head` fits holds one, where none can be derived from it.
    #[serde(default)]
    holds: Vec<String>,
    pub below: Option<Wording>,
    /// Where several stacks are printed, the line above the one of the thread that failed.
    pub stack: Option<Wording>,
    pub class: String,
    kind: String,
    /// True if it tells only how the process ended.
    #[serde(default)]
    pub signal: bool,
    /// True if the words count only over a native stack.
    #[serde(default)]
    pub native: bool,
}

impl Form {
    pub fn kind(&self) -> Kind {
        Kind::ALL.into_iter().find(|kind| kind.name() == self.kind).unwrap_or(Kind::Crash)
    }
}

/// A regex on bytes, made when a line first needs it.
#[derive(Debug, Deserialize)]
#[serde(from = "String")]
pub struct Wording {
    text: String,
    regex: OnceLock<Regex>,
}

impl From<String> for Wording {
    fn from(text: String) -> Self {
        Self { text, regex: OnceLock::new() }
    }
}

impl Wording {
    pub fn captures<'t>(&self, line: &'t [u8]) -> Option<Captures<'t>> {
        let regex = self.regex.get_or_init(|| {
            let built = Regex::new(&format!("(?-u){}", self.text));
            built.unwrap_or_else(|error| panic!("fatal.toml: {error}"))
        });
        // Most lines do not fit, and to say so without captures costs a tenth.
        regex.is_match(line).then(|| regex.captures(line))?
    }
}

#[derive(Deserialize)]
struct File {
    report: Vec<Form>,
}

struct Forms {
    forms: Vec<Form>,
    /// Says quickly that a line holds none of the strings.
    any: Literals,
    strings: DFA,
    /// For each string the form that holds it.
    held_by: Vec<usize>,
}

/// Returns the first form whose head fits the line, and what its groups took.
pub fn head(text: &[u8]) -> Option<(&'static Form, Captures<'_>)> {
    let known = known();
    if !known.any.are_in(text) {
        return None;
    }
    let mut possible = Vec::new();
    each_hit(&known.strings, text, |string, _| possible.push(known.held_by[string]));
    possible.sort_unstable();
    possible.dedup();
    possible.into_iter().find_map(|form| {
        let form = &known.forms[form];
        Some((form, form.head.captures(text)?))
    })
}

fn known() -> &'static Forms {
    static FORMS: OnceLock<Forms> = OnceLock::new();
    FORMS.get_or_init(|| read(DATA).unwrap_or_else(|error| panic!("fatal.toml: {error}")))
}

fn read(data: &str) -> anyhow::Result<Forms> {
    let mut forms = toml::from_str::<File>(data)?.report;
    for form in forms.iter_mut().filter(|form| form.holds.is_empty()) {
        let derived = required_as_written(&form.head.text).map_err(anyhow::Error::msg)?;
        form.holds = derived.iter().map(|string| String::from_utf8_lossy(string).into_owned()).collect();
    }
    let held = forms
        .iter()
        .enumerate()
        .flat_map(|(form, one)| one.holds.iter().map(move |held| (held.as_str(), form)));
    let (strings, held_by): (Vec<&str>, Vec<usize>) = held.unzip();
    Ok(Forms { any: Literals::new(&strings), strings: DFA::new(strings)?, held_by, forms })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_given_only_where_none_can_be_derived() {
        for form in toml::from_str::<File>(DATA).unwrap().report {
            let derived = required_as_written(&form.head.text);
            assert_eq!(derived.is_err(), !form.holds.is_empty(), "{}: {derived:?}", form.head.text);
        }
    }
}
