//! A command that this build leaves out: it says so, and how to get it.

use std::process::ExitCode;

use anyhow::{Result, bail};

/// Whatever was typed behind the command.
#[derive(Debug, clap::Args)]
#[command(disable_help_flag = true)]
pub struct Args {
    #[arg(hide = true, trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<std::ffi::OsString>,
}

/// Refuses `command`, which needs a `feature` of the build.
pub fn run(command: &str, feature: &str, _: Args) -> Result<ExitCode> {
    bail!(
        "`ndlog {command}` is not in this build, which was made without the feature `{feature}`; \
         `cargo install --path .` builds all commands (docs/install.md)"
    )
}
