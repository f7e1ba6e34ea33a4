//! What a regex is made of that a text must hold to match it. `build.rs` takes the regexes of the program apart, too: this
//! file knows nothing but derivations and classes.

use regex_syntax::ast::{self, Ast};
use serde::{Deserialize, Serialize};

use super::byte_class::bytes_of_class;
use super::derivation::{Case, exact, fits, flat, is_required};

/// Of shorter strings only the bytes are asked for.
const SHORTEST: usize = 3;

/// What a text must hold: all of it.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Parts {
    /// Of each of these lists the text has a byte.
    #[serde(rename = "b", skip_serializing_if = "Vec::is_empty")]
    pub bytes: Vec<Bytes>,
    /// The longest of neighbours first.
    #[serde(rename = "s", skip_serializing_if = "Vec::is_empty")]
    pub strings: Vec<Bytes>,
    /// Of each of these lists it holds one.
    #[serde(rename = "c", skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Vec<Parts>>,
}

/// Bytes, written as one letter each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Bytes(pub Vec<u8>);

impl From<String> for Bytes {
    fn from(written: String) -> Self {
        Self(written.chars().filter_map(|letter| u8::try_from(letter).ok()).collect())
    }
}

impl From<Bytes> for String {
    fn from(Bytes(bytes): Bytes) -> Self {
        bytes.into_iter().map(char::from).collect()
    }
}

impl Parts {
    /// Returns the parts of a regex, as they stand in a text in lower case where case is folded; nothing if it is wrong.
    pub fn of(regex: &str, case: Case) -> Self {
        let written = ast::parse::Parser::new().parse(regex);
        written.map_or_else(|_| Self::default(), |written| parts(&written, case))
    }

    fn is_nothing(&self) -> bool {
        self.bytes.is_empty() && self.strings.is_empty() && self.choices.is_empty()
    }

    fn add(&mut self, other: Self) {
        self.bytes.extend(other.bytes);
        self.strings.extend(other.strings);
        self.choices.extend(other.choices);
    }

    fn add_string(&mut self, string: Vec<u8>) {
        if string.len() < SHORTEST {
            string.into_iter().for_each(|byte| self.add_bytes(vec![byte]));
        } else {
            self.strings.push(Bytes(string));
        }
    }

    /// Most lines have a blank and an `e`.
    fn add_bytes(&mut self, bytes: Vec<u8>) {
        let bytes = Bytes(bytes);
        let is_in_most = bytes.0.contains(&b' ') || bytes.0.contains(&b'e');
        if !is_in_most && !self.bytes.contains(&bytes) {
            self.bytes.push(bytes);
        }
    }
}

fn parts(tree: &Ast, case: Case) -> Parts {
    match tree {
        Ast::Group(group) if fits(group, case) => parts(&group.ast, case),
        Ast::Repetition(repetition) if is_required(&repetition.op.kind) => parts(&repetition.ast, case),
        Ast::Alternation(choices) => any(choices.asts.iter().map(|choice| parts(choice, case)).collect()),
        Ast::Concat(concat) => all(&concat.asts, case),
        _ => one(tree, case),
    }
}

/// Returns a text or a class.
fn one(tree: &Ast, case: Case) -> Parts {
    let mut parts = Parts::default();
    match exact(tree, case) {
        Some(string) => parts.add_string(string),
        None => bytes_of_class(tree, case).into_iter().for_each(|bytes| parts.add_bytes(bytes)),
    }
    parts
}

/// An alternative that needs nothing makes the others needless.
fn any(choices: Vec<Parts>) -> Parts {
    let choices = if choices.iter().any(Parts::is_nothing) { Vec::new() } else { vec![choices] };
    Parts { choices, ..Parts::default() }
}

/// Returns the runs of fixed text and the other parts.
fn all(trees: &[Ast], case: Case) -> Parts {
    let (mut whole, mut runs, mut run) = (Parts::default(), Vec::new(), Vec::new());
    if case == Case::Kept && trees.iter().any(|tree| matches!(tree, Ast::Flags(_))) {
        return whole;
    }
    for tree in trees.iter().flat_map(flat) {
        match exact(tree, case) {
            Some(bytes) => run.extend(bytes),
            None => {
                runs.push(std::mem::take(&mut run));
                whole.add(parts(tree, case));
            }
        }
    }
    runs.push(run);
    runs.sort_by_key(|run: &Vec<u8>| std::cmp::Reverse(run.len()));
    runs.into_iter().for_each(|run| whole.add_string(run));
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for regex in [r"^ring \d+: (?:torn|lost)$", r"é\xff#", "(", r"[^\w\s]"] {
            let parts = Parts::of(regex, Case::Kept);
            let written = serde_json::to_string(&parts).unwrap();
            assert_eq!(serde_json::from_str::<Parts>(&written).unwrap(), parts, "{written}");
        }
    }
}
