//! The answer to a query: a small table, told as rows.

use std::io::{self, Write};

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, Table, TableComponent};
use serde_json::{Map, Value};
use unicode_width::UnicodeWidthStr;

use super::comma_separated::inert;
use super::inert_json::write_json;
use super::{Format, markdown, visible};
use crate::findings::Grid;

/// Columns of the terminal below which a column of the table cannot be read.
const NARROW: usize = 10;

/// Writes `grid` in `format`; `width` is that of the terminal, in columns.
///
/// # Errors
/// If `out` fails, or with `InvalidInput` for a format that is not made of rows.
pub fn write_grid(grid: &Grid, format: Format, width: usize, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Table if grid.columns.len() * NARROW > width => records(grid, out),
        Format::Table => table(grid, width, out),
        Format::Json => json(grid, out),
        Format::Jsonl => json_lines(grid, out),
        Format::Csv => comma_separated(grid, out),
        Format::Markdown => markdown(grid, out),
        _ => Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "an answer is rows: choose --format table, csv, json, jsonl or markdown",
        )),
    }
}

fn table(grid: &Grid, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let mut table = Table::new();
    table.load_preset(NOTHING).set_style(TableComponent::HeaderLines, '─');
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table
        .set_width(u16::try_from(width).unwrap_or(u16::MAX))
        .set_header(grid.columns.iter().map(|name| visible(name)));
    table.add_rows(grid.rows.iter().map(|row| row.iter().map(text).collect::<Vec<_>>()));
    for (index, column) in table.column_iter_mut().enumerate() {
        if grid.rows.iter().filter_map(|row| row.get(index)).any(Value::is_number) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    writeln!(out, "{table}")?;
    writeln!(out, "{}", super::phrases::count(grid.rows.len() as u64, "row"))
}

/// Writes a line for each value, where a row is too wide for a line.
fn records(grid: &Grid, out: &mut dyn Write) -> io::Result<()> {
    let longest = grid.columns.iter().map(|name| name.width()).max().unwrap_or(0);
    for row in &grid.rows {
        for (name, value) in grid.columns.iter().zip(row).filter(|(_, value)| !value.is_null()) {
            writeln!(out, "{:<longest$}  {}", visible(name), text(value))?;
        }
        writeln!(out)?;
    }
    writeln!(out, "{}", super::phrases::count(grid.rows.len() as u64, "row"))
}

fn json(grid: &Grid, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<_> = grid.rows.iter().map(|row| object(&grid.columns, row)).collect();
    write_json(&rows, out)?;
    writeln!(out)
}

fn json_lines(grid: &Grid, out: &mut dyn Write) -> io::Result<()> {
    for row in &grid.rows {
        write_json(&object(&grid.columns, row), out)?;
        writeln!(out)?;
    }
    Ok(())
}

fn comma_separated(grid: &Grid, out: &mut dyn Write) -> io::Result<()> {
    let mut rows = csv::Writer::from_writer(out);
    rows.write_record(grid.columns.iter().map(|name| inert(name).into_owned()))?;
    for row in &grid.rows {
        rows.write_record(row.iter().map(|value| match value {
            Value::String(text) => inert(text).into_owned(),
            other => text(other),
        }))?;
    }
    rows.flush()
}

fn markdown(grid: &Grid, out: &mut dyn Write) -> io::Result<()> {
    let line = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    writeln!(out, "{}", line(grid.columns.iter().map(|name| markdown::cell(name)).collect()))?;
    writeln!(out, "{}", line(grid.columns.iter().map(|_| "---".to_owned()).collect()))?;
    for row in &grid.rows {
        let cell = |value: &Value| match value {
            Value::String(text) => markdown::cell(text),
            other => text(other),
        };
        writeln!(out, "{}", line(row.iter().map(cell).collect()))?;
    }
    Ok(())
}

fn object(columns: &[String], row: &[Value]) -> Map<String, Value> {
    columns.iter().cloned().zip(row.iter().cloned()).collect()
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => visible(text).into_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(format: Format) -> String {
        let grid = Grid {
            columns: ["host", "times"].map(str::to_owned).to_vec(),
            rows: vec![vec![json!("=a|\u{1b}[2J"), json!(5)], vec![Value::Null, json!(0.5)]],
        };
        let mut out = Vec::new();
        write_grid(&grid, format, 40, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn each_format_tells_the_same_rows_and_nothing_acts() {
        insta::assert_snapshot!(shown(Format::Table), @r#"
         host     times 
        ────────────────
         =a|␛[2J      5 
                    0.5 
        2 rows
        "#);
        insta::assert_snapshot!(shown(Format::Csv), @r#"
        host,times
        '=a|␛[2J,5
        ,0.5
        "#);
        insta::assert_snapshot!(shown(Format::Markdown), @r#"
        | `host` | `times` |
        | --- | --- |
        | `=a\|␛[2J` | 5 |
        |  | 0.5 |
        "#);
        insta::assert_snapshot!(shown(Format::Jsonl), @r#"
        {"host":"=a|\u001b[2J","times":5}
        {"host":null,"times":0.5}
        "#);
        assert_eq!(serde_json::from_str::<Value>(&shown(Format::Json)).unwrap()[1]["times"], json!(0.5));
    }

    #[test]
    fn a_row_too_wide_for_a_line_is_told_line_by_line() {
        let columns: Vec<String> = (0..9).map(|number| format!("column_{number}")).collect();
        let grid = Grid { rows: vec![vec![json!("value"); 9]], columns };
        let mut out = Vec::new();
        write_grid(&grid, Format::Table, 80, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(
            text.starts_with("column_0  value\ncolumn_1  value\n") && text.ends_with("\n1 row\n"),
            "{text}"
        );
    }

    #[test]
    fn a_format_that_is_not_rows_is_refused_with_those_that_are() {
        let error = write_grid(&Grid::default(), Format::Html, 80, &mut Vec::new()).unwrap_err();
        assert!(error.to_string().contains("table, csv, json"));
    }
}
