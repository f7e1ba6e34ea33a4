//! The forms that `kernel.toml` holds.

use std::sync::OnceLock;

use regex::bytes::{Captures, Regex, RegexSet};
use serde::Deserialize;

use crate::facts::failures::event::Kind;
use crate::rules::{Embedded, table};

const DATA: Embedded = table!("kernel");

/// Where the function at fault is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    Stack,
    Lock,
    Hang,
    Stall,
    Head,
    Nowhere,
}

/// One kind of report.
#[derive(Debug, Deserialize)]
pub struct Form {
    head: String,
    class: String,
    kind: String,
    pub place: Place,
    /// Words of functions passed over in this form alone.
    #[serde(default)]
    pub skip: Vec<String>,
    /// True if the report only follows from one before it.
    #[serde(default)]
    pub follows: bool,
    /// True if a report that has begun above goes on here.
    #[serde(default)]
    pub continues: bool,
}

/// A frame that stands for a cause met on many stacks.
#[derive(Debug, Deserialize)]
pub struct Bucket {
    pub of: Vec<Place>,
    pub begins: String,
    pub is: String,
}

/// All that the file holds.
#[derive(Debug, Deserialize)]
pub struct Forms {
    pub passed_over: Vec<String>,
    pub waiting: Vec<String>,
    pub bucket: Vec<Bucket>,
    pub anchor: Vec<String>,
    report: Vec<Form>,
    #[serde(skip)]
    heads: Heads,
}

#[derive(Debug, Default)]
struct Heads {
    any: RegexSet,
    each: Vec<Regex>,
}

/// A head line that was recognised.
pub struct Head<'a> {
    pub form: &'static Form,
    captures: Captures<'a>,
}

impl Head<'_> {
    /// Returns what a group of the head took.
    pub fn group(&self, name: &str) -> Option<String> {
        let group = self.captures.name(name)?;
        Some(String::from_utf8_lossy(group.as_bytes()).trim().to_owned())
    }

    pub fn kind(&self) -> Kind {
        Kind::ALL.into_iter().find(|kind| kind.name() == self.form.kind).unwrap_or(Kind::Crash)
    }

    /// Returns the class with its groups filled in.
    pub fn class(&self, access: &str) -> String {
        let mut class = self.form.class.replace("{access}", access);
        for name in ["what", "other"] {
            class = class.replace(&format!("{{{name}}}"), &self.group(name).unwrap_or_default());
        }
        class.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// Returns the forms, read once.
pub fn forms() -> &'static Forms {
    static FORMS: OnceLock<Forms> = OnceLock::new();
    FORMS.get_or_init(|| {
        let mut forms: Forms = DATA.read();
        let heads = || forms.report.iter().map(|form| format!("(?-u){}", form.head));
        let any = RegexSet::new(heads()).unwrap_or_else(|error| panic!("kernel.toml: {error}"));
        let one = |head: String| Regex::new(&head).unwrap_or_else(|error| panic!("kernel.toml: {error}"));
        forms.heads = Heads { any, each: heads().map(one).collect() };
        forms
    })
}

/// Returns the first form whose head fits the line.
pub fn head(text: &[u8]) -> Option<Head<'_>> {
    let forms = forms();
    let position = forms.heads.any.matches(text).iter().next()?;
    let captures = forms.heads.each.get(position)?.captures(text)?;
    Some(Head { form: forms.report.get(position)?, captures })
}
