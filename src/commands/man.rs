//! `ndlog man`: the manual, as pages that `man` shows.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::CommandFactory;
use clap_mangen::Man;

use super::CommandLine;
use crate::reports::print;

/// Prints the manual page, or writes one for each command into a folder.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  ndlog man | man -l -\n  ndlog man ~/.local/share/man/man1")]
pub struct Args {
    /// The folder to write `ndlog.1`, `ndlog-cluster.1` and the others into; it must be there.
    folder: Option<PathBuf>,
}

/// Runs the command. Exit codes: 0 written, 2 not.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let Some(folder) = args.folder else {
        let mut page = Vec::new();
        Man::new(CommandLine::command()).render(&mut page)?;
        print(&String::from_utf8(page)?)?;
        return Ok(ExitCode::SUCCESS);
    };
    clap_mangen::generate_to(CommandLine::command(), &folder)
        .with_context(|| format!("cannot write the manual into {}", folder.display()))?;
    Ok(ExitCode::SUCCESS)
}
