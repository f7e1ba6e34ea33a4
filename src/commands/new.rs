//! `ndlog new`: the folder of one failure.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::folder::Failure;
use crate::reports::say;

/// Makes a folder for one failure: README.md, logs/, logs/passing/, tests/, trials/.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  ndlog new ring-hang\n  ndlog new ring-hang --parent failures/")]
pub struct Args {
    /// The failure's name: letters, digits, `-`, `_` and `.`.
    #[arg(allow_hyphen_values = true)]
    name: String,
    /// The folder to make it in; this one where none is given.
    #[arg(long, value_name = "FOLDER")]
    parent: Option<PathBuf>,
}

/// Runs the command. Exit codes: 0 made, 2 refused.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let failure = Failure::create(&args.parent.unwrap_or_default(), &args.name)?;
    say(&format!("made {}\nnext: {}", failure.folder().display(), failure.progress().advice))?;
    Ok(ExitCode::SUCCESS)
}
