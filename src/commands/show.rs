//! `ndlog show`: all about one failure.

use std::process::ExitCode;

use anyhow::{Result, bail};

use super::logs::Logs;
use crate::findings::{Chosen, ClusterSummary, Findings};
use crate::pipeline::excerpts;
use crate::reports::{Color, Output, Show, columns, deliver_with};

/// Shows all about one failure: its lines with those round them, its runs, how often it comes, every cause, what is
/// known of it, and what passing runs do not say.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ndlog show 2\n  ndlog show 2 logs/\n  ndlog show 5b1c logs/ --pass logs/passing\n  ndlog show 1 run.zip --context 30 --all\n\nWithout logs, those of the last `ndlog cluster` on a terminal in this folder are read.\n\nExit codes: 0 shown, 2 there is no such failure, or the digits fit several, 3 some inputs were not read whole."
)]
pub struct Args {
    /// The number of the failure on the first screen of `ndlog cluster`, its id, or the first digits of that.
    #[arg(value_name = "N|ID")]
    what: String,
    #[command(flatten)]
    logs: Logs,
    /// Lines to show before and after those of the failure, as far as they were kept.
    #[arg(long, value_name = "N", default_value_t = 10)]
    context: u64,
    /// Name every run and every test, and show long lines whole.
    #[arg(long)]
    all: bool,
    /// Show the figures behind the causes.
    #[arg(short, long)]
    verbose: bool,
    /// When to colour.
    #[arg(long, value_enum, default_value_t, value_name = "WHEN")]
    color: Color,
}

/// Runs the command.
pub fn run(args: Args) -> Result<ExitCode> {
    let (what, around) = (args.what, args.context);
    let found = args.logs.or_of_the_last_look().read(|findings, shown| {
        if let Chosen::One(cluster) = findings.choose(&what) {
            let id = cluster.id.clone();
            excerpts::add_for_one(findings, shown, &id, around);
        }
    })?;
    let cluster = chosen(&found.findings, &what)?;
    let show = Show { width: columns(), context: around, all: args.all, verbose: args.verbose };
    let output = Output { color: args.color, ..Output::default() };
    deliver_with(&output, |out| show.write(cluster, &found.findings, out))?;
    Ok(found.code(false))
}

/// Letters of a candidate's title.
const TITLE: usize = 60;

/// Returns the failure that was meant.
///
/// # Errors
/// If there is none, or the digits fit several; the message names the candidates.
pub fn chosen<'f>(findings: &'f Findings, what: &str) -> Result<&'f ClusterSummary> {
    match findings.choose(what) {
        Chosen::One(cluster) => Ok(cluster),
        Chosen::Several(all) => {
            let name = |cluster: &&ClusterSummary| {
                format!("{} ({})", cluster.id, cluster.title.chars().take(TITLE).collect::<String>())
            };
            let names: Vec<String> = all.iter().map(name).collect();
            bail!("{what} fits several failures, write more digits: {}", names.join("; "))
        }
        Chosen::None => {
            let shown = findings.primary().count();
            let listed =
                "`ndlog cluster` lists them with their numbers and ids, of which four digits are enough";
            bail!("no failure {what} in these logs; there are {shown}: {listed}")
        }
    }
}
