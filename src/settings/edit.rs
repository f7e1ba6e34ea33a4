//! Changes of the file that leave its comments and its order as they are.

use anyhow::{Context, Result, bail};
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, Value, value};

use super::reader;
use super::values::KnownIssue;

/// What became of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Added,
    Changed,
}

/// Returns the text with an entry for a known failure: added at the end, or changed where there is one for its id. What
/// a changed entry says beyond the given fields stays.
///
/// # Errors
/// If the text is no such file, or the entry is none.
pub fn add_known(text: &str, known: &KnownIssue) -> Result<(String, Change)> {
    reader::is_id(&known.id).with_context(|| format!("{:?}", known.id))?;
    let mut document = parsed(text)?;
    if document.is_empty() && !text.trim().is_empty() {
        // Comments alone would come to stand behind what is added.
        let (added, change) = add_known("", known)?;
        return Ok((format!("{}\n\n{added}", text.trim_end()), change));
    }
    let list = list(&mut document)?;
    let held = list.iter_mut().find(|table| id(table).is_some_and(|id| is_one(&id, &known.id)));
    let change = match held {
        Some(table) => {
            fill(table, known);
            Change::Changed
        }
        None => {
            let mut table = Table::new();
            table.insert("id", value(&known.id));
            fill(&mut table, known);
            list.push(table);
            Change::Added
        }
    };
    Ok((document.to_string(), change))
}

/// Returns the text without the entries for a failure, and how many there were.
///
/// # Errors
/// If the text is no such file.
pub fn remove_known(text: &str, wanted: &str) -> Result<(String, usize)> {
    let mut document = parsed(text)?;
    let list = list(&mut document)?;
    let before = list.len();
    list.retain(|table| !id(table).is_some_and(|id| is_one(&id, wanted)));
    let removed = before - list.len();
    if list.is_empty() {
        document.remove(KNOWN);
    }
    Ok((document.to_string(), removed))
}

const KNOWN: &str = "known";

fn parsed(text: &str) -> Result<DocumentMut> {
    Ok(text.parse::<DocumentMut>()?)
}

fn list(document: &mut DocumentMut) -> Result<&mut ArrayOfTables> {
    let item = document.entry(KNOWN).or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    if let Item::Value(Value::Array(_)) = item {
        bail!("`known` is written in one line; write it as [[known]] tables first");
    }
    item.as_array_of_tables_mut().context("`known` is no list of tables: write [[known]]")
}

fn id(table: &Table) -> Option<String> {
    Some(table.get("id")?.as_str()?.to_lowercase())
}

/// Returns true if both may be the id of one failure: one is the other's beginning.
fn is_one(one: &str, other: &str) -> bool {
    one.starts_with(other) || other.starts_with(one)
}

fn fill(table: &mut Table, known: &KnownIssue) {
    set(table, "issue", Some(value(&known.issue)));
    set(table, "until", known.until.as_ref().map(|until| until.parse().map_or_else(|_| value(until), day)));
    set(table, "owner", known.owner.as_ref().map(value));
    set(table, "note", known.note.as_ref().map(value));
}

fn day(day: toml_edit::Datetime) -> Item {
    value(day)
}

/// Sets a field and keeps the remarks round the value that it had.
fn set(table: &mut Table, key: &str, item: Option<Item>) {
    let Some(mut item) = item else { return };
    let remarks = table.get(key).and_then(Item::as_value).map(|held| held.decor().clone());
    if let (Some(remarks), Some(value)) = (remarks, item.as_value_mut()) {
        *value.decor_mut() = remarks;
    }
    table.insert(key, item);
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# ours\nstore = '.ndlog' # here\n\n# the flaky one\n[[known]]\nid = \"5b1c0e77a90412fd\"\nissue = \"#1\" # see there\n\n[masks] # last\nemails = true\n";

    fn known(id: &str, until: Option<&str>) -> KnownIssue {
        KnownIssue {
            id: id.to_owned(),
            issue: "#2".to_owned(),
            until: until.map(str::to_owned),
            ..KnownIssue::default()
        }
    }

    #[test]
    fn comments_and_order_stay_whatever_is_added() {
        let (text, change) = add_known(FILE, &known("aa00", Some("2026-12-31"))).unwrap();
        assert_eq!(change, Change::Added);
        for line in FILE.lines() {
            assert!(text.contains(line), "{line:?} is gone: {text}");
        }
        assert!(text.contains("[[known]]\nid = \"aa00\"\nissue = \"#2\"\nuntil = 2026-12-31\n"), "{text}");
        let read = reader::read("x", &text).unwrap();
        assert_eq!(read.known.len(), 2);
        let (text, removed) = remove_known(&text, "aa00").unwrap();
        assert_eq!((text.as_str(), removed), (FILE, 1));
    }

    #[test]
    fn an_entry_for_the_id_or_its_beginning_is_changed_and_keeps_the_rest() {
        for id in ["5b1c0e77a90412fd", "5b1c"] {
            let (text, change) = add_known(FILE, &known(id, None)).unwrap();
            assert_eq!(change, Change::Changed);
            assert!(text.contains("id = \"5b1c0e77a90412fd\"\nissue = \"#2\" # see there\n"), "{text}");
        }
        assert!(add_known(FILE, &known("xyz", None)).is_err());
    }

    #[test]
    fn the_last_entry_takes_the_list_with_it_and_an_empty_file_will_do() {
        let (text, _) = add_known("", &known("aa00", None)).unwrap();
        assert_eq!(text, "[[known]]\nid = \"aa00\"\nissue = \"#2\"\n");
        assert_eq!(remove_known(&text, "aa00").unwrap(), (String::new(), 1));
        assert_eq!(remove_known("", "aa00").unwrap(), (String::new(), 0));
        let (text, _) = add_known("# ours\n", &known("aa00", None)).unwrap();
        assert!(text.starts_with("# ours\n\n[[known]]\nid"), "{text}");
    }
}
