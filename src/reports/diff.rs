//! Tells what failing logs say that passing ones do not.

use std::io::{self, Write};

use super::folded::folded;
use super::markdown::cell;
use super::{phrases, visible};
use crate::findings::{Diff, DiffRange, Excerpt};

/// How a difference is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum DiffFormat {
    /// The first lines of each range, best first, for a terminal.
    #[default]
    Table,
    /// One document, as `ndlog schema diff` describes it.
    Json,
    /// A table for a pull request or a GitHub step summary.
    Markdown,
}

/// Lines shown of a range on a terminal.
const LINES: usize = 8;
/// Ranges shown in a step summary.
const ROWS: usize = 20;

/// Writes `diff` in `format`; `width` is that of the terminal, in columns. Fails only when `out` does.
pub fn write(diff: &Diff, format: DiffFormat, width: usize, out: &mut dyn Write) -> io::Result<()> {
    match format {
        DiffFormat::Json => {
            serde_json::to_writer(&mut *out, diff)?;
            writeln!(out)
        }
        _ if diff.ranges.is_empty() => writeln!(out, "nothing that the passing logs do not say too"),
        DiffFormat::Table => table(diff, width, out),
        DiffFormat::Markdown => markdown(diff, out),
    }
}

fn table(diff: &Diff, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let lines: u64 = diff.ranges.iter().map(DiffRange::lines).sum();
    let places = phrases::count(diff.ranges.len() as u64, "place");
    writeln!(out, "new in the failing logs: {} in {places}, best first", phrases::count(lines, "line"))?;
    for (range, excerpt) in diff.ranges.iter().zip(&diff.excerpts) {
        writeln!(out, "\n{}:{}", visible(&range.source), span(range))?;
        for text in excerpt.lines.iter().take(LINES) {
            let text = visible(folded(text).1).into_owned();
            let line = format!("    {}", phrases::cut(&text, width.saturating_sub(4)));
            writeln!(out, "{}", line.trim_end())?;
        }
        let more = range.lines().saturating_sub(excerpt.lines.len().min(LINES) as u64);
        if more > 0 {
            writeln!(out, "    … and {} (--format json)", phrases::count(more, "more line"))?;
        }
    }
    Ok(())
}

fn markdown(diff: &Diff, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "### New in the failing logs\n\n| score | lines | says |\n|---|---|---|")?;
    for (range, excerpt) in diff.ranges.iter().zip(&diff.excerpts).take(ROWS) {
        let place = cell(&format!("{}:{}", range.source, span(range)));
        writeln!(out, "| {:.2} | {place} | {} |", range.score, cell(first_words(excerpt)))?;
    }
    let more = diff.ranges.len().saturating_sub(ROWS);
    if more > 0 {
        writeln!(out, "\n… and {}", phrases::count(more as u64, "more place"))?;
    }
    Ok(())
}

fn first_words(excerpt: &Excerpt) -> &str {
    excerpt.lines.iter().map(|line| line.trim()).find(|line| !line.is_empty()).unwrap_or_default()
}

fn span(range: &DiffRange) -> String {
    match range.lines() {
        1 => range.line_start.to_string(),
        _ => format!("{}-{}", range.line_start, range.line_end),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::DIFF_SCHEMA;

    fn example() -> Diff {
        let range = DiffRange { source: "a|b.log".to_owned(), line_start: 3, line_end: 4, score: 0.75 };
        let lines = vec!["error: link \x1b[2J lost".to_owned(), "  at ring 3".to_owned()];
        let excerpt = Excerpt { source: range.source.clone(), line_start: 3, lines };
        Diff { schema: DIFF_SCHEMA.to_owned(), ranges: vec![range], excerpts: vec![excerpt] }
    }

    fn shown(diff: &Diff, format: DiffFormat) -> String {
        let mut out = Vec::new();
        write(diff, format, 80, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn programs_get_exactly_what_the_contract_says() {
        let expected = r#"{"schema":"ndlog.diff/1","ranges":[{"source":"a|b.log","line_start":3,"line_end":4,"score":0.75}]}"#;
        assert_eq!(shown(&example(), DiffFormat::Json).trim_end(), expected);
    }

    #[test]
    fn people_get_the_lines_and_no_escape_of_theirs() {
        let table = shown(&example(), DiffFormat::Table);
        let expected = "new in the failing logs: 2 lines in 1 place, best first\n\na|b.log:3-4\n    error: link ␛[2J lost\n      at ring 3\n";
        assert_eq!(table, expected);
        let markdown = shown(&example(), DiffFormat::Markdown);
        assert!(markdown.contains(r"| 0.75 | `a\|b.log:3-4` | `error: link ␛[2J lost` |"), "{markdown}");
    }

    #[test]
    fn nothing_new_is_said_in_words() {
        let nothing = Diff { ranges: vec![], excerpts: vec![], ..example() };
        assert!(shown(&nothing, DiffFormat::Table).starts_with("nothing"));
    }
}
