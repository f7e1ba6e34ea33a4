//! From the text of the file to what it sets, with the line of whatever is wrong.

use std::ops::Range;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use globset::Glob;
use regex::Regex;
use toml_edit::{Document, Item, TableLike, Value};

use super::keys::{elsewhere, names, nearest, tables};
use super::values::{KnownIssue, OwnerRule, Settings};

/// Digits of an id at the least: fewer would fit many failures.
const LEAST_DIGITS: usize = 4;
const MOST_DIGITS: usize = 16;

/// Reads a file called `name`.
pub fn read(name: &str, text: &str) -> Result<Settings> {
    let file = File { name, text };
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => bail!("{}: {}", file.at(error.span()), error.message().trim()),
    };
    let mut settings = Settings::default();
    let top = Table { file: &file, name: "", fields: document.as_table() };
    top.take(&mut settings)?;
    for name in tables() {
        let Some(item) = document.get(name) else { continue };
        for fields in file.all_of(name, item)? {
            Table { file: &file, name, fields }.take(&mut settings)?;
        }
    }
    Ok(settings)
}

struct File<'f> {
    name: &'f str,
    text: &'f str,
}

impl<'f> File<'f> {
    /// Returns the 1-based line on which a span begins.
    fn line(&self, span: Option<Range<usize>>) -> usize {
        let before = self.text.get(..span.map_or(0, |span| span.start)).unwrap_or(self.text);
        1 + before.matches('\n').count()
    }

    fn at(&self, span: Option<Range<usize>>) -> String {
        format!("{}:{}", self.name, self.line(span))
    }

    /// Returns the tables behind a key: one, or each of a list.
    fn all_of<'d>(&self, key: &str, item: &'d Item) -> Result<Vec<&'d dyn TableLike>> {
        let is_list = matches!(key, "owners" | "known");
        match item {
            Item::ArrayOfTables(list) if is_list => {
                Ok(list.iter().map(|one| one as &dyn TableLike).collect())
            }
            Item::Table(table) if !is_list => Ok(vec![table]),
            Item::Value(Value::InlineTable(table)) if !is_list => Ok(vec![table]),
            Item::Value(Value::Array(list)) if is_list => list
                .iter()
                .map(|one| match one {
                    Value::InlineTable(table) => Ok(table as &dyn TableLike),
                    other => bail!("{}: `{key}` is a list of tables: [[{key}]]", self.at(other.span())),
                })
                .collect(),
            _ if is_list => bail!("{}: `{key}` is a list of tables: write [[{key}]]", self.at(item.span())),
            _ => bail!("{}: `{key}` is a table: write [{key}]", self.at(item.span())),
        }
    }
}

/// One table of the file.
struct Table<'f> {
    file: &'f File<'f>,
    /// Empty for the top of the file.
    name: &'f str,
    fields: &'f dyn TableLike,
}

