//! Wordings that speak for a cause in any log, whichever tool wrote it.

use std::sync::OnceLock;

use aho_corasick::AhoCorasick;
use regex_automata::meta::Regex;
use serde::Deserialize;

use crate::rules::{matcher, required_literals};

/// A wording, as `clues.toml` tells it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clue {
    pub name: String,
    /// Clues of one family count once.
    pub family: String,
    /// What the line says, for a reader.
    pub says: String,
    /// For one cleaned line; letters of either case.
    pattern: String,
    /// A line that matches this too does not say it.
    unless: Option<String>,
    /// True if the line states the cause outright.
    #[serde(default)]
    pub explicit: bool,
    /// True if the line says it only where no other line stands between it and the failure.
    #[serde(default)]
    pub unfinished: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    clue: Vec<Clue>,
}

/// What says that a line is a clue, and what that it is not; the tests make each.
type Matchers = (Option<Regex>, Option<Regex>);

/// All clues and the one search for them.
pub struct Clues {
    pub all: Vec<Clue>,
    /// Made when first asked: most are never needed in one run.
    matchers: Vec<OnceLock<Matchers>>,
    literals: AhoCorasick,
    /// For each literal the clue that needs it.
    needed_by: Vec<usize>,
    /// The clues that no literal stands for.
    always: Vec<usize>,
}

/// Bytes of a line that are searched: what says why stands near its beginning.
const LONGEST: usize = 4096;

impl Clues {
    /// Returns the clues that are part of this program.
    pub fn embedded() -> &'static Self {
        static CLUES: OnceLock<Clues> = OnceLock::new();
        CLUES.get_or_init(|| {
            Self::read(include_str!("../../rules/clues.toml"))
                .unwrap_or_else(|error| unreachable!("the tests read every clue: {error}"))
        })
    }

    fn read(text: &str) -> anyhow::Result<Self> {
        let all = toml::from_str::<File>(text)?.clue;
        let (mut literals, mut needed_by, mut always) = (Vec::new(), Vec::new(), Vec::new());
        for (number, clue) in all.iter().enumerate() {
            match required_literals(&format!("(?i){}", clue.pattern)) {
                Ok(found) => {
                    needed_by.extend(found.iter().map(|_| number));
                    literals.extend(found);
                }
                Err(_) => always.push(number),
            }
        }
        let literals = AhoCorasick::builder().ascii_case_insensitive(true).build(literals)?;
        let matchers = all.iter().map(|_| OnceLock::new()).collect();
        Ok(Self { all, matchers, literals, needed_by, always })
    }

    /// Returns the clue with this name.
    pub fn named(&self, name: &str) -> Option<&Clue> {
        self.all.iter().find(|clue| clue.name == name)
    }

    /// Returns the positions of the clues that `line` holds, ascending.
    pub fn find(&self, line: &[u8]) -> Vec<usize> {
        let line = line.get(..LONGEST).unwrap_or(line);
        let hits = self.literals.find_overlapping_iter(line);
        let mut found: Vec<usize> =
            hits.filter_map(|hit| self.needed_by.get(hit.pattern().as_usize()).copied()).collect();
        found.extend(&self.always);
        found.sort_unstable();
        found.dedup();
        found.retain(|&clue| self.says(clue, line));
        found
    }

    fn says(&self, clue: usize, line: &[u8]) -> bool {
        let Some((clue, matchers)) = self.all.get(clue).zip(self.matchers.get(clue)) else { return false };
        let (says, unless) = matchers.get_or_init(|| clue.matchers());
        let fits = |regex: &Option<Regex>| regex.as_ref().is_some_and(|regex| regex.is_match(line));
        fits(says) && !fits(unless)
    }
}

impl Clue {
    fn matchers(&self) -> Matchers {
        (matcher(&self.pattern, true), self.unless.as_deref().and_then(|unless| matcher(unless, true)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_stated_only_by_a_line_that_states_it() {
        let clues = Clues::embedded();
        for (line, stated, why) in [
            ("Found one Java-level deadlock:", Some("wait-cycle"), "the runtime shows the cycle"),
            ("fatal error: all goroutines are asleep - deadlock!", Some("wait-cycle"), "nobody can go on"),
            ("INFO: task a:1 is blocked on a mutex likely owned by task b:2.", None, "one wait is no cycle"),
            ("WARNING: possible circular locking dependency detected", None, "it need not have happened"),
            ("possible deadlock detected between ring and log", None, "possible"),
            ("write: No space left on device", Some("no-space"), "the disk says so"),
            ("rpc error: code = ResourceExhausted desc = message larger than max", None, "no disk"),
            ("took 429 ms, 429 tests", None, "a number is no refusal"),
            ("response status code: 429", Some("rate-limit"), "the server says so"),
            ("opening a connection pool of 8", None, "a pool that has room"),
            ("evicted 12 entries from the cache", None, "no machine"),
            ("pod ring-7 was evicted", Some("runner-lost"), "its machine"),
        ] {
            let found = clues.find(line.as_bytes()).into_iter().map(|clue| &clues.all[clue]);
            let explicit: Vec<&str> =
                found.filter(|clue| clue.explicit).map(|clue| clue.name.as_str()).collect();
            assert_eq!(explicit, stated.into_iter().collect::<Vec<_>>(), "{line}: {why}");
        }
    }

    #[test]
    fn words_of_another_matter_are_no_clue() {
        let clues = Clues::embedded();
        let says = |line: &str, name: &str| {
            clues.find(line.as_bytes()).into_iter().any(|clue| clues.all[clue].name == name)
        };
        for (name, it_is, it_is_not) in [
            ("http-status", "The requested URL returned error: 503", "ring.js:500:14: check took: 502 ms"),
            (
                "own-limit",
                "java.util.concurrent.TimeoutException",
                "ring/RingTimeoutException.class already added, skipping",
            ),
            (
                "not-ready",
                "write failed: EPIPE",
                "\tat java.util.stream.ReferencePipeline.forEach(ReferencePipeline.java:127)",
            ),
            ("credentials", "error: invalid credentials", "No credentials specified"),
            ("stalled", "the ring stalled", "the ring is installed"),
            ("not-ready", "the link is not available yet", "Process uptime: not available"),
            (
                "left-running",
                "panic: goroutine leak: 3 running",
                "SUMMARY: AddressSanitizer: 64 byte(s) leaked in 1 allocation(s).",
            ),
        ] {
            assert!(says(it_is, name), "{name}: {it_is}");
            assert!(!says(it_is_not, name), "{name}: {it_is_not}");
        }
    }

    #[test]
    fn every_clue_is_found_by_its_strings() {
        let clues = Clues::embedded();
        let always: Vec<&str> = clues.always.iter().map(|&clue| clues.all[clue].name.as_str()).collect();
        assert_eq!(always, [""; 0], "they would be tried on each line");
    }

    #[test]
    fn every_pattern_can_be_made() {
        for clue in &Clues::embedded().all {
            let (says, unless) = clue.matchers();
            assert!(says.is_some() && unless.is_some() == clue.unless.is_some(), "{}", clue.name);
        }
    }
}
