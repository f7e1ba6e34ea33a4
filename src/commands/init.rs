//! `ndlog init`: the settings of a project, to be filled in.

use std::env;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};

use crate::folder::write_whole;
use crate::reports::say;
use crate::settings::{FILE, TEMPLATE, with_store};

/// Writes `.ndlog.toml` with every setting explained, all of them commented out. It overwrites nothing.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ndlog init\n  ndlog init --store\n\nExit codes: 0 written, 2 there is one already, or it could not be written."
)]
pub struct Args {
    /// Remember what was seen in `.ndlog/`, beside the file.
    #[arg(long)]
    store: bool,
}

/// Runs the command.
pub fn run(args: Args) -> Result<ExitCode> {
    let path = env::current_dir().context("the working folder is gone")?.join(FILE);
    ensure!(path.symlink_metadata().is_err(), "{} is there already; nothing was changed", path.display());
    let text = if args.store { with_store() } else { TEMPLATE.to_owned() };
    write_whole(&path, text.as_bytes())?;
    let next = if args.store {
        "logs are remembered in .ndlog/ from now on: keep it out of the repository"
    } else {
        "open it and take the mark away from what you want to set"
    };
    say(&format!("wrote {}\nnext: {next}", path.display()))?;
    Ok(ExitCode::SUCCESS)
}