impl Table<'_> {
    /// Takes what the table sets.
    fn take(&self, settings: &mut Settings) -> Result<()> {
        self.only_known_keys(settings)?;
        match self.name {
            "" => {
                settings.signatures = self.text("signatures")?.map(PathBuf::from);
                settings.store = self.text("store")?.map(PathBuf::from);
            }
            "jobs" => {
                settings.jobs.pattern = self.text("pattern")?;
                self.check("pattern", settings.jobs.pattern.as_slice(), regex)?;
            }
            "masks" => {
                settings.masks.emails = self.truth("emails")?.unwrap_or_default();
                settings.masks.patterns = self.texts("patterns")?;
                self.check("patterns", &settings.masks.patterns, regex)?;
            }
            "owners" => settings.owners.push(self.owner_rule()?),
            _ => settings.known.push(self.known()?),
        }
        Ok(())
    }

    fn owner_rule(&self) -> Result<OwnerRule> {
        let rule = OwnerRule {
            owner: self.needed("owner")?,
            tests: self.texts("tests")?,
            jobs: self.texts("jobs")?,
        };
        self.check("tests", &rule.tests, glob)?;
        self.check("jobs", &rule.jobs, glob)?;
        Ok(rule)
    }

    fn known(&self) -> Result<KnownIssue> {
        let known = KnownIssue {
            id: self.needed("id")?.to_lowercase(),
            issue: self.needed("issue")?,
            until: self.day("until")?,
            owner: self.text("owner")?,
            note: self.text("note")?,
        };
        self.check("id", std::slice::from_ref(&known.id), is_id)?;
        Ok(known)
    }

    /// Takes note of the line of each key, and fails on one that means nothing.
    fn only_known_keys(&self, settings: &mut Settings) -> Result<()> {
        for (key, item) in self.fields.iter() {
            if !names(self.name).contains(&key) {
                bail!("{}: {}", self.place(key), self.unknown(key));
            }
            let full = if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) };
            let line = self.file.line(self.span(key, item));
            settings.lines.entry(full).or_insert(line);
        }
        Ok(())
    }

    fn unknown(&self, key: &str) -> String {
        let within = if self.name.is_empty() { String::new() } else { format!(" in [{}]", self.name) };
        let meant = match (nearest(self.name, key), elsewhere(key)) {
            (Some(near), _) => format!("is it `{near}`?"),
            (None, Some("")) => "it stands at the top, before the first table".to_owned(),
            (None, Some(table)) => format!("it stands in [{table}]"),
            (None, None) => format!("expected one of: {}", names(self.name).join(", ")),
        };
        format!("unknown key `{key}`{within}; {meant}")
    }

    fn span(&self, key: &str, item: &Item) -> Option<Range<usize>> {
        self.fields.key(key).and_then(|key| key.span()).or_else(|| item.span())
    }

    fn place(&self, key: &str) -> String {
        let item = self.fields.get(key);
        self.file.at(item.and_then(|item| self.span(key, item)))
    }

    fn wrong(&self, key: &str, expected: &str) -> anyhow::Error {
        anyhow::anyhow!("{}: `{key}` must be {expected}", self.place(key))
    }

    fn text(&self, key: &str) -> Result<Option<String>> {
        let Some(item) = self.fields.get(key) else { return Ok(None) };
        let text = item.as_str().ok_or_else(|| self.wrong(key, "a text in quotes"))?;
        Ok(Some(text.to_owned()))
    }

    fn needed(&self, key: &str) -> Result<String> {
        let first = self.fields.iter().next().map(|(key, _)| self.place(key));
        let place = first.unwrap_or_else(|| self.file.name.to_owned());
        let text = self.text(key)?.filter(|text| !text.trim().is_empty());
        text.with_context(|| format!("{place}: a table [[{}]] needs `{key}`", self.name))
    }

    fn texts(&self, key: &str) -> Result<Vec<String>> {
        let Some(item) = self.fields.get(key) else { return Ok(Vec::new()) };
        let wrong = || self.wrong(key, "a list of texts: [\"…\"]");
        let list = item.as_array().ok_or_else(wrong)?;
        list.iter().map(|one| one.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
    }

    fn truth(&self, key: &str) -> Result<Option<bool>> {
        let Some(item) = self.fields.get(key) else { return Ok(None) };
        item.as_bool().map(Some).ok_or_else(|| self.wrong(key, "true or false"))
    }

    /// Returns a day, written as a date or as a text.
    fn day(&self, key: &str) -> Result<Option<String>> {
        let Some(item) = self.fields.get(key) else { return Ok(None) };
        let text = item.as_datetime().map(ToString::to_string).or_else(|| item.as_str().map(str::to_owned));
        let day = text.and_then(|text| text.parse::<jiff::civil::Date>().ok()).map(|day| day.to_string());
        day.map(Some).ok_or_else(|| self.wrong(key, "a day, such as 2026-12-31"))
    }

    /// Fails on the first text that is not what the key is for.
    fn check(&self, key: &str, texts: &[String], is: impl Fn(&str) -> Result<()>) -> Result<()> {
        for text in texts {
            is(text).with_context(|| format!("{}: `{key}` {text:?}", self.place(key)))?;
        }
        Ok(())
    }
}

