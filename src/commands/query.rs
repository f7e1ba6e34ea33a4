//! `ndlog query`: SQL over what was found.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::pipeline;
use crate::reports::{Output, columns, deliver_with, write_grid};

/// Answers an SQL statement over the tables `occurrences`, `sources` and `clusters`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ndlog query 'SELECT host, count(*) AS times FROM occurrences GROUP BY host ORDER BY times DESC' --from findings.json\n  ndlog query 'SELECT * FROM clusters' --from findings.json\n  ndlog query 'SELECT cluster, count(*) FROM occurrences GROUP BY cluster' --from part1.parquet --from part2.parquet"
)]
pub struct Args {
    /// One statement, such as `SELECT title, failures FROM clusters ORDER BY failures DESC`.
    sql: String,
    /// Ask what `ndlog cluster` wrote with `--format parquet` or `json`; several go together.
    #[arg(long, value_name = "FILE", required = true)]
    from: Vec<PathBuf>,
    #[command(flatten)]
    output: Output,
}

/// Runs the command. Exit codes: 0 answered, 2 the statement or the input cannot be read.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let tables = pipeline::saved::tables(&args.from)?;
    let answer = tables.query(&args.sql)?;
    deliver_with(&args.output, |out| write_grid(&answer, args.output.format, columns(), out))?;
    Ok(ExitCode::SUCCESS)
}
