//! `ndlog report`: why the failures happened, for a terminal, a pull request or a browser.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::pipeline;
use crate::reports::{Output, deliver};

/// Ranks the causes of what failed, with the lines that speak for and against them.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ndlog report --from findings.json --format html -o report.html\n  ndlog report --from findings.json --format markdown >> \"$GITHUB_STEP_SUMMARY\""
)]
pub struct Args {
    /// What `ndlog cluster --format json` wrote.
    #[arg(long, value_name = "FINDINGS")]
    from: PathBuf,
    #[command(flatten)]
    output: Output,
}

/// Runs the command. Exit codes: 0 written, 2 not read or not written.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let findings = pipeline::saved::findings(&args.from)?;
    deliver(&findings, &args.output)?;
    Ok(ExitCode::SUCCESS)
}
