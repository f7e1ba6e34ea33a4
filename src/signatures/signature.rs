//! The identity of a failure.

use std::ops::Range;

/// What a failure is called, whichever run it happens in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// 16 hex digits, from the normal form and the version of the rules alone.
    pub id: String,
    /// The parts of the normal form: class, message, frames.
    pub parts: Vec<String>,
    /// For people: one line.
    pub title: String,
    /// The catalog entry that matched.
    pub known: Option<String>,
    /// Which parts may differ a little in the same failure.
    pub near: Near,
}

/// The parts of a normal form that may differ a little from run to run; all others are equal
/// where two signatures are one failure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Near {
    pub range: Range<usize>,
    pub form: Form,
}

/// How those parts are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// A message, letter by letter.
    #[default]
    Words,
    /// A stack, innermost frame first.
    Stack,
    /// Places in no order of meaning.
    Set,
}

impl Signature {
    /// Returns the normal form, parts joined by ` | `.
    pub fn normal(&self) -> String {
        self.parts.join(" | ")
    }

    /// Returns the parts that may differ.
    pub fn varying(&self) -> &[String] {
        self.parts.get(self.near.range.clone()).unwrap_or_default()
    }

    /// Returns the parts that may not.
    pub fn fixed(&self) -> impl Iterator<Item = &str> {
        let range = &self.near.range;
        self.parts.iter().enumerate().filter(|(at, _)| !range.contains(at)).map(|(_, part)| part.as_str())
    }
}
