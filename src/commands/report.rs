//! `ndlog report`: why the failures happened, for a terminal, a pull request or a browser.

use std::path::PathBuf;
use std::process::ExitCode;

use super::logs::{Found, Logs, mark};
use super::proved;
use crate::pipeline::{excerpts, plots, saved};
use crate::reports::{Evidence, Format, Output, Shape, Writer, columns, deliver_shaped, deliver_with};
use crate::settings::Settings;

/// Ranks the causes of what failed, with the lines that speak for and against them.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ndlog report logs/ --format html -o report.html\n  ndlog report logs/ --format markdown >> \"$GITHUB_STEP_SUMMARY\"\n  ndlog report logs/ --format markdown --max-bytes 60000 -o comment.md\n  ndlog report --from findings.json --format sarif\n\nExit codes: 0 done, 2 nothing could be read or written, 3 some inputs were not read whole."
)]
pub struct Args {
    #[command(flatten)]
    logs: Logs,
    /// Report what was written with `--format json`, instead of reading logs.
    #[arg(long, value_name = "FINDINGS", conflicts_with = "paths")]
    from: Option<PathBuf>,
    /// Show this many failures: at the terminal, in Markdown, as annotations and for a chat.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    top: Option<u32>,
    /// Keep Markdown below so many bytes by leaving out whole failures; a comment of GitHub holds 65536 characters.
    #[arg(long, value_name = "N")]
    max_bytes: Option<usize>,
    #[command(flatten)]
    output: Output,
}

/// Runs the command.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let cut = args.max_bytes.is_none() || args.output.format == Format::Markdown;
    anyhow::ensure!(cut, "--max-bytes is for --format markdown; the other formats are always whole");
    let look = args.logs.look();
    let logs = if args.from.is_some() { args.logs } else { args.logs.or_of_the_last_look() };
    let found = match &args.from {
        Some(path) => {
            let mut findings = saved::findings(path)?;
            mark(&mut findings, &Settings::here()?)?;
            Found { findings: logs.masking.findings(findings)?, whole: true }
        }
        None => {
            let proofs = proved::beside(&logs.paths);
            logs.read(|findings, shown| {
                excerpts::add(findings, shown);
                plots::add(findings, shown);
                proofs.iter().for_each(|proof| proof.rerank(findings));
            })?
        }
    };
    let shape = Shape {
        top: args.top.map(|top| top as usize),
        bytes: args.max_bytes,
        remembered: args.from.is_none() && args.output.is_seen() && look.keep(),
        verbose: args.output.verbose,
        ..Shape::wide(columns())
    };
    match args.output.format {
        Format::Table => deliver_with(&args.output, |out| Evidence { shape }.write(&found.findings, out))?,
        _ => deliver_shaped(&found.findings, &args.output, shape)?,
    }
    Ok(found.code(false))
}
