//! The forms that `fatal.toml` holds.

use std::sync::OnceLock;

use aho_corasick::AhoCorasick;
use regex::bytes::{Captures, Regex, RegexSet};
use serde::Deserialize;

use crate::events::event::Kind;

pub const DATA: &str = include_str!("../../fatal.toml");

/// One way of saying it, as the file has it.
#[derive(Debug, Deserialize)]
struct Entry {
    head: String,
    below: Option<String>,
    class: String,
    kind: String,
    #[serde(default)]
    signal: bool,
    #[serde(default)]
    native: bool,
}

#[derive(Debug, Deserialize)]
struct File {
    marks: Vec<String>,
    report: Vec<Entry>,
}

/// One way of saying it.
#[derive(Debug)]
pub struct Form {
    head: Regex,
    pub below: Option<Regex>,
    pub class: String,
    pub kind: Kind,
    /// True if it tells only how the process ended.
    pub signal: bool,
    /// True if the words count only over a native stack.
    pub native: bool,
}

struct Forms {
    marks: AhoCorasick,
    any: RegexSet,
    forms: Vec<Form>,
}

/// Returns the first form whose head fits the line, and what its groups took.
pub fn head(text: &[u8]) -> Option<(&'static Form, Captures<'_>)> {
    let known = known();
    if !known.marks.is_match(text) {
        return None;
    }
    let form = known.forms.get(known.any.matches(text).iter().next()?)?;
    Some((form, form.head.captures(text)?))
}

fn known() -> &'static Forms {
    static FORMS: OnceLock<Forms> = OnceLock::new();
    FORMS.get_or_init(|| read(DATA).unwrap_or_else(|error| panic!("fatal.toml: {error}")))
}

fn read(data: &str) -> anyhow::Result<Forms> {
    let file: File = toml::from_str(data)?;
    let bytes = |form: &str| format!("(?-u){form}");
    let any = RegexSet::new(file.report.iter().map(|entry| bytes(&entry.head)))?;
    let forms = file.report.into_iter().map(|entry| {
        Ok(Form {
            head: Regex::new(&bytes(&entry.head))?,
            below: entry.below.as_deref().map(|below| Regex::new(&bytes(below))).transpose()?,
            class: entry.class,
            kind: Kind::ALL.into_iter().find(|kind| kind.name() == entry.kind).unwrap_or(Kind::Crash),
            signal: entry.signal,
            native: entry.native,
        })
    });
    Ok(Forms { marks: AhoCorasick::new(file.marks)?, any, forms: forms.collect::<anyhow::Result<_>>()? })
}
