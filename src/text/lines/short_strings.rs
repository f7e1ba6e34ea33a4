//! The search for some short strings at once.

use std::ops::Range;

use aho_corasick::{AhoCorasick, Input, Match, MatchKind, Span, packed};

/// Some strings that are sought together.
pub struct Group {
    /// For each string those that may begin where it does: itself, and what it begins with or is the beginning of.
    alike: Vec<Vec<u16>>,
    longest: usize,
    search: Search,
}

enum Search {
    /// Looks at many bytes at once.
    Packed(packed::Searcher),
    /// For processors that cannot.
    Automaton(AhoCorasick),
}

impl Group {
    pub fn new(strings: &[(u16, &[u8])]) -> Self {
        let alike = |string: &[u8]| {
            let begins = |other: &[u8]| other.starts_with(string) || string.starts_with(other);
            strings.iter().filter(|(_, other)| begins(other)).map(|(number, _)| *number).collect()
        };
        let alike = strings.iter().map(|(_, string)| alike(string)).collect();
        let strings: Vec<&[u8]> = strings.iter().map(|(_, string)| *string).collect();
        Self {
            alike,
            longest: strings.iter().map(|string| string.len()).max().unwrap_or(1),
            search: packed::Searcher::new(&strings)
                .map_or_else(|| Search::automaton(&strings), Search::Packed),
        }
    }

    /// Calls `visit` with each place in `span` at which one of the strings begins, and with those that may.
    pub fn each(&self, bytes: &[u8], span: Range<usize>, mut visit: impl FnMut(usize, &[u16])) {
        let sought = bytes.get(..span.end + self.longest - 1).unwrap_or(bytes);
        let mut from = span.start;
        while let Some(hit) = self.find(sought, from).filter(|hit| hit.start() < span.end) {
            visit(hit.start(), self.alike.get(hit.pattern().as_usize()).map_or(&[], Vec::as_slice));
            from = hit.start() + 1;
        }
    }

    /// Returns the first string at `from` or after it.
    fn find(&self, bytes: &[u8], from: usize) -> Option<Match> {
        let span = Span::from(from..bytes.len());
        match &self.search {
            Search::Packed(packed) => packed.find_in(bytes, span),
            Search::Automaton(automaton) => automaton.find(Input::new(bytes).span(span)),
        }
    }
}

impl Search {
    fn automaton(strings: &[&[u8]]) -> Self {
        let automaton = AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(strings);
        Self::Automaton(automaton.unwrap_or_else(|error| panic!("strings that are sought: {error}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processors_that_look_at_one_byte_at_a_time_find_the_same() {
        const STRINGS: [&str; 9] = ["rror", "RROR", "fail", "SIG", "bort", "***", "hung", "such", "BUG"];
        let text = "fine\n".repeat(20) + &STRINGS.join(" in a line of its own\n") + "BUG: ";
        let strings = STRINGS.map(str::as_bytes);
        let quick = Group::new(&(0..).zip(strings).collect::<Vec<_>>());
        let slow = Group { alike: Vec::new(), longest: quick.longest, search: Search::automaton(&strings) };
        for from in 0..text.len() {
            let [quick, slow] = [&quick, &slow].map(|group| group.find(text.as_bytes(), from));
            assert_eq!(quick.map(|hit| hit.span()), slow.map(|hit| hit.span()));
        }
    }
}
