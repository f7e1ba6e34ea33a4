//! `ndlog verify`: makes the failure happen again, or says how rare it must be.

mod accept;
mod conduct;
mod plot;
mod setup;
mod view;
mod whereabouts;
mod words;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, ensure};
pub(super) use conduct::Conduct;

use super::pattern_of;
use crate::durations;
use crate::experiment::Pattern;
use crate::folder::{Failure, Section, write_whole};
use crate::reports::{print, say, warn};
use crate::trials::{self, Journal, Outcome, Proof, Status};

/// Runs the failure's test inside a budget, counts the failures with its signature, and finds the
/// amplifiers that help.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ndlog verify ring-hang\n  ndlog verify ring-hang --budget 3m --resume\n  \
    ndlog verify ring-hang -- python3 -m pytest -x tests/test_ring.py::test_gather"
)]
pub struct Args {
    /// The failure's folder.
    pub(super) failure: PathBuf,
    /// Time for the whole proof, such as 90s, 20m or 1h; the pattern's budget where none is given.
    #[arg(long, value_parser = durations::argument)]
    pub(super) budget: Option<f64>,
    /// Decides every draw of the plan.
    #[arg(long)]
    pub(super) seed: Option<u64>,
    /// Time for one plain run; three times the longest passing run and 5 s where none is given.
    #[arg(long, value_parser = durations::argument)]
    pub(super) limit: Option<f64>,
    /// Time for the last words of a run that hangs, before it is killed.
    #[arg(long, value_parser = durations::argument, default_value = "10s")]
    pub(super) grace: f64,
    /// A regular expression that finds the failure in the output, instead of the pattern's.
    #[arg(long, value_name = "REGEX")]
    pub(super) oracle: Option<String>,
    /// A command that should pass: if the amplifiers make it fail in the same way, they made the failure.
    #[arg(long, value_name = "COMMAND")]
    pub(super) guard: Option<String>,
    /// Take runs that nearly matched for the failure: their words are added to the pattern.
    #[arg(long, conflicts_with = "resume")]
    pub(super) accept: bool,
    /// Print the outcome as one JSON document.
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) conduct: Conduct,
}

impl Args {
    /// Returns what is meant where nothing more was typed.
    pub(super) fn of(failure: &std::path::Path, budget: f64, conduct: Conduct) -> Self {
        Self {
            failure: failure.to_owned(),
            budget: Some(budget),
            seed: None,
            limit: None,
            grace: 10.0,
            oracle: None,
            guard: None,
            accept: false,
            json: false,
            conduct,
        }
    }
}

/// Runs the command. Exit codes: 0 reproduced, 1 not reproduced, 2 could not be run.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let failure = Failure::open(&args.failure)?;
    let mut pattern: Option<Pattern> = match failure.pattern().exists() {
        true => Some(pattern_of(&failure)?),
        false => None,
    };
    if args.accept {
        accept::near_matches(
            &failure,
            pattern.as_mut().context("there is no pattern to add them to: `ndlog pattern` first")?,
        )?;
    }
    let stop = stop_flag()?;
    let scratch = tempfile::tempdir().context("cannot make a folder for temporary files")?;
    let (mut experiment, skipped) = setup::experiment(&args, &failure, pattern.as_ref(), scratch.path())?;
    if args.conduct.dry_run {
        say(&words::plan(&experiment, &skipped))?;
        return Ok(ExitCode::SUCCESS);
    }
    remember(&failure, pattern.as_mut(), &experiment)?;
    let mut journal = journal(&args, &failure, &mut experiment)?;
    let mut view = view::View::start(&experiment, &skipped, journal.trials())?;
    trials::run(&experiment, &mut journal, &stop, &mut |trial| view.show(trial))?;
    view.finish();
    let mut outcome = Outcome::of(&experiment.plan, &experiment.argv, journal.trials(), skipped);
    let causes = pattern.as_ref().map(|pattern| trials::rerank(&pattern.causes, &pattern.knobs, &outcome));
    let causes = causes.unwrap_or_default();
    outcome.causes =
        pattern.as_ref().map(|pattern| trials::moved(&pattern.causes, &causes)).unwrap_or_default();
    let doubt = pattern.as_ref().and_then(|pattern| words::doubt(&outcome, pattern));
    keep(&failure, &outcome, doubt.as_deref())?;
    if let Some(doubt) = &doubt {
        warn(doubt);
    }
    if stop.load(Ordering::Relaxed) {
        warn(&format!("stopped; `ndlog verify {} --resume` goes on", args.failure.display()));
    }
    if args.json {
        print(&(serde_json::to_string_pretty(&outcome)? + "\n"))?;
    } else {
        say(&words::lines(&outcome))?;
    }
    Ok(match outcome.status {
        Status::CouldNotRun => ExitCode::from(2),
        _ if outcome.reproduced() => ExitCode::SUCCESS,
        _ => ExitCode::from(1),
    })
}

/// Ctrl-C, a closed terminal and a polite end of the machine stop the proof between two looks at the processes.
fn stop_flag() -> anyhow::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
        signal_hook::flag::register(signal, Arc::clone(&stop)).context("cannot listen for Ctrl-C")?;
    }
    Ok(stop)
}

/// Keeps where the command runs in the pattern, in the test that ndlog wrote and in the README.
fn remember(
    failure: &Failure,
    pattern: Option<&mut Pattern>,
    experiment: &trials::Experiment,
) -> anyhow::Result<()> {
    let Some(pattern) = pattern else { return Ok(()) };
    let folder = std::path::absolute(&experiment.folder)?.display().to_string();
    if pattern.folder.as_ref() == Some(&folder) {
        return Ok(());
    }
    let written = setup::is_as_written(failure, pattern)?;
    pattern.folder = Some(folder);
    let mut text = serde_json::to_vec_pretty(pattern)?;
    text.push(b'\n');
    write_whole(&failure.pattern(), &text)?;
    if written { super::stress::put_all(failure, pattern) } else { Ok(()) }
}

/// Begins a proof or goes on with one; a resumed one keeps its seed and, unless told otherwise, its
/// budget.
fn journal(args: &Args, failure: &Failure, experiment: &mut trials::Experiment) -> anyhow::Result<Journal> {
    if !args.conduct.resume {
        let (argv, plan) = (experiment.argv.clone(), &experiment.plan);
        return Journal::begin(&failure.trials(), &Proof { argv, budget: plan.budget, seed: plan.seed });
    }
    let (journal, proof) = Journal::resume(&failure.trials())?;
    ensure!(
        proof.argv == experiment.argv,
        "the proof in {} ran another command, {:?}; leave out --resume to begin again",
        failure.trials().display(),
        proof.argv.join(" ")
    );
    experiment.plan.seed = proof.seed;
    experiment.plan.budget = args.budget.unwrap_or(proof.budget);
    Ok(journal)
}

fn keep(failure: &Failure, outcome: &Outcome, doubt: Option<&str>) -> anyhow::Result<()> {
    let document = serde_json::to_string_pretty(outcome)? + "\n";
    write_whole(&failure.trials().join("outcome.json"), document.as_bytes())?;
    write_whole(&failure.trials().join("outcome.html"), plot::page(outcome)?.as_bytes())?;
    let doubt = doubt.map_or_else(String::new, |doubt| format!("\n{doubt}\n"));
    failure.tell(Section::Results, &(words::markdown(outcome) + &doubt))
}
