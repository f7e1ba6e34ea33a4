//! `ndlog templates`: the line templates of logs.

use std::path::PathBuf;
use std::process::ExitCode;

use super::masking::Masking;
use super::warn_of;
use crate::pipeline;
use crate::reports::templates::{TemplatesFormat, write};
use crate::reports::{Output, deliver_with};

/// Mines line templates: the text that lines share, with `<*>` where they vary.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ndlog templates build.log\n  ndlog templates logs/ --format csv -o templates.csv"
)]
pub struct Args {
    /// Files, folders, archives, or `-` for standard input.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// How to write the templates.
    #[arg(long, value_enum, default_value_t)]
    format: TemplatesFormat,
    /// Write to this file, whole or not at all, instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    masking: Masking,
}

/// Runs the command. Exit codes: 0 done, 2 nothing could be read, 3 some inputs not read whole.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let (mut mined, problems) = pipeline::templates::mine(args.paths);
    let code = warn_of(&problems);
    let incomplete = problems.iter().any(|problem| problem.incomplete);
    anyhow::ensure!(!(incomplete && mined.sources.is_empty()), "nothing could be read");
    let templates = mined.templates.iter_mut().map(|template| &mut template.text);
    args.masking.each(templates.chain(mined.sources.iter_mut().map(|source| &mut source.source)))?;
    let output = Output::plain(args.output);
    deliver_with(&output, |out| write(&mined, args.format, out))?;
    Ok(code)
}
