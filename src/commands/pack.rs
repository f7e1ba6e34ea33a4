//! `ndlog pack`: what to hand to a colleague or a model.

use std::process::ExitCode;

use clap::ValueEnum;

use super::logs::Logs;
use crate::pipeline::excerpts;
use crate::reports::{BYTES_A_TOKEN, pack, print};

/// Writes what a diagnosis needs as one text of bounded length: how the run ended, the failing tests, what is
/// known, and the telling lines with their numbers.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ndlog pack build.log\n  make test 2>&1 | ndlog pack -\n  ndlog pack run.zip --max-tokens 1000\n\nExit codes: 0 nothing failed, 1 something failed, 2 nothing could be read, 3 not all could be read, 4 cannot tell."
)]
pub struct Args {
    #[command(flatten)]
    logs: Logs,
    /// The length of the text at the most, in tokens of four bytes.
    #[arg(long, value_name = "N", default_value_t = 2000)]
    max_tokens: usize,
    /// How to write it.
    #[arg(long, value_enum, default_value_t)]
    format: Form,
}

/// How a pack is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Text with fenced lines, for people and models alike.
    #[default]
    Text,
    /// The same text in the field `text` of a JSON object, with `tokens` as estimated.
    Json,
}

/// Runs the command.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let found = args.logs.read(excerpts::add_for_pack)?;
    let text = pack(&found.findings, args.max_tokens);
    match args.format {
        Form::Text => print(&text)?,
        Form::Json => {
            let tokens = text.len().div_ceil(BYTES_A_TOKEN);
            print(&serde_json::json!({ "schema": SCHEMA, "tokens": tokens, "text": text }).to_string())?;
        }
    }
    Ok(found.answer())
}

const SCHEMA: &str = "ndlog.pack/1";
