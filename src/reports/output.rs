//! Where a report goes: the terminal, a pipe, or a file that is never seen half written.

use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anstream::stream::{AsLockedWrite, RawStream};
use anstream::{AutoStream, ColorChoice};
use anyhow::Context;
use clap::ValueEnum;

use super::{Format, Shape, pager, write};
use crate::findings::Findings;
use crate::whole_file::WholeFile;

/// Columns below which nothing is arranged any more.
const LEAST: usize = 40;

/// When to colour. Colour never says anything that the text does not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    Always,
    Never,
}

/// How and where to write: the options that every command with a report has.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Output")]
pub struct Output {
    /// How to write what was found.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Write to this file, whole or not at all, instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// When to colour.
    #[arg(long, value_enum, default_value_t, value_name = "WHEN")]
    pub color: Color,
    /// Do not show a long report through `PAGER`, or `less`, on a terminal.
    #[arg(long)]
    pub no_pager: bool,
    /// Show the figures behind the causes at the terminal.
    #[arg(short, long)]
    pub verbose: bool,
}

impl Output {
    /// Returns how to write what has no colour to strip: its bytes pass as they are.
    pub fn plain(output: Option<PathBuf>) -> Self {
        Self { output, color: Color::Always, ..Self::default() }
    }
}

/// Writes the report where the user wants it; at the terminal with every failure where `all` is true. The next command
/// needs no logs named if they are `remembered`.
///
/// # Errors
/// If the file or standard output cannot be written. Nothing is left of a file written in part.
pub fn deliver(findings: &Findings, output: &Output, all: bool, remembered: bool) -> anyhow::Result<()> {
    let top = (all && output.format == Format::Table).then_some(usize::MAX);
    let shape = Shape { top, remembered, verbose: output.verbose, ..Shape::wide(columns()) };
    deliver_shaped(findings, output, shape)
}

/// Writes the report where the user wants it, within the bounds of `shape`.
///
/// # Errors
/// As [`deliver`].
pub fn deliver_shaped(findings: &Findings, output: &Output, shape: Shape) -> anyhow::Result<()> {
    deliver_with(output, |out| write(findings, output.format, shape, out))
}

/// Hands `tell` the place where the user wants the report.
///
/// # Errors
/// As [`deliver`].
pub fn deliver_with(
    output: &Output,
    tell: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> anyhow::Result<()> {
    let color = output.choice();
    match &output.output {
        Some(path) => to_file(path, color, tell).with_context(|| format!("cannot write {}", path.display())),
        None if output.format == Format::Parquet && io::stdout().is_terminal() => {
            anyhow::bail!("Parquet is not for a terminal: name a file with -o")
        }
        None if output.is_paged() => to_pager(color, tell).context("cannot write to standard output"),
        None => to_stream(io::stdout().lock(), color, tell).context("cannot write to standard output"),
    }
}

/// Returns the columns to write in: what `COLUMNS` says, else the width of the terminal; `usize::MAX` in a pipe.
pub fn columns() -> usize {
    let asked = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse::<usize>().ok());
    let terminal = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    asked.or_else(terminal).map_or(usize::MAX, |columns| columns.max(LEAST))
}

fn to_pager(color: ColorChoice, tell: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let color = if color == ColorChoice::Auto { AutoStream::choice(&io::stdout()) } else { color };
    let mut text = Vec::new();
    tell(&mut AutoStream::new(&mut text as &mut dyn Write, color))?;
    pager::show(&text)
}

fn to_stream(
    stream: impl RawStream + AsLockedWrite,
    color: ColorChoice,
    tell: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut out = BufWriter::new(AutoStream::new(stream, color));
    tell(&mut out)?;
    out.flush()
}

/// Writes beside the target and renames, so that a reader sees the old file or the new one.
fn to_file(
    path: &Path,
    color: ColorChoice,
    tell: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    if fs::metadata(&path).is_ok_and(|metadata| !metadata.is_file()) {
        return to_stream(File::options().write(true).open(&path)?, color, tell);
    }
    let file = WholeFile::beside(&path)?;
    to_stream(file.handle()?, color, tell)?;
    file.keep_unsynced()
}

impl Output {
    /// Returns true where a person sees the report for the terminal on one.
    pub fn is_seen(&self) -> bool {
        self.output.is_none() && self.format == Format::Table && pager::is_read_by_a_person()
    }

    /// Returns true where a person reads a report for the terminal on one.
    fn is_paged(&self) -> bool {
        !self.no_pager && self.format == Format::Table && pager::is_read_by_a_person()
    }

    /// Only the terminal's format has colours to strip; the bytes of all others pass as they are.
    fn choice(&self) -> ColorChoice {
        match (self.format, self.color) {
            (Format::Table, Color::Auto) => ColorChoice::Auto,
            (Format::Table, Color::Never) => ColorChoice::Never,
            _ => ColorChoice::AlwaysAnsi,
        }
    }
}
