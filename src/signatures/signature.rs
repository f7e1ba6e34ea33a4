//! The identity of a failure.

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
}

impl Signature {
    /// Returns the normal form, parts joined by ` | `.
    pub fn normal(&self) -> String {
        self.parts.join(" | ")
    }
}
