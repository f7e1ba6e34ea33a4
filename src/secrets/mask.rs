//! Replaces secrets by what kind of secret stood there.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use regex::Regex;

use super::placeholder::{is_placeholder, is_prose};
use super::rule::{Rule, Rules};

/// What was masked: how often each kind of secret.
pub type Masked = BTreeMap<String, u64>;

/// Masks texts one after the other, and counts.
#[derive(Debug, Default)]
pub struct Mask {
    emails: bool,
    /// Forms of a project's own.
    own: Vec<Regex>,
    masked: Masked,
    /// True while the lines of a private key go by.
    in_key: bool,
}

impl Mask {
    /// Returns a mask for secrets, and for e-mail addresses where `emails` is true.
    pub fn new(emails: bool) -> Self {
        Self { emails, ..Self::default() }
    }

    /// Masks what matches one of these too.
    #[must_use]
    pub fn with_own(self, own: Vec<Regex>) -> Self {
        Self { own, ..self }
    }

    /// Returns true if `text` may hold a secret: it has a word that goes with one.
    pub fn may_hold(&self, text: &str) -> bool {
        !Rules::embedded().of(text).is_empty() || self.own.iter().any(|own| own.is_match(text))
    }

    /// Returns what was masked so far.
    pub fn masked(&self) -> &Masked {
        &self.masked
    }

    /// Returns `text` with each secret in it replaced, as `[masked GitHub token]`.
    pub fn text<'t>(&mut self, text: &'t str) -> Cow<'t, str> {
        let rules = Rules::embedded();
        let mut text = Cow::Borrowed(text);
        for own in &self.own {
            let spans: Vec<Range<usize>> =
                own.find_iter(&text).map(|found| found.range()).filter(|span| !span.is_empty()).collect();
            if !spans.is_empty() {
                *self.masked.entry(OWN.to_owned()).or_default() += spans.len() as u64;
                text = Cow::Owned(replaced(&text, &spans, OWN));
            }
        }
        for rule in rules.of(&text).into_iter().filter(|rule| self.emails || !rule.personal) {
            let spans = secrets(rule, &text);
            if !spans.is_empty() {
                *self.masked.entry(rule.name.clone()).or_default() += spans.len() as u64;
                text = Cow::Owned(replaced(&text, &spans, &rule.name));
            }
        }
        text
    }

    /// Returns one line of several that belong together, as [`Mask::text`]; the lines of a private key, which has no
    /// form of its own in its middle, are masked from its head to its end.
    pub fn line<'t>(&mut self, line: &'t str) -> Cow<'t, str> {
        let (begins, ends) = (has_boundary(line, "-----BEGIN"), has_boundary(line, "-----END"));
        if self.in_key {
            self.in_key = !ends;
            return Cow::Owned(MASKED_LINE.to_owned());
        }
        self.in_key = begins && !ends;
        self.text(line)
    }

    /// Forgets that a private key was going by: the next line stands elsewhere.
    pub fn end_of_lines(&mut self) {
        self.in_key = false;
    }
}

/// What a secret of a project's own form is called.
const OWN: &str = "own secret";
const MASKED_LINE: &str = "[masked private key]";

fn has_boundary(line: &str, boundary: &str) -> bool {
    line.contains(boundary) && line.contains("PRIVATE KEY-----")
}

/// Returns where the secrets of one form stand.
fn secrets(rule: &Rule, text: &str) -> Vec<Range<usize>> {
    let Some(regex) = rule.regex() else { return Vec::new() };
    let found = regex.captures_iter(text).filter_map(|captures| {
        let named = regex.capture_names().flatten().find_map(|name| captures.name(name));
        let secret = named.or_else(|| captures.get(0))?;
        let value = secret.as_str();
        let assigned = rule.name == "assigned secret";
        let is_none = value.starts_with("[masked")
            || (named.is_some() && is_placeholder(value))
            || (assigned && is_no_password(value, captures.get(0)?.as_str()))
            || (!rule.plain && named.is_some() && is_prose(value) && value.len() < 16);
        (!is_none).then(|| secret.range())
    });
    found.collect()
}

/// Returns true for a value that is assigned to the name of a secret and yet is none: a word, where the name is not
/// written as variables of an environment are.
fn is_no_password(value: &str, whole: &str) -> bool {
    let name: String =
        whole.chars().take_while(|letter| letter.is_alphanumeric() || "_.- {".contains(*letter)).collect();
    let is_variable = name.chars().any(char::is_alphabetic) && !name.chars().any(char::is_lowercase);
    let is_password = name.to_ascii_lowercase().contains("pass") || name.to_ascii_lowercase().contains("pwd");
    let is_folder = name.trim_end_matches([' ', '=']).to_ascii_lowercase().ends_with("pwd");
    let is_path = value.starts_with('/') && (is_folder || value.matches('/').count() > 1);
    is_path || (is_prose(value) && !is_variable && !(is_password && whole.contains('=')))
}

fn replaced(text: &str, spans: &[Range<usize>], name: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut copied = 0;
    for span in spans {
        masked.push_str(text.get(copied..span.start).unwrap_or_default());
        masked.push_str("[masked ");
        masked.push_str(name);
        masked.push(']');
        copied = span.end;
    }
    masked.push_str(text.get(copied..).unwrap_or_default());
    masked
}
