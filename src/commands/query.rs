//! `ndlog query`: SQL over what was found.

use std::path::PathBuf;
use std::process::ExitCode;

use super::logs::Logs;
use crate::pipeline::saved;
use crate::reports::{Output, columns, deliver_with, warn, write_grid};
use crate::tables::Tables;

/// Answers an SQL statement over the tables `occurrences`, `sources`, `clusters` and `runs`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ndlog query 'SELECT host, count(*) AS times FROM occurrences GROUP BY host ORDER BY times DESC' logs/\n  ndlog query 'SELECT test, failed, ran, first, last FROM clusters ORDER BY rate DESC' --from findings.json\n  ndlog query 'SELECT week, outcome, count(*) AS runs FROM runs GROUP BY week, outcome ORDER BY week' logs/\n  ndlog query 'SELECT cluster, count(*) FROM occurrences GROUP BY cluster' --from part1.parquet --from part2.parquet\n\nExit codes: 0 answered, 2 the statement or the input cannot be read, 3 some inputs were not read whole."
)]
pub struct Args {
    /// One statement, such as `SELECT title, failures FROM clusters ORDER BY failures DESC`.
    sql: String,
    #[command(flatten)]
    logs: Logs,
    /// Ask what was written with `--format parquet` or `json`, instead of logs; several go together.
    #[arg(long, value_name = "FILE", conflicts_with = "paths")]
    from: Vec<PathBuf>,
    #[command(flatten)]
    output: Output,
}

/// Runs the command.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let (tables, code) = match args.from.as_slice() {
        [] => {
            let found = args.logs.read(|_, _| ())?;
            (Tables::of(&found.findings)?, found.code(false))
        }
        from => (saved::tables(from)?, ExitCode::SUCCESS),
    };
    let answer = match tables.query(&args.sql) {
        Ok(answer) => answer,
        Err(error) => {
            // What there is to ask for stands on lines of its own.
            format!("ndlog: {error:#}").lines().for_each(warn);
            return Ok(ExitCode::from(2));
        }
    };
    deliver_with(&args.output, |out| write_grid(&answer, args.output.format, columns(), out))?;
    Ok(code)
}
