//! Mines templates from lines: masks each line, then generalises the distinct forms together.

use std::cmp::Reverse;

use bstr::ByteSlice;
use rustc_hash::FxHashMap;

use super::Template;
use super::mask::mask;
use super::shape::shape;
use super::slots::generalise;
use super::template::PLACEHOLDER;
use super::vocabulary::{Shape, VARIABLE, Vocabulary};
use crate::lines::clean;

/// Templates, and which of them each line has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mined {
    /// The templates, those of most lines first, equal ones by their text.
    pub templates: Vec<Template>,
    /// For each line, in the order they were given, its index in `templates`.
    pub of_line: Vec<u32>,
}

/// Collects lines for mining. It keeps their distinct masked forms and four bytes for each line.
#[derive(Default)]
pub struct Miner {
    forms: FxHashMap<Box<[u8]>, u32>,
    of_line: Vec<u32>,
    masked: Vec<u8>,
}

impl Miner {
    /// Takes in a line, without its `\n`.
    pub fn add(&mut self, line: &[u8]) {
        mask(&clean(line), &mut self.masked);
        let form = match self.forms.get(&*self.masked) {
            Some(&known) => known,
            None => {
                let new = self.forms.len() as u32;
                self.forms.insert(self.masked.as_slice().into(), new);
                new
            }
        };
        self.of_line.push(form);
    }

    /// Returns how many lines were taken in.
    pub fn lines(&self) -> usize {
        self.of_line.len()
    }

    /// Returns the templates of all lines taken in. The same lines in another order have the same
    /// templates.
    pub fn finish(self) -> Mined {
        let mut forms: Vec<(Box<[u8]>, u32)> = self.forms.into_iter().collect();
        forms.sort_unstable_by_key(|&(_, number)| number);
        let mut vocabulary = Vocabulary::new();
        let mut shapes: Vec<Shape> =
            forms.iter().map(|(form, _)| shape(form, &mut vocabulary).into()).collect();
        generalise(&mut shapes, &vocabulary);
        let texts = shapes.iter().map(|shape| text(shape, &vocabulary)).collect();
        number(texts, self.of_line)
    }
}

/// Returns the templates of `lines`.
///
/// ```
/// let lines = ["run 1 started", "run 2 started", "run 1 failed"].map(str::as_bytes);
/// let mined = ndlog::templates::mine(lines);
/// assert_eq!(mined.templates[0].text, "run <*> started");
/// assert_eq!(mined.templates[0].lines, 2);
/// assert_eq!(mined.of_line, [0, 0, 1]);
/// ```
pub fn mine<'a>(lines: impl IntoIterator<Item = &'a [u8]>) -> Mined {
    let mut miner = Miner::default();
    lines.into_iter().for_each(|line| miner.add(line));
    miner.finish()
}

fn text(shape: &Shape, vocabulary: &Vocabulary) -> String {
    let mut text = Vec::new();
    for &token in shape {
        text.extend_from_slice(if token == VARIABLE { PLACEHOLDER.as_bytes() } else { vocabulary.text(token) });
    }
    text.to_str_lossy().into_owned()
}

/// Returns one template for each distinct text, counted and in order.
fn number(texts: Vec<String>, of_line: Vec<u32>) -> Mined {
    let mut lines_of_form = vec![0; texts.len()];
    for &form in &of_line {
        lines_of_form[form as usize] += 1;
    }
    let mut counts: FxHashMap<&str, u64> = FxHashMap::default();
    for (text, lines) in texts.iter().zip(lines_of_form) {
        *counts.entry(text).or_default() += lines;
    }
    let mut counted: Vec<(&str, u64)> = counts.into_iter().collect();
    counted.sort_unstable_by_key(|&(text, lines)| (Reverse(lines), text));
    let place: FxHashMap<&str, u32> = (0..).zip(&counted).map(|(index, (text, _))| (*text, index)).collect();
    Mined {
        of_line: of_line.into_iter().map(|form| place[texts[form as usize].as_str()]).collect(),
        templates: counted.iter().map(|&(text, lines)| Template::new(text.to_owned(), lines)).collect(),
    }
}
