//! `ndlog stress`: a test that makes the failure happen again, ready to run.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, ensure};

use super::masking::Masking;
use super::pattern_of;
use crate::experiment::Pattern;
use crate::folder::{Failure, Section, write_whole};
use crate::reports::{say, warn};
use crate::script::{self, Invocation, TestFile};

/// Writes a stand-alone stress test from the pattern: run_test.sh and tests/.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  ndlog stress ring-hang\n  ring-hang/run_test.sh --help")]
pub struct Args {
    /// The failure's folder.
    failure: PathBuf,
    /// Replace a test that is there and differs.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    masking: Masking,
}

/// Runs the command. Exit codes: 0 written, 2 not.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let failure = Failure::open(&args.failure)?;
    let pattern = pattern_of(&failure)?;
    let pattern = args.masking.document(pattern)?;
    let files = script::write(&pattern).context("cannot write the test")?;
    if !args.force {
        refuse_changed(failure.folder(), &files)?;
    }
    put_all(&failure, &pattern)?;
    let invocation = Invocation::of(&pattern);
    match &invocation {
        Some(invocation) => say(&format!("the test runs: {}", words(&invocation.argv)))?,
        None => warn("no log names a command or a test that can be run by its name: give one after `--`"),
    }
    let (starter, test) = (failure.folder().join("run_test.sh"), failure.tests());
    say(&format!("wrote {} and {}\nnext: {}", starter.display(), test.display(), failure.progress().advice))?;
    Ok(ExitCode::SUCCESS)
}

/// Writes the test and how it is run.
///
/// # Errors
/// If a file cannot be written.
pub(super) fn put_all(failure: &Failure, pattern: &Pattern) -> anyhow::Result<()> {
    for file in &script::write(pattern).context("cannot write the test")? {
        put(failure.folder(), file)?;
    }
    failure.tell(Section::Run, &how_to_run(Invocation::of(pattern).as_ref()))
}

/// A test that somebody has refined is worth more than a fresh one.
fn refuse_changed(folder: &Path, files: &[TestFile]) -> anyhow::Result<()> {
    for file in files {
        let path = folder.join(&file.path);
        let same = std::fs::read(&path).map_or(true, |text| text == file.text.as_bytes());
        ensure!(
            same,
            "{} is there and differs from what ndlog would write; --force replaces it",
            path.display()
        );
    }
    Ok(())
}

fn put(folder: &Path, file: &TestFile) -> anyhow::Result<()> {
    let path = folder.join(&file.path);
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
    }
    write_whole(&path, file.text.as_bytes())?;
    if file.executable {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755))
            .with_context(|| format!("cannot make {} executable", path.display()))?;
    }
    Ok(())
}

fn how_to_run(invocation: Option<&Invocation>) -> String {
    let command = invocation.map_or_else(
        || "No log names a command: give one after `--`.".to_owned(),
        |invocation| {
            let shown = |folder: &String| format!(", in `{}`", folder.replace(['`', '\n'], " "));
            let folder = invocation.folder.as_ref().map_or_else(String::new, shown);
            let command = words(&invocation.argv).replace('\n', "\n    ");
            format!("The command, as the logs have it{folder}:\n\n    {command}")
        },
    );
    format!(
        "{command}\n\n    ./run_test.sh                    under the amplifiers ranked first\n    \
         ./run_test.sh --plain            as it is\n    ./run_test.sh --help             all knobs\n    \
         ndlog verify .                   finds what helps and counts"
    )
}

fn words(argv: &[String]) -> String {
    shlex::try_join(argv.iter().map(String::as_str)).unwrap_or_default()
}
