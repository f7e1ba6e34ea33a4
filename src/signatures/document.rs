//! The file of one known failure as it is written, and what may be wrong with it.

use serde::Deserialize;

use crate::facts::failures::{Kind, Role};
use crate::rules::literals;
use crate::signatures::entry::{CAPTURES, CauseWeight, Entry, Example, Wording};

/// A key of the file and what is wrong with its value.
pub type Fault = (String, String);

/// The file as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    title: String,
    what: String,
    why: String,
    next: String,
    kind: Kind,
    role: Role,
    causes: Vec<CauseWeight>,
    patterns: Vec<PatternText>,
    #[serde(default)]
    form: bool,
    #[serde(default)]
    key: Vec<String>,
    #[serde(default)]
    matches: Vec<Example>,
    #[serde(default)]
    misses: Vec<Example>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PatternText {
    regex: String,
    unless: Option<String>,
}

impl Document {
    /// Returns the entry that the file tells, as far as a search needs it checked.
    pub fn entry(self, id: &str) -> Result<Entry, Fault> {
        for (key, text) in
            [("title", &self.title), ("what", &self.what), ("why", &self.why), ("next", &self.next)]
        {
            if text.trim().is_empty() {
                return Err((key.to_owned(), "is empty: write a sentence".to_owned()));
            }
        }
        check_causes(&self.causes)?;
        let wordings = wordings(self.patterns)?;
        Ok(Entry {
            id: id.to_owned(),
            title: self.title,
            what: self.what,
            why: self.why,
            next: self.next,
            kind: self.kind,
            role: self.role,
            causes: self.causes,
            wordings,
            form: self.form,
            key: self.key,
            matches: self.matches,
            misses: self.misses,
        })
    }
}

fn check_causes(causes: &[CauseWeight]) -> Result<(), Fault> {
    for (index, entry) in causes.iter().enumerate() {
        let key = |name: &str| format!("causes[{index}].{name}");
        if !(-3.0..=3.0).contains(&entry.weight) {
            return Err((key("weight"), format!("{} is not between -3 and 3", entry.weight)));
        }
        if entry.role == Role::Generic {
            return Err((key("role"), "a line that is generic has no cause".to_owned()));
        }
    }
    Ok(())
}

fn wordings(texts: Vec<PatternText>) -> Result<Vec<Wording>, Fault> {
    if texts.is_empty() {
        return Err(("patterns".to_owned(), "is empty: give at least one regex".to_owned()));
    }
    let numbered = texts.into_iter().enumerate();
    numbered
        .map(|(index, text)| {
            Wording::new(text.regex, text.unless).map_err(|what| (format!("patterns[{index}].regex"), what))
        })
        .collect()
}

/// Checks that every regex can be parsed.
pub fn check_regexes(wordings: &[Wording]) -> Result<(), Fault> {
    for (index, Wording { pattern, .. }) in wordings.iter().enumerate() {
        for (key, regex) in [("regex", Some(&pattern.regex)), ("unless", pattern.unless.as_ref())] {
            let parsed = regex.map(|regex| literals::parse(regex.text())).transpose();
            parsed.map_err(|what| (format!("patterns[{index}].{key}"), what))?;
        }
    }
    Ok(())
}

/// Checks that captures have known names and that every part of the key is captured somewhere.
pub fn check_captures(wordings: &[Wording], key: &[String]) -> Result<(), Fault> {
    let mut captured = Vec::new();
    for (index, wording) in wordings.iter().enumerate() {
        for name in literals::capture_names(wording.pattern.regex.text()) {
            if !CAPTURES.contains(&name.as_str()) {
                let what = format!("the capture `{name}` is not one of {}", CAPTURES.join(", "));
                return Err((format!("patterns[{index}].regex"), what));
            }
            captured.push(name);
        }
    }
    match key.iter().find(|name| !captured.contains(name)) {
        Some(name) => Err(("key".to_owned(), format!("no pattern captures `{name}`"))),
        None => Ok(()),
    }
}
