//! The formats, by name, and the writer behind each.

use std::io::{self, Write};

use clap::ValueEnum;

use super::annotations::Annotations;
use super::comma_separated::CommaSeparated;
use super::html::Html;
use super::json::Json;
use super::json_lines::JsonLines;
use super::junit::Junit;
use super::markdown::Markdown;
use super::parquet::Parquet;
use super::sarif::Sarif;
use super::shape::Shape;
use super::slack::Slack;
use super::terminal::{self, Terminal};
use crate::findings::Findings;

/// How findings are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Blocks of text for a terminal.
    #[default]
    Table,
    /// One document, as `ndlog schema` describes it.
    Json,
    /// One line for each occurrence.
    Jsonl,
    /// One row for each occurrence.
    Csv,
    /// For a pull request or a GitHub step summary.
    Markdown,
    /// One page for a browser, to search and sort; without network.
    Html,
    /// The table of occurrences; parts from several machines can be read together.
    Parquet,
    /// For code-scanning pages, SARIF 2.1.0.
    Sarif,
    /// For CI systems that show test results: a case for each test that failed, and for each log.
    Junit,
    /// Workflow commands of GitHub Actions, at the failing lines of the sources.
    Annotations,
    /// A message for a hook of Slack, or of a chat that takes the same.
    Slack,
}

/// Tells findings in one format.
pub trait Writer {
    /// Writes the whole report. Fails only when `out` does.
    fn write(&self, findings: &Findings, out: &mut dyn Write) -> io::Result<()>;
}

/// Writes `findings` in `format`, as wide, many and long as `shape` says.
pub fn write(findings: &Findings, format: Format, shape: Shape, out: &mut dyn Write) -> io::Result<()> {
    let Shape { top, bytes, .. } = shape;
    match format {
        Format::Table => Terminal::shaped(shape, terminal::MOST).write(findings, out),
        Format::Json => Json.write(findings, out),
        Format::Jsonl => JsonLines.write(findings, out),
        Format::Csv => CommaSeparated.write(findings, out),
        Format::Markdown => Markdown { top, bytes }.write(findings, out),
        Format::Html => Html.write(findings, out),
        Format::Parquet => Parquet.write(findings, out),
        Format::Sarif => Sarif.write(findings, out),
        Format::Junit => Junit.write(findings, out),
        Format::Annotations => Annotations { top }.write(findings, out),
        Format::Slack => Slack { top }.write(findings, out),
    }
}