fn regex(text: &str) -> Result<()> {
    Regex::new(text).map(|_| ()).context("is no regular expression")
}

fn glob(text: &str) -> Result<()> {
    Glob::new(text).map(|_| ()).context("is no glob")
}

/// Fails on what cannot be the id of a failure or its beginning.
pub(super) fn is_id(text: &str) -> Result<()> {
    let length = (LEAST_DIGITS..=MOST_DIGITS).contains(&text.len());
    if !length || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        bail!("is no id: expected {LEAST_DIGITS} to {MOST_DIGITS} hex digits, as `ndlog cluster` shows them");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"
signatures = "ci/signatures"
store = ".ndlog"
jobs = { pattern = 'nightly/([^/]+)' }

[[owners]]
owner = "@net"
tests = ["tests/net/*"]

[[owners]]
owner = "@night"
jobs = ["nightly-*"]

[[known]]
id = "5B1C0E77"
issue = "https://tracker.example/7"
until = 2026-12-31

[[known]]
id = "aa00"
issue = "8"
until = "2027-01-01"
owner = "@gpu"
note = "the driver"

[masks]
emails = true
patterns = ["corp-[0-9]+"]
"#;

    #[test]
    fn every_key_is_read_with_its_line() {
        let settings = read("x", WHOLE).unwrap();
        assert_eq!(settings.signatures, Some(PathBuf::from("ci/signatures")));
        assert_eq!(settings.jobs.pattern.as_deref(), Some("nightly/([^/]+)"));
        let owners: Vec<&str> = settings.owners.iter().map(|rule| rule.owner.as_str()).collect();
        assert_eq!(owners, ["@net", "@night"]);
        let known: Vec<_> =
            settings.known.iter().map(|known| (known.id.as_str(), known.until.as_deref())).collect();
        assert_eq!(known, [("5b1c0e77", Some("2026-12-31")), ("aa00", Some("2027-01-01"))]);
        assert!(settings.masks.emails);
        assert_eq!((settings.lines["known.id"], settings.lines["known.owner"]), (15, 23));
        let keys = super::super::keys::KEYS.map(|key| match key.table {
            "" => key.name.to_owned(),
            table => format!("{table}.{}", key.name),
        });
        for key in keys {
            assert!(settings.lines.contains_key(&key), "the example sets every key: {key}");
        }
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line_and_what_was_meant() {
        for (text, expected) in [
            ("[jobs]\npatern = 'x'\n", "x:2: unknown key `patern` in [jobs]; is it `pattern`?"),
            ("[jobs]\nstore = 'x'\n", "x:2: unknown key `store` in [jobs]; it stands at the top"),
            ("emails = true\n", "x:1: unknown key `emails`; it stands in [masks]"),
            (
                "[masks]\ncolour = 1\n",
                "x:2: unknown key `colour` in [masks]; expected one of: emails, patterns",
            ),
            ("\n[jobs]\npattern = '('\n", "x:3: `pattern` \"(\": is no regular expression"),
            ("store = 7\n", "x:1: `store` must be a text"),
            ("[known]\nid = 'aa00'\n", "x:1: `known` is a list of tables: write [[known]]"),
            ("[[known]]\nid = 'aa00'\n", "x:2: a table [[known]] needs `issue`"),
            ("[[known]]\nid = 'aa'\nissue = '1'\n", "x:2: `id` \"aa\": is no id"),
            ("[[known]]\nid = 'aa00'\nissue = '1'\nuntil = 'soon'\n", "x:4: `until` must be a day"),
            ("[[owners]]\nowner = 'x'\ntests = ['[']\n", "x:3: `tests` \"[\": is no glob"),
            ("[masks]\nemails = 'yes'\n", "x:2: `emails` must be true or false"),
            ("store = \n", "x:1: "),
        ] {
            let error = format!("{:#}", read("x", text).unwrap_err());
            assert!(error.starts_with(expected), "{text:?}: {error}");
        }
    }
}
