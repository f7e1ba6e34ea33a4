//! `ndlog prompt`: the evidence pack for whoever writes or refines the stress test.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::ValueEnum;

use super::masking::Masking;
use super::pattern_of;
use crate::experiment::{LEAST_TOKENS, Reader, prompt};
use crate::folder::Failure;
use crate::pipeline::experiment;
use crate::reports::print;

/// Excerpts offered to the pack; it takes as many as fit.
const MOST_EXCERPTS: usize = 12;

/// Prints what is known, what is missing, the log lines and the rules of a good stress test, in
/// Markdown. Log text is fenced and marked as data.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ndlog prompt ring-hang > pack.md\n  ndlog prompt ring-hang --max-tokens 4000 --for colleague\n  ndlog prompt ring-hang --for mcp"
)]
pub struct Args {
    /// The failure's folder, with a pattern in it.
    failure: PathBuf,
    /// The longest pack, a token counted as four bytes.
    #[arg(long, value_name = "N", default_value_t = 12_000, value_parser = at_least)]
    max_tokens: usize,
    /// Who reads it.
    #[arg(long = "for", value_enum, default_value_t, value_name = "READER")]
    reader: Who,
    #[command(flatten)]
    masking: Masking,
}

/// Who reads the pack.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Who {
    /// A language model.
    #[default]
    Ai,
    /// A person who knows the code.
    Colleague,
    /// A language model that `ndlog mcp` serves: it asks for log lines and values itself.
    Mcp,
}

/// Runs the command. Exit codes: 0 printed, 2 there is no pattern.
pub fn run(args: Args) -> Result<ExitCode> {
    let failure = Failure::open(&args.failure)?;
    let pattern = pattern_of(&failure)?;
    let pattern = args.masking.document(pattern)?;
    let excerpts = || args.masking.excerpts(experiment::excerpts(&failure, &pattern, MOST_EXCERPTS));
    let (reader, excerpts) = match args.reader {
        Who::Ai => (Reader::Model, excerpts()?),
        Who::Colleague => (Reader::Colleague, excerpts()?),
        Who::Mcp => (Reader::Client, Vec::new()),
    };
    print(&prompt(&pattern, &excerpts, reader, args.max_tokens))?;
    Ok(ExitCode::SUCCESS)
}

fn at_least(text: &str) -> Result<usize, String> {
    let number: usize = text.parse().map_err(|_| format!("{text:?} is not a number"))?;
    if number < LEAST_TOKENS {
        Err(format!("{number} is too few; expected at least {LEAST_TOKENS}"))
    } else {
        Ok(number)
    }
}
