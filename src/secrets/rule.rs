//! One form of secret, as the file of rules has it.

use std::sync::{LazyLock, OnceLock};

use crate::rules::table;
use aho_corasick::{AhoCorasick, AhoCorasickBuilder};
use regex::Regex;
use serde::Deserialize;

/// One form of secret.
#[derive(Deserialize)]
pub(super) struct Rule {
    pub(super) name: String,
    literals: Vec<String>,
    pattern: String,
    /// What only a value that is no placeholder may be: a password may look like anything.
    #[serde(default)]
    pub(super) plain: bool,
    /// True for what is a person's and not a secret; masked where that is asked for.
    #[serde(default)]
    pub(super) personal: bool,
    /// Made when a text first may match it.
    #[serde(skip)]
    regex: OnceLock<Option<Regex>>,
}

impl Rule {
    /// Returns the regex; a test shows that each can be made.
    pub(super) fn regex(&self) -> Option<&Regex> {
        self.regex.get_or_init(|| Regex::new(&self.pattern).ok()).as_ref()
    }
}

/// All rules, and the literals that show which of them to try.
pub(super) struct Rules {
    pub(super) rules: Vec<Rule>,
    literals: AhoCorasick,
    /// The rule of each literal.
    of_literal: Vec<usize>,
}

#[derive(Deserialize)]
struct File {
    secret: Vec<Rule>,
}

impl Rules {
    /// Returns the rules of this program, read when first asked for.
    pub(super) fn embedded() -> &'static Self {
        static RULES: LazyLock<Rules> = LazyLock::new(|| {
            let read = Rules::made(table!("secrets").read());
            read.unwrap_or_else(|error| unreachable!("the tests read every rule: {error}"))
        });
        &RULES
    }

    fn made(file: File) -> anyhow::Result<Self> {
        let of = |(at, rule): (usize, &Rule)| rule.literals.iter().map(|_| at).collect::<Vec<_>>();
        let of_literal = file.secret.iter().enumerate().flat_map(of).collect();
        let words = file.secret.iter().flat_map(|rule| &rule.literals);
        let literals = AhoCorasickBuilder::new().ascii_case_insensitive(true).build(words)?;
        Ok(Self { rules: file.secret, literals, of_literal })
    }

    /// Returns the rules that `text` may match, each once, in their order.
    pub(super) fn of(&self, text: &str) -> Vec<&Rule> {
        let mut hit = vec![false; self.rules.len()];
        for literal in self.literals.find_overlapping_iter(text) {
            let rule = self.of_literal.get(literal.pattern().as_usize());
            if let Some(hit) = rule.and_then(|rule| hit.get_mut(*rule)) {
                *hit = true;
            }
        }
        self.rules.iter().zip(hit).filter(|(_, hit)| *hit).map(|(rule, _)| rule).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_can_be_read_and_its_literals_are_lower_case() {
        let file: File = table!("secrets").read();
        for written in &file.secret {
            assert!(written.regex().is_some(), "{} is no regex", written.name);
            assert!(
                written.literals.iter().all(|literal| *literal == literal.to_lowercase()),
                "{}",
                written.name
            );
        }
        assert!(Rules::embedded().of("a line without any").is_empty());
    }
}
