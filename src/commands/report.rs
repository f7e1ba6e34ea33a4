//! `ndlog report`: why the failures happened, for a terminal, a pull request or a browser.

use std::path::PathBuf;
use std::process::ExitCode;

use super::logs::{Found, Logs};
use super::proved;
use crate::pipeline::{excerpts, plots, saved};
use crate::reports::{Evidence, Format, Output, Writer, columns, deliver, deliver_with};

/// Ranks the causes of what failed, with the lines that speak for and against them.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ndlog report logs/ --format html -o report.html\n  ndlog report logs/ --format markdown >> \"$GITHUB_STEP_SUMMARY\"\n  ndlog report --from findings.json --format sarif\n\nExit codes: 0 done, 2 nothing could be read or written, 3 some inputs were not read whole."
)]
pub struct Args {
    #[command(flatten)]
    logs: Logs,
    /// Report what was written with `--format json`, instead of reading logs.
    #[arg(long, value_name = "FINDINGS", conflicts_with = "paths")]
    from: Option<PathBuf>,
    #[command(flatten)]
    output: Output,
}

/// Runs the command.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let found = match &args.from {
        Some(path) => Found { findings: args.logs.masking.findings(saved::findings(path)?)?, whole: true },
        None => {
            let proofs = proved::beside(&args.logs.paths);
            args.logs.read(|findings, shown| {
                excerpts::add(findings, shown);
                plots::add(findings, shown);
                proofs.iter().for_each(|proof| proof.tell(findings));
            })?
        }
    };
    let evidence = Evidence { width: columns() };
    match args.output.format {
        Format::Table => deliver_with(&args.output, |out| evidence.write(&found.findings, out))?,
        _ => deliver(&found.findings, &args.output)?,
    }
    Ok(found.code(false))
}
