//! A place in a log, with the lines round it and their numbers.

use serde::Serialize;

use crate::findings::Findings;

/// Lines shown before and after those that are meant.
const AROUND: u64 = 5;
/// Lines shown at most.
const MOST: usize = 60;

/// Some lines of a log.
#[derive(Serialize)]
pub struct Context<'a> {
    source: &'a str,
    line: u64,
    lines: Vec<ContextLine<'a>>,
    /// Lines that are meant and not shown, below the last one shown.
    more: u64,
}

#[derive(Serialize)]
struct ContextLine<'a> {
    number: u64,
    text: &'a str,
    /// True for the lines that are meant.
    meant: bool,
}

impl<'a> Context<'a> {
    /// Returns the lines `first` to `last` and those round them; without an excerpt, only the place.
    pub fn of(findings: &'a Findings, source: &'a str, first: u64, last: u64) -> Self {
        let shown = first.saturating_sub(AROUND)..=last.saturating_add(AROUND);
        let lines = findings.excerpt(source, first).into_iter().flat_map(|excerpt| {
            (excerpt.line_start..).zip(&excerpt.lines).map(|(number, text)| ContextLine {
                number,
                text,
                meant: (first..=last).contains(&number),
            })
        });
        let lines: Vec<_> = lines.filter(|line| shown.contains(&line.number)).take(MOST).collect();
        let more = lines.last().map_or(0, |shown| last.saturating_sub(shown.number));
        Self { source, line: first, lines, more }
    }

    /// Shows no more than `most` lines.
    pub fn cut(mut self, most: usize) -> Self {
        let left_out = self.lines.split_off(most.min(self.lines.len()));
        self.more += left_out.iter().filter(|line| line.meant).count() as u64;
        self
    }
}
