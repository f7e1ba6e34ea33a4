//! The forms that `fatal.toml` holds.

use std::sync::LazyLock;

use regex::bytes::Captures;
use serde::Deserialize;

use crate::facts::failures::event::Kind;
use crate::rules::{Embedded, LazyRegex, Wordings, table};

pub const DATA: Embedded = table!("fatal");

/// One way of saying it.
#[derive(Debug, Deserialize)]
pub struct Form {
    pub below: Option<LazyRegex>,
    /// Where several stacks are printed, the line above the one of the thread that failed.
    pub stack: Option<LazyRegex>,
    pub class: String,
    pub kind: Kind,
    /// True if it tells only how the process ended.
    #[serde(default)]
    pub signal: bool,
    /// True if the words count only over a native stack.
    #[serde(default)]
    pub native: bool,
}

static FORMS: LazyLock<Wordings<Form>> = LazyLock::new(|| Wordings::embedded(DATA));

/// Returns the first form whose pattern fits the line, and what its groups took.
pub fn head(text: &[u8]) -> Option<(&'static Form, Captures<'_>)> {
    FORMS.matches(text).next().map(|(_, form, captures)| (form, captures))
}

/// Makes the search now.
pub fn prepare() {
    head(b"");
}
