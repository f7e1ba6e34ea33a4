//! `ndlog pattern`: the experiment that makes a failure happen again.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;

use super::masking::Masking;
use super::warn_of;
use crate::durations;
use crate::experiment::{Pattern, render_markdown};
use crate::folder::{Failure, Section, write_whole};
use crate::pipeline::{experiment, saved};
use crate::reports::say;

/// Writes NAME/pattern.json: what an experiment must know, each value with the line it came from,
/// and what no log tells.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ndlog pattern ring-hang\n  ndlog pattern ring-hang --cluster 5b1c0e77a90412fd --budget 5m"
)]
pub struct Args {
    /// The failure's folder.
    failure: PathBuf,
    /// Which failure of several: its number or id in `ndlog cluster NAME`, or the id's first digits; without it the most
    /// frequent.
    #[arg(long, value_name = "N|ID")]
    cluster: Option<String>,
    /// Time that the proof may take, such as 90s, 20m or 1h.
    #[arg(long, value_name = "TIME", default_value = "20m", value_parser = durations::argument)]
    budget: f64,
    /// Use what `ndlog cluster --format json` wrote, instead of reading the logs for failures again.
    #[arg(long, value_name = "FINDINGS")]
    from: Option<PathBuf>,
    #[command(flatten)]
    masking: Masking,
}

/// Runs the command. Exit codes: 0 written, 2 not, 3 written but some log could not be read whole.
pub fn run(args: Args) -> Result<ExitCode> {
    let failure = Failure::open(&args.failure)?;
    let mut collected = experiment::read(&failure)?;
    if let Some(path) = &args.from {
        collected = collected.with(&failure, saved::findings(path)?);
    }
    let pattern = collected.pattern(&failure, args.cluster.as_deref(), args.budget.ceil() as u64)?;
    let code = warn_of(&collected.problems);
    let pattern = args.masking.document(pattern)?;
    let mut text = serde_json::to_vec_pretty(&pattern)?;
    text.push(b'\n');
    write_whole(&failure.pattern(), &text)?;
    failure.tell(Section::Failure, &render_markdown::failure(&pattern))?;
    failure.tell(Section::Causes, &render_markdown::causes(&pattern))?;
    say(&summary(&failure, &pattern))?;
    Ok(code)
}

fn summary(failure: &Failure, pattern: &Pattern) -> String {
    let mut lines = vec![format!("{}  {}", pattern.oracle.cluster, pattern.oracle.title)];
    let at = |place: &crate::experiment::Place| format!("{}:{}", place.source, place.line);
    lines.push(format!("  says      {}  ({})", pattern.oracle.message, at(&pattern.oracle.at)));
    if let Some(test) = &pattern.test {
        lines.push(format!("  test      {}  ({})", test.id, at(&test.at)));
    }
    if let Some(command) = &pattern.command {
        lines.push(format!("  command   {}  ({})", command.printed, at(&command.at)));
    }
    lines.push(format!(
        "  found     {} variables, {} limits",
        pattern.environment.len(),
        pattern.limits.len()
    ));
    for limit in pattern.limits.iter().filter(|limit| limit.fired || limit.hugged) {
        lines.push(format!(
            "  limit     {} of {} s ended it  ({})",
            limit.name,
            limit.seconds,
            at(&limit.at)
        ));
    }
    for cause in pattern.causes.iter().take(3) {
        lines.push(format!("  cause     {} {:.2} ({})", cause.cause, cause.score, cause.grade));
    }
    let knobs: Vec<&str> = pattern.knobs.iter().map(|knob| knob.amplifier.as_str()).collect();
    lines.push(format!("  turn      {}", knobs.join(", ")));
    lines.push(format!("  odds      {}", pattern.budget.sentence));
    for missing in &pattern.missing {
        lines.push(format!("  missing   {}: {}", missing.what, missing.next));
    }
    lines.push(format!("wrote {}", failure.pattern().display()));
    lines.push(format!("next: {}", failure.progress().advice));
    lines.join("\n")
}
