//! Mines templates from lines: masks each line, then generalises the distinct forms together.

use std::cmp::Reverse;

use bstr::ByteSlice;
use rustc_hash::FxHashMap;
use serde::Serialize;

use super::Template;
use super::mask::mask;
use super::shape::shape;
use super::slots::generalise;
use super::template::PLACEHOLDER;
use super::vocabulary::{Shape, VARIABLE, Vocabulary};
use crate::text::lines::clean;

/// Templates, and which of them each line has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mined {
    /// The templates, those of most lines first, equal ones by their text.
    pub templates: Vec<Template>,
    /// The sources in the order they were given.
    pub sources: Vec<MinedSource>,
}

/// The templates of one source's lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MinedSource {
    pub source: String,
    /// For each line, in order, the index of its template in [`Mined::templates`].
    pub of_line: Vec<u32>,
}

/// Collects lines for mining. It keeps their distinct masked forms and four bytes for each line.
#[derive(Default)]
pub struct Miner {
    forms: FxHashMap<Box<[u8]>, u32>,
    sources: Vec<MinedSource>,
    masked: Vec<u8>,
}

impl Miner {
    /// Takes in the lines of a source, each without its `\n`.
    pub fn add<'a>(&mut self, source: impl Into<String>, lines: impl IntoIterator<Item = &'a [u8]>) {
        let of_line = lines.into_iter().map(|line| self.form(line)).collect();
        self.sources.push(MinedSource { source: source.into(), of_line });
    }

    /// Returns the number of the line's masked form, a new one if it was not met before.
    fn form(&mut self, line: &[u8]) -> u32 {
        mask(&clean(line), &mut self.masked);
        if let Some(&known) = self.forms.get(&*self.masked) {
            return known;
        }
        let new = self.forms.len() as u32;
        self.forms.insert(self.masked.as_slice().into(), new);
        new
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
        let texts: Vec<String> = shapes.iter().map(|shape| text(shape, &vocabulary)).collect();
        number(&texts, self.sources)
    }
}

/// Returns the templates of `lines`, as of one source without a name.
///
/// ```
/// let lines = ["run 1 started", "run 2 started", "run 1 failed"].map(str::as_bytes);
/// let mined = ndlog::inner::mine(lines);
/// assert_eq!(mined.templates[0].text, "run <*> started");
/// assert_eq!(mined.templates[0].lines, 2);
/// assert_eq!(mined.sources[0].of_line, [0, 0, 1]);
/// ```
pub fn mine<'a>(lines: impl IntoIterator<Item = &'a [u8]>) -> Mined {
    let mut miner = Miner::default();
    miner.add("", lines);
    miner.finish()
}

fn text(shape: &Shape, vocabulary: &Vocabulary) -> String {
    let mut text = Vec::new();
    for &token in shape {
        text.extend_from_slice(if token == VARIABLE {
            PLACEHOLDER.as_bytes()
        } else {
            vocabulary.text(token)
        });
    }
    text.to_str_lossy().into_owned()
}

/// Returns one template for each distinct text, counted and in order.
fn number(texts: &[String], mut sources: Vec<MinedSource>) -> Mined {
    let mut counts: FxHashMap<&str, u64> = FxHashMap::default();
    for (text, lines) in texts.iter().zip(lines_of_forms(texts.len(), &sources)) {
        *counts.entry(text).or_default() += lines;
    }
    let mut counted: Vec<(&str, u64)> = counts.into_iter().collect();
    counted.sort_unstable_by_key(|&(text, lines)| (Reverse(lines), text));
    let index: FxHashMap<&str, u32> = counted.iter().map(|&(text, _)| text).zip(0..).collect();
    for form in sources.iter_mut().flat_map(|source| &mut source.of_line) {
        *form = index[texts[*form as usize].as_str()];
    }
    let templates = counted.into_iter().map(|(text, lines)| Template::new(text.to_owned(), lines)).collect();
    Mined { templates, sources }
}

fn lines_of_forms(forms: usize, sources: &[MinedSource]) -> Vec<u64> {
    let mut lines = vec![0; forms];
    for &form in sources.iter().flat_map(|source| &source.of_line) {
        lines[form as usize] += 1;
    }
    lines
}
