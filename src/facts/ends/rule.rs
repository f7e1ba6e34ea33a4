//! One rule of `rules/ends`, and what it makes of the words of a line.

use std::sync::OnceLock;

use regex::bytes::{Captures, Regex};
use serde::Deserialize;

use super::end::{Scope, Verdict};
use crate::rules::{Embedded, LazyRegex, Wordings, captured, table};

/// The table as it is written.
pub const TABLE: Embedded = table!("ends");

/// One rule; the README beside the files tells what the keys mean.
#[derive(Debug, Deserialize)]
pub struct Rule {
    pub name: String,
    pub scope: Scope,
    verdict: Option<Verdict>,
    /// A regex of which one of the next lines is to be read instead.
    below: Option<LazyRegex>,
    #[serde(default)]
    pub closing: bool,
    #[serde(default)]
    pub last_words: bool,
    #[serde(default)]
    pub loose: bool,
}

/// What a line says by a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    pub verdict: Verdict,
    pub subject: Option<String>,
    pub failed: Option<u64>,
    pub passed: Option<u64>,
}

/// Returns the rules, made when first asked for.
pub fn rules() -> &'static Wordings<Rule> {
    static RULES: OnceLock<Wordings<Rule>> = OnceLock::new();
    RULES.get_or_init(|| Wordings::embedded(TABLE))
}

impl Rule {
    /// Returns the regex for the lines below, if the rule has one.
    pub fn below(&self) -> Option<&Regex> {
        self.below.as_ref().and_then(LazyRegex::get)
    }

    /// Returns what the captures say; `None` where nothing ran.
    pub fn read<'r>(
        &self,
        captures: &Captures<'_>,
        names: impl Iterator<Item = Option<&'r str>>,
    ) -> Option<Read> {
        let mut sums = Sums::default();
        names.flatten().for_each(|name| sums.add(name, captures));
        let verdict = self.verdict.or_else(|| sums.verdict())?;
        let subject = captured(captures, "subject").or_else(|| captured(captures, "subject2"));
        Some(Read { verdict, subject, failed: sums.failed(), passed: sums.passed })
    }
}

/// What the groups of one line add up to.
#[derive(Default)]
struct Sums {
    failed: Option<u64>,
    passed: Option<u64>,
    /// Of how many those that passed are told.
    all: Option<u64>,
    /// True if a word for a bad end is there, or an exit status that is not 0.
    fails: bool,
    passes: bool,
}

impl Sums {
    fn add(&mut self, name: &str, captures: &Captures<'_>) {
        let Some(found) = captures.name(name) else { return };
        // A number too large to read is not 0.
        let number = || str::from_utf8(found.as_bytes()).ok()?.replace(',', "").parse::<u64>().ok();
        let number = number().unwrap_or(u64::MAX);
        match name.trim_end_matches(|letter: char| letter.is_ascii_digit()) {
            "bad" => self.failed = Some(self.failed.unwrap_or(0).saturating_add(number)),
            "good" => self.passed = Some(self.passed.unwrap_or(0).saturating_add(number)),
            "all" => self.all = Some(number),
            "status" => self.fails |= number != 0,
            "fail" => self.fails = true,
            "pass" => self.passes = true,
            _ => {}
        }
    }

    /// Returns how many failed, where that is told or follows.
    fn failed(&self) -> Option<u64> {
        self.failed.or_else(|| Some(self.all?.saturating_sub(self.passed?)))
    }

    fn verdict(&self) -> Option<Verdict> {
        let failed = self.fails || self.failed().unwrap_or(0) > 0;
        let nothing_ran = self.passed == Some(0) && !self.passes;
        match failed {
            true => Some(Verdict::Fail),
            false => (!nothing_ran).then_some(Verdict::Pass),
        }
    }
}
