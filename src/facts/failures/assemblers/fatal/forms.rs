//! The forms that `fatal.toml` holds.

use std::sync::OnceLock;

use regex::bytes::Captures;
use serde::Deserialize;

use crate::facts::failures::event::Kind;
use crate::rules::literals::required_as_written;
use crate::rules::{Embedded, LazyRegex, Sketch, table};
use crate::text::lines::Literals;

pub const DATA: Embedded = table!("fatal");

/// One way of saying it.
#[derive(Debug, Deserialize)]
pub struct Form {
    head: LazyRegex,
    /// Of these strings every line that `head` fits holds one, where none can be derived from it.
    #[serde(default)]
    holds: Vec<String>,
    pub below: Option<LazyRegex>,
    /// Where several stacks are printed, the line above the one of the thread that failed.
    pub stack: Option<LazyRegex>,
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

#[derive(Deserialize)]
struct File {
    report: Vec<Form>,
}

struct Forms {
    forms: Vec<Form>,
    strings: Literals,
    /// For each string the form that holds it.
    held_by: Vec<usize>,
}

/// Returns the first form whose head fits the line, and what its groups took.
pub fn head(text: &[u8]) -> Option<(&'static Form, Captures<'_>)> {
    let known = known();
    let held = known.strings.held(text).into_iter();
    let mut possible: Vec<usize> =
        held.filter_map(|string| known.held_by.get(usize::from(string)).copied()).collect();
    possible.sort_unstable();
    possible.dedup();
    let sketch = Sketch::of(text, possible.len());
    possible.into_iter().find_map(|form| {
        let form = known.forms.get(form)?;
        Some((form, form.head.captures(&sketch)?))
    })
}

/// Makes the search now.
pub fn prepare() {
    known();
}

fn known() -> &'static Forms {
    static FORMS: OnceLock<Forms> = OnceLock::new();
    FORMS.get_or_init(|| read(DATA.read()).unwrap_or_else(|error| panic!("fatal.toml: {error}")))
}

fn read(File { report: mut forms }: File) -> Result<Forms, String> {
    for form in forms.iter_mut().filter(|form| form.holds.is_empty()) {
        let derived = required_as_written(form.head.text())?;
        form.holds = derived.iter().map(|string| String::from_utf8_lossy(string).into_owned()).collect();
    }
    let held = forms
        .iter()
        .enumerate()
        .flat_map(|(form, one)| one.holds.iter().map(move |held| (held.as_str(), form)));
    let (strings, held_by): (Vec<&str>, Vec<usize>) = held.unzip();
    Ok(Forms { strings: Literals::new(&strings), held_by, forms })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_given_only_where_none_can_be_derived() {
        for form in DATA.read::<File>().report {
            let derived = required_as_written(form.head.text());
            assert_eq!(derived.is_err(), !form.holds.is_empty(), "{}: {derived:?}", form.head.text());
        }
    }
}
