//! How far apart two signatures are.

use std::collections::BTreeSet;

use super::edits::edits;
use crate::signatures::{Form, Signature};
use crate::text::work;

/// What comparing two signatures showed.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// From 0, equal, to 1, nothing in common.
    pub distance: f64,
    /// Signatures farther apart than this stay apart.
    pub threshold: f64,
    /// The fixed parts that only one of the two has; while there are any, the two stay apart.
    pub differ: Vec<String>,
}

impl Comparison {
    /// Returns true if and only if the two are the same failure.
    pub fn is_near(&self) -> bool {
        self.differ.is_empty() && self.distance <= self.threshold
    }
}

/// Compares two signatures.
pub fn compare(a: &Signature, b: &Signature) -> Comparison {
    let (fixed_a, fixed_b): (Vec<&str>, Vec<&str>) = (a.fixed().collect(), b.fixed().collect());
    let only = |these: &[&str], those: &[&str]| -> Vec<String> {
        these.iter().filter(|part| !those.contains(part)).map(|part| (*part).to_owned()).collect()
    };
    let mut differ = only(&fixed_a, &fixed_b);
    differ.extend(only(&fixed_b, &fixed_a));
    let comparable = a.near.form == b.near.form;
    let distance = if comparable { distance(a.near.form, a.varying(), b.varying()) } else { 1.0 };
    Comparison { distance, threshold: threshold(a.near.form), differ }
}

/// Returns the distance up to which two signatures are one: for stacks that of casr; for messages
/// that of Kubernetes' triage, a tenth of their length; for places two of three in common.
pub fn threshold(form: Form) -> f64 {
    match form {
        Form::Words => 0.1,
        Form::Stack => 0.3,
        Form::Set => 1.0 / 3.0,
    }
}

/// Returns the distance of two varying parts, from 0 to 1.
fn distance(form: Form, a: &[String], b: &[String]) -> f64 {
    Varying::of(form, a).distance(&Varying::of(form, b), 1.0).unwrap_or(1.0)
}

/// The varying parts of one signature, made ready to be compared with many others.
pub(super) struct Varying<'a> {
    form: Form,
    parts: &'a [String],
    /// The letters of a message, and what in it is meaning; empty for other forms.
    letters: Vec<char>,
    meaning: String,
}

impl<'a> Varying<'a> {
    /// Prepares `parts`.
    pub(super) fn of(form: Form, parts: &'a [String]) -> Self {
        let letters: Vec<char> = match form {
            Form::Words => parts.join(" ").chars().collect(),
            Form::Stack | Form::Set => Vec::new(),
        };
        let meaning = letters.iter().copied().filter(means).collect();
        Self { form, parts, letters, meaning }
    }

    /// Returns the distance, or `None` where it is more than `most`.
    pub(super) fn distance(&self, other: &Self, most: f64) -> Option<f64> {
        work::add(self.parts.len() + other.parts.len());
        let far = match self.form {
            _ if self.parts == other.parts => 0.0,
            _ if self.parts.is_empty() || other.parts.is_empty() => 1.0,
            Form::Words => self.words(other, most),
            Form::Stack => stacks(self.parts, other.parts),
            Form::Set => sets(self.parts, other.parts),
        };
        (far <= most).then_some(far)
    }

    /// Returns the words of a message, or the other parts as they are: what near signatures share.
    pub(super) fn words_of(&self) -> Vec<&'a str> {
        let parts = self.parts.iter().map(String::as_str);
        match self.form {
            Form::Words => parts
                .flat_map(|part| part.split(|letter: char| !letter.is_alphanumeric()))
                .filter(|word| !word.is_empty())
                .collect(),
            Form::Stack | Form::Set => parts.collect(),
        }
    }

    /// Returns what must be equal in near messages.
    pub(super) fn meaning(&self) -> &str {
        &self.meaning
    }

    /// Edits from one message to the other, of their mean length. Numbers that were not masked are meaning, and
    /// so are operators: messages that differ in them have nothing in common.
    fn words(&self, other: &Self, most: f64) -> f64 {
        let (a, b) = (&self.letters, &other.letters);
        if a.len().min(b.len()) < SHORT || self.meaning != other.meaning {
            return 1.0;
        }
        let mean = (a.len() + b.len()) as f64 / 2.0;
        let allowed = (mean * most).floor() as usize;
        edits(a, b, allowed).map_or(1.0, |edits| (edits as f64 / mean).min(1.0))
    }
}

