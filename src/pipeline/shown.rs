//! What reports show beside the findings, kept from the facts: log lines, and when actors wrote.

use std::collections::BTreeMap;

use crate::facts::{ActorTimes, Excerpt, Facts};

/// What may be shown of each source.
#[derive(Debug, Default)]
pub struct Shown {
    /// By source.
    pub excerpts: BTreeMap<String, Vec<Excerpt>>,
    /// By source.
    pub actors: BTreeMap<String, Vec<ActorTimes>>,
}

impl Shown {
    /// Takes out of some facts what is only shown.
    pub fn take(facts: &mut [Facts]) -> Self {
        let mut shown = Self::default();
        for facts in facts {
            let source = &facts.source.name;
            let mut excerpts = std::mem::take(&mut facts.excerpts);
            excerpts.append(&mut facts.step_excerpts);
            shown.excerpts.insert(source.clone(), excerpts);
            shown.actors.insert(source.clone(), std::mem::take(&mut facts.actors));
        }
        shown
    }

    /// Returns the lines `first..=last` of a source, as far as they were kept.
    pub fn lines(&self, source: &str, first: u64, last: u64) -> Vec<Excerpt> {
        let mut lines: BTreeMap<u64, &str> = BTreeMap::new();
        for excerpt in self.excerpts.get(source).into_iter().flatten() {
            let kept = (excerpt.line_start..).zip(&excerpt.lines);
            lines.extend(
                kept.filter(|(line, _)| (first..=last).contains(line))
                    .map(|(line, text)| (line, text.as_str())),
            );
        }
        let mut excerpts: Vec<Excerpt> = Vec::new();
        for (line, text) in lines {
            match excerpts.last_mut() {
                Some(open) if open.line_start + open.lines.len() as u64 == line => {
                    open.lines.push(text.to_owned());
                }
                _ => excerpts.push(Excerpt { line_start: line, lines: vec![text.to_owned()] }),
            }
        }
        excerpts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_neighbouring_excerpts_come_together_and_gaps_stay() {
        let excerpt = |line_start, lines: &[&str]| Excerpt {
            line_start,
            lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        };
        let mut shown = Shown::default();
        let kept = vec![excerpt(3, &["c", "d"]), excerpt(5, &["e"]), excerpt(9, &["i"])];
        shown.excerpts.insert("a.log".to_owned(), kept);
        assert_eq!(shown.lines("a.log", 4, 20), [excerpt(4, &["d", "e"]), excerpt(9, &["i"])]);
        assert_eq!(shown.lines("b.log", 1, 20), []);
    }
}
