//! The forms that `kernel.toml` holds.

use std::sync::LazyLock;

use regex::bytes::Captures;
use serde::Deserialize;

use crate::facts::failures::event::Kind;
use crate::rules::{Embedded, Wordings, table};

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
    class: String,
    kind: Kind,
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

/// What the file holds beside the forms.
#[derive(Debug, Deserialize)]
pub struct Forms {
    pub passed_over: Vec<String>,
    pub waiting: Vec<String>,
    pub bucket: Vec<Bucket>,
    pub anchor: Vec<String>,
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
        self.form.kind
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

/// Returns what holds for all forms, read once.
pub fn forms() -> &'static Forms {
    static FORMS: LazyLock<Forms> = LazyLock::new(|| DATA.read());
    &FORMS
}

/// Returns the first form whose pattern fits the line.
pub fn head(text: &[u8]) -> Option<Head<'_>> {
    static FORMS: LazyLock<Wordings<Form>> = LazyLock::new(|| Wordings::embedded(DATA));
    FORMS.matches(text).next().map(|(_, form, captures)| Head { form, captures })
}
