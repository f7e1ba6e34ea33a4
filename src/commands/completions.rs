//! `ndlog completions`: what a shell needs to complete the command line.

use std::process::ExitCode;

use clap::CommandFactory;
use clap_complete::Shell;

use super::CommandLine;
use crate::reports::print;

/// Prints the completions of a shell.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ndlog completions bash > ~/.local/share/bash-completion/completions/ndlog\n  ndlog completions fish > ~/.config/fish/completions/ndlog.fish"
)]
pub struct Args {
    /// The shell to complete for.
    shell: Shell,
}

/// Runs the command. Exit codes: 0 printed, 2 no such shell.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut CommandLine::command(), "ndlog", &mut script);
    print(&String::from_utf8(script)?)?;
    Ok(ExitCode::SUCCESS)
}
