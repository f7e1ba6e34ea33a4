//! How a proof runs its command: the options that `verify` and `reproduce` share.

use std::path::PathBuf;

/// What to run, where, and what is needed round each run.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Conduct {
    /// Go on where an earlier proof in the folder was stopped or killed.
    #[arg(long)]
    pub resume: bool,
    /// A file to lock while a run goes on, so that others who use the device wait; no copies are then run.
    #[arg(long, value_name = "FILE")]
    pub exclusive: Option<PathBuf>,
    /// A shell line to run before each run, such as `tt-smi -r`: it leaves the device as a fresh one.
    #[arg(long, value_name = "COMMAND")]
    pub reset: Option<String>,
    /// A shell line that fails where the device is not fit for a run, to run before each one.
    #[arg(long, value_name = "COMMAND")]
    pub health: Option<String>,
    /// Run a shell line that a log told without asking.
    #[arg(long)]
    pub yes: bool,
    /// The folder to run the command in, where it is not the one that holds the test's file.
    #[arg(long, value_name = "FOLDER")]
    pub cwd: Option<PathBuf>,
    /// The repository, below which the test's file is looked for; this folder where none is given.
    #[arg(long, value_name = "FOLDER")]
    pub repo: Option<PathBuf>,
    /// Say what would be run and in what order, and run nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// The command, where no log has it or another one is meant.
    #[arg(last = true)]
    pub command: Vec<String>,
}
