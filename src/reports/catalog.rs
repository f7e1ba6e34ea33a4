//! The catalog of known failures, told on a terminal.

use std::io::{self, Write};

use comfy_table::{ContentArrangement, Table, presets};

use crate::reports::visible;
use crate::signatures::{Entry, KnownLine};

/// The widest line that is written.
const WIDTH: u16 = 80;

/// Writes one row for each entry: id, kind and title.
pub fn list<'e>(out: &mut dyn Write, entries: impl Iterator<Item = &'e Entry>) -> io::Result<()> {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(WIDTH);
    table.set_header(["id", "kind", "title"]);
    let mut count = 0;
    for entry in entries {
        table.add_row([entry.id.as_str(), entry.kind.name(), entry.title.as_str()]);
        count += 1;
    }
    for line in table.lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    writeln!(out, "\n{count} known failures. `ndlog signatures show ID` explains one.")
}

/// Writes one entry as a short article.
pub fn show(out: &mut dyn Write, entry: &Entry) -> io::Result<()> {
    writeln!(out, "{}\n{}, {}, {}\n", entry.title, entry.id, entry.kind.name(), entry.role.name())?;
    for (heading, text) in [("What", &entry.what), ("Why", &entry.why), ("Next", &entry.next)] {
        writeln!(out, "{heading}")?;
        wrapped(out, text)?;
    }
    writeln!(out, "Causes it speaks for (natural-log odds)")?;
    for cause in &entry.causes {
        writeln!(out, "  {:<18}{:+.1}  {}", cause.cause, cause.weight, cause.role)?;
    }
    writeln!(out, "\nPatterns")?;
    for pattern in entry.wordings.iter().map(|wording| &wording.pattern) {
        writeln!(out, "  {}", pattern.regex.text())?;
        if let Some(unless) = &pattern.unless {
            writeln!(out, "    unless {}", unless.text())?;
        }
    }
    for (heading, examples) in [("Matches", &entry.matches), ("Does not match", &entry.misses)] {
        writeln!(out, "\n{heading}")?;
        for example in examples {
            let why = example.why.as_ref().map(|why| format!("   ({why})")).unwrap_or_default();
            writeln!(out, "  {}{why}", example.line)?;
        }
    }
    Ok(())
}

/// Writes what is wrong with the entries, as (id, faults).
pub fn checked(out: &mut dyn Write, entries: &[(&str, Vec<String>)]) -> io::Result<()> {
    for (id, faults) in entries {
        for fault in faults {
            writeln!(out, "{id}.toml: {fault}")?;
        }
    }
    let bad = entries.iter().filter(|(_, faults)| !faults.is_empty()).count();
    writeln!(out, "{} entries checked, {bad} bad", entries.len())
}

/// Writes the lines of one source that are known failures. The words come from the log.
pub fn hits(out: &mut dyn Write, source: &str, hits: &[KnownLine<'_>]) -> io::Result<()> {
    for hit in hits {
        let key = hit.found.key();
        let identity: String = key.iter().map(|(name, value)| format!(" {name}={}", shown(value))).collect();
        writeln!(out, "{}:{}: {}{identity}", shown(source), hit.line, hit.found.entry.id)?;
        writeln!(out, "    {}", shown(&hit.message))?;
    }
    let lines = if hits.len() == 1 { "line is a known failure" } else { "lines are known failures" };
    writeln!(out, "{}: {} {lines}", shown(source), hits.len())
}

/// Returns the first 200 characters of `text`, safe to show.
fn shown(text: &str) -> String {
    let beginning: String = text.trim_end().chars().take(200).collect();
    visible(&beginning).into_owned()
}

/// Writes a paragraph, indented and broken between words.
fn wrapped(out: &mut dyn Write, text: &str) -> io::Result<()> {
    let mut column = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if column == 0 {
            write!(out, "  {word}")?;
            column = 2 + length;
        } else if column + 1 + length > usize::from(WIDTH) {
            write!(out, "\n  {word}")?;
            column = 2 + length;
        } else {
            write!(out, " {word}")?;
            column += 1 + length;
        }
    }
    writeln!(out, "\n")
}
