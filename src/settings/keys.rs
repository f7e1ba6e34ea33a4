//! The keys that the file may have, and which of them was meant.

/// One key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// The table that it stands in; empty for the top of the file.
    pub table: &'static str,
    pub name: &'static str,
    /// What it says.
    pub what: &'static str,
}

const fn key(table: &'static str, name: &'static str, what: &'static str) -> Key {
    Key { table, name, what }
}

/// All keys, in the order in which they are shown.
pub const KEYS: [Key; 13] = [
    key("", "signatures", "folder with known failures of one's own"),
    key("", "store", "folder that remembers what was seen"),
    key("jobs", "pattern", "how paths of logs name jobs"),
    key("owners", "owner", "who is asked"),
    key("owners", "tests", "globs of names of tests"),
    key("owners", "jobs", "globs of names of jobs"),
    key("known", "id", "id of a failure, or its first digits"),
    key("known", "issue", "where it is being worked on"),
    key("known", "until", "day until which it counts as known"),
    key("known", "owner", "who works on it"),
    key("known", "note", "words for whoever meets it"),
    key("masks", "emails", "whether e-mail addresses are masked"),
    key("masks", "patterns", "regular expressions of secrets of one's own"),
];

/// Returns the names that may stand in a table, or at the top for the empty name.
pub(super) fn names(table: &str) -> Vec<&'static str> {
    let mut names: Vec<&'static str> =
        KEYS.iter().filter(|key| key.table == table).map(|key| key.name).collect();
    if table.is_empty() {
        names.extend(tables());
    }
    names
}

/// Returns the names of the tables.
pub(super) fn tables() -> Vec<&'static str> {
    let mut tables: Vec<&'static str> =
        KEYS.iter().map(|key| key.table).filter(|table| !table.is_empty()).collect();
    tables.dedup();
    tables
}

/// How alike two names must be for one to be a misspelling of the other, from 0 to 1.
const ALIKE: f64 = 0.75;

/// Returns the key that was probably meant.
pub(super) fn nearest(table: &str, typed: &str) -> Option<&'static str> {
    let names = names(table).into_iter();
    let scored = names.map(|name| (strsim::jaro_winkler(name, &typed.to_lowercase()), name));
    let best = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 >= ALIKE).then_some(best.1)
}

/// Returns the table that has a key of this name, for a key that stands in the wrong one.
pub(super) fn elsewhere(typed: &str) -> Option<&'static str> {
    KEYS.iter().find(|key| key.name == typed).map(|key| key.table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_key_is_told_and_another_word_is_not() {
        for (table, typed, meant) in [
            ("jobs", "patern", Some("pattern")),
            ("", "job", Some("jobs")),
            ("", "Signatures", Some("signatures")),
            ("known", "issues", Some("issue")),
            ("masks", "e-mails", Some("emails")),
            ("masks", "zzz", None),
            ("", "colour", None),
        ] {
            assert_eq!(nearest(table, typed), meant, "{table} {typed}");
        }
    }
}