/// Returns true for letters that are meaning.
fn means(letter: &char) -> bool {
    letter.is_ascii_digit() || "=<>!+-*/&|".contains(*letter)
}

/// Position dependent model, as in casr: equal frames count the more the nearer they are to the
/// top, and the less the farther their positions lie apart.
fn stacks(a: &[String], b: &[String]) -> f64 {
    const FROM_TOP: f64 = 0.04;
    const APART: f64 = 0.13;
    let mut before = vec![0.0; b.len() + 1];
    for (i, frame) in a.iter().enumerate() {
        let mut row = vec![0.0; b.len() + 1];
        for (j, other) in b.iter().enumerate() {
            let (top, apart) = (i.min(j) as f64, i.abs_diff(j) as f64);
            let gain = if frame == other { (-(FROM_TOP * top + APART * apart)).exp() } else { 0.0 };
            row[j + 1] = f64::max(before[j] + gain, f64::max(before[j + 1], row[j]));
        }
        before = row;
    }
    let most: f64 = (0..a.len().min(b.len())).map(|i| (-FROM_TOP * i as f64).exp()).sum();
    1.0 - before.last().copied().unwrap_or_default() / most
}

/// Jaccard distance: what only one of the two has, of all that either has.
fn sets(a: &[String], b: &[String]) -> f64 {
    let (a, b): (BTreeSet<_>, BTreeSet<_>) = (a.iter().collect(), b.iter().collect());
    1.0 - a.intersection(&b).count() as f64 / a.union(&b).count() as f64
}

/// Messages shorter than this have no letters to spare.
const SHORT: usize = 40;

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    fn words(a: &str, b: &str) -> f64 {
        distance(Form::Words, &texts(&[a]), &texts(&[b]))
    }

    #[test]
    fn stacks_differ_more_where_their_tops_do() {
        let stack = texts(&["push", "enqueue", "run", "main", "start"]);
        let top = texts(&["pop", "enqueue", "run", "main", "start"]);
        let bottom = texts(&["push", "enqueue", "run", "main", "begin"]);
        let near = |other: &[String]| distance(Form::Stack, &stack, other);
        assert_eq!(near(&stack), 0.0);
        assert!(near(&bottom) < near(&top) && near(&top) < 0.3, "{} {}", near(&bottom), near(&top));
        assert_eq!(distance(Form::Stack, &stack, &texts(&["a", "b"])), 1.0);
    }

    #[test]
    fn places_have_no_order() {
        let (a, b) = (texts(&["recv", "send", "wait"]), texts(&["wait", "send", "recv"]));
        assert_eq!(distance(Form::Set, &a, &b), 0.0);
        assert_eq!(distance(Form::Set, &a, &texts(&["recv", "send", "lock"])), 0.5);
    }

    #[test]
    fn messages_that_differ_in_meaning_are_far_apart() {
        let far = [
            (
                "the process of the launcher has ended with exit code 134",
                "the process of the launcher has ended with exit code 137",
            ),
            (
                "Check failed: ring_head_index == ring_tail_index",
                "Check failed: ring_head_index != ring_tail_index",
            ),
            ("VM Started", "VM Paused"),
        ];
        for (a, b) in far {
            assert_eq!(distance(Form::Words, &texts(&[a]), &texts(&[b])), 1.0, "{a}");
        }
        let (a, b) = (
            "cannot open the ring of device alpha for the second time",
            "cannot open the ring of device alpha for the 2nd time",
        );
        assert_eq!(words(a, b), 1.0);
        let near = words(
            "waiting for the reply of the worker took too long",
            "waiting for a reply of the worker took too long",
        );
        assert!(near > 0.0 && near < 0.1, "{near}");
    }
}
