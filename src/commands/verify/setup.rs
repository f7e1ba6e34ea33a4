//! From what was typed and what the pattern says to an experiment.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::{Args, whereabouts};
use crate::experiment::{self, Knob, Pattern, amplifiers, not_started};
use crate::folder::Failure;
use crate::pipeline::identity;
use crate::reports::{confirm, warn};
use crate::script::{self, Invocation, Machine, Target};
use crate::signatures::Cause;
use crate::trials::{
    self, Between, Bounds, Candidate, Experiment, Identity, Oracle, Plan, Reading, Skipped, Starting,
};

/// Seconds of a proof where neither the user nor the pattern says.
const BUDGET: f64 = 1200.0;
const SEED: u64 = 1;
/// Part of the shortest time limit that a delay may last.
const DELAY_PART: f64 = 0.25;
/// Plain runs that are made at once, at most.
const MOST_COPIES: u32 = 4;
/// Causes whose amplifiers are tried after those that the pattern ranked: the generic ones first, then
/// those that only their own failures answer to, which the oracle tells apart.
const FALLBACK: [Cause; 5] =
    [Cause::Unknown, Cause::Race, Cause::Timeout, Cause::Exhaustion, Cause::OutOfMemory];

/// Returns the experiment, and the amplifiers that this machine or this command does not allow.
pub fn experiment(
    args: &Args,
    failure: &Failure,
    pattern: Option<&Pattern>,
    scratch: &Path,
) -> Result<(Experiment, Vec<Skipped>)> {
    let runs_line = may_run_its_line(args, failure, pattern)?;
    let machine = trials::probe(&failure.tests().join("amplifiers"), scratch)
        .with_context(|| format!("cannot write the amplifiers into {}", failure.tests().display()))?;
    let invocation = pattern.and_then(if runs_line { Invocation::of } else { Invocation::of_test });
    let argv = argv(args, failure, pattern, invocation.as_ref())?;
    let mut target = pattern.map_or_else(Target::default, |pattern| Target::of(pattern, invocation.as_ref()));
    if invocation.as_ref().is_none_or(|invocation| invocation.argv != argv) {
        target.whole = None;
    }
    let (candidates, skipped) = candidates(&knobs(pattern), &machine, &target);
    let budget = args.budget.or_else(|| Some(pattern?.budget.seconds as f64)).unwrap_or(BUDGET);
    let named = pattern.zip(invocation.as_ref()).filter(|_| args.conduct.command.is_empty());
    let named = named.and_then(|(pattern, invocation)| invocation.of_sibling(pattern));
    let sibling = args.guard.as_deref().map(split).transpose()?.or(named);
    let plan = Plan {
        candidates,
        budget,
        seed: args.seed.unwrap_or(SEED),
        guard: sibling.is_some(),
        generous_limit: pattern.and_then(generous_limit),
        narrowed: target.whole.is_some(),
        together: target.runs_together(),
        copies: copies(args, pattern, &machine),
        apart: args.conduct.reset.is_some() || args.conduct.health.is_some(),
        rate: pattern.map(|pattern| &pattern.rate).filter(|rate| rate.runs > rate.failing).map(ci_rate),
    };
    let experiment = Experiment {
        argv,
        variables: invocation.as_ref().map(|invocation| invocation.variables.clone()).unwrap_or_default(),
        folder: whereabouts::folder(
            args.conduct.cwd.as_deref(),
            args.conduct.repo.as_deref(),
            pattern,
            invocation.as_ref(),
            !args.conduct.command.is_empty(),
        )?,
        target,
        machine,
        oracle: oracle(args, pattern)?,
        stood_still: pattern.is_some_and(Pattern::stood_still),
        plan,
        sibling,
        bounds: bounds(args, pattern, budget),
        between: Between {
            exclusive: args.conduct.exclusive.clone(),
            reset: args.conduct.reset.clone(),
            health: args.conduct.health.clone(),
        },
    };
    Ok((experiment, skipped))
}

/// A test that somebody has written or refined is run as it is. One that ndlog wrote only repeats the
/// command, so that the command is run straight.
fn argv(
    args: &Args,
    failure: &Failure,
    pattern: Option<&Pattern>,
    invocation: Option<&Invocation>,
) -> Result<Vec<String>> {
    if !args.conduct.command.is_empty() {
        return Ok(args.conduct.command.clone());
    }
    let starter = failure.folder().join("run_test.sh");
    let folder = failure.folder().display();
    if !starter.is_file() {
        bail!("{folder} holds no test: write one with `ndlog stress {folder}`, or give a command after `--`");
    }
    match (pattern, invocation) {
        (Some(pattern), Some(invocation)) if is_as_written(failure, pattern)? => Ok(invocation.argv.clone()),
        (Some(pattern), None) if is_as_written(failure, pattern)? => {
            bail!("no log names a command: give one after `--`")
        }
        _ => Ok(vec![std::path::absolute(&starter)?.display().to_string(), "--once".to_owned()]),
    }
}

/// A line that only a shell can read may do anything; that a log shows it is no reason to run it. Returns false
/// if the test is to be run by its name instead.
fn may_run_its_line(args: &Args, failure: &Failure, pattern: Option<&Pattern>) -> Result<bool> {
    let line = pattern.and_then(|pattern| pattern.command.as_ref()).filter(|command| command.argv.is_none());
    let Some(line) = line.filter(|_| args.conduct.command.is_empty() && !args.conduct.yes) else {
        return Ok(true);
    };
    if !failure.folder().join("run_test.sh").is_file() {
        return Ok(true);
    }
    let shown = line.printed.lines().map(|line| format!("    {line}\n")).collect::<String>();
    if confirm(&format!("{}:{} shows a shell line:\n{shown}run it?", line.at.source, line.at.line))? {
        return Ok(true);
    }
    let what = format!("a log told a shell line, which is not run without a word:\n{shown}--yes runs it");
    match pattern.and_then(Invocation::of_test) {
        Some(_) => warn(&format!("{what}; the test is run by its name instead")),
        None => bail!("{what}; or give a command after `--`"),
    }
    Ok(false)
}

pub fn is_as_written(failure: &Failure, pattern: &Pattern) -> Result<bool> {
    let files = script::write(pattern).context("cannot compare the test with what ndlog writes")?;
    Ok(files.iter().all(|file| {
        std::fs::read(failure.folder().join(&file.path)).is_ok_and(|text| text == file.text.as_bytes())
    }))
}

fn oracle(args: &Args, pattern: Option<&Pattern>) -> Result<Oracle> {
    let regex = args.oracle.as_deref().or(pattern.map(|pattern| pattern.oracle.regex.as_str()));
    let regex = regex
        .context("nothing says which failure counts: run `ndlog pattern` first, or give --oracle REGEX")?;
    let mut oracle =
        Oracle::new(regex)?.with_starting(Starting(Arc::new(|passed, output| not_started(output, passed))));
    if let Some(pattern) = pattern {
        // Words that somebody typed say all that counts, and a hang leaves no failure in its output.
        if args.oracle.is_some() {
            oracle = oracle.with_identity(Identity(Arc::new(headline)));
        } else if !script::is_hang(pattern) {
            let signature = pattern.oracle.clone();
            oracle = oracle.with_identity(Identity(Arc::new(move |output| reading(&signature, output))));
        }
        if script::is_hang(pattern) {
            oracle = oracle.with_hang();
        }
    }
    Ok(oracle)
}

fn reading(oracle: &experiment::Oracle, output: &[u8]) -> Reading {
    let compared = identity::compare(oracle, output);
    Reading {
        likeness: Some(compared.likeness),
        difference: compared.difference,
        headline: compared.headline,
    }
}

/// Words that somebody typed count; which line says best how a run failed is told all the same.
fn headline(output: &[u8]) -> Reading {
    Reading { headline: identity::headline(output), ..Reading::default() }
}

/// Returns how many plain runs are made at once: a device bears one, a suite that ran on several workers as
/// many as there are cores, and another test no more than leave it a core.
fn copies(args: &Args, pattern: Option<&Pattern>, machine: &Machine) -> u32 {
    let on_device = pattern.is_some_and(|pattern| !pattern.surroundings.devices.is_empty());
    if args.conduct.exclusive.is_some() || on_device || pattern.is_none() {
        return 1;
    }
    u32::try_from(machine.cores).unwrap_or(1).clamp(1, MOST_COPIES)
}

fn ci_rate(rate: &experiment::Rate) -> f64 {
    rate.failing as f64 / rate.runs.max(1) as f64
}

/// The pattern's knobs, and after them those that it does not name.
fn knobs(pattern: Option<&Pattern>) -> Vec<Knob> {
    let mut knobs = pattern.map(|pattern| pattern.knobs.clone()).unwrap_or_default();
    for generic in FALLBACK.into_iter().flat_map(amplifiers::knobs) {
        if !knobs.iter().any(|knob| knob.amplifier == generic.amplifier) {
            knobs.push(generic);
        }
    }
    let last = LAST.iter().filter(|(name, _)| !knobs.iter().any(|knob| knob.amplifier == *name));
    let last: Vec<Knob> = last.map(|&(name, level)| amplifiers::knob(name, level)).collect();
    knobs.extend(last);
    knobs
}

/// Amplifiers that speak to no cause in particular, tried last.
const LAST: [(&str, f64); 6] = [
    ("one-cpu", 1.0),
    ("gc-pressure", 10.0),
    ("beside", 1.0),
    ("clean-tree", 1.0),
    ("clock-still", 1.0),
    ("own-network", 1.0),
];

/// Returns what can be tried here, most promising first, and what cannot, with the reason. A knob at a
/// named place is followed by the same one at any place, for the name may mislead.
fn candidates(knobs: &[Knob], machine: &Machine, target: &Target) -> (Vec<Candidate>, Vec<Skipped>) {
    let (mut candidates, mut skipped) = (Vec::<Candidate>::new(), Vec::<Skipped>::new());
    for knob in knobs {
        let amplifier = knob.amplifier.as_str();
        let answer = script::find(amplifier)
            .ok_or_else(|| "ndlog has no amplifier of this name".to_owned())
            .and_then(|found| found.available(machine, &known(target)));
        match answer {
            Ok(()) if knob.levels.is_empty() => {}
            Ok(()) => {
                let site = knob
                    .site
                    .clone()
                    .filter(|site| amplifier != "delay" || script::longest_literal(site).is_some());
                let candidate =
                    |site| Candidate { amplifier: amplifier.to_owned(), levels: levels(knob, target), site };
                candidates.extend(site.map(|site| candidate(Some(site))));
                candidates.push(candidate(None));
            }
            Err(why) if !skipped.iter().any(|one| one.amplifier == amplifier) => {
                skipped.push(Skipped { amplifier: amplifier.to_owned(), why });
            }
            Err(_) => {}
        }
    }
    // CI's own command is run first and beside the test alone; it is no amplifier.
    candidates.retain(|candidate| candidate.amplifier != "whole-suite");
    let mut seen: Vec<(String, Option<String>)> = Vec::new();
    candidates.retain(|candidate| {
        let place = (candidate.amplifier.clone(), candidate.site.clone());
        let new = !seen.contains(&place);
        seen.push(place);
        new
    });
    (candidates, skipped)
}

/// A delay as long as a time limit makes the limit fire, and shows nothing else.
fn levels(knob: &Knob, target: &Target) -> Vec<f64> {
    let shortest = target.limits.iter().map(|limit| limit.seconds).fold(f64::INFINITY, f64::min);
    let fits = |level: &f64| knob.amplifier != "delay" || level / 1000.0 <= DELAY_PART * shortest;
    let bounded: Vec<f64> = knob.levels.iter().copied().filter(fits).collect();
    if bounded.is_empty() { knob.levels.iter().copied().take(1).collect() } else { bounded }
}

/// The memory of a plain run is not known yet; it will be after the smoke runs.
fn known(target: &Target) -> Target {
    Target { resident: 1, address_space: 1, ..target.clone() }
}

/// A limit that leaves no room is what fails; one that leaves more is only reached under more load than CI
/// had, or by something else.
fn generous_limit(pattern: &Pattern) -> Option<f64> {
    let seconds = pattern.limit_that_ended_it()?.seconds;
    pattern.budget.run_seconds.is_none_or(|run| trials::ROOM * run <= seconds).then_some(seconds)
}

/// A limit of the program's own must be able to fire before ours.
fn bounds(args: &Args, pattern: Option<&Pattern>, budget: f64) -> Bounds {
    let own = pattern.iter().flat_map(|pattern| &pattern.limits).map(|limit| 1.5 * limit.seconds + 2.0);
    let wall_floor = own.filter(|&seconds| seconds <= budget / 10.0).fold(0.0, f64::max);
    Bounds {
        wall_limit: args.limit,
        wall_floor,
        grace: Duration::from_secs_f64(args.grace),
        ..Bounds::default()
    }
}

fn split(command: &str) -> Result<Vec<String>> {
    let words = shlex::split(command).filter(|words| !words.is_empty());
    words.with_context(|| format!("--guard {command:?} cannot be split into words; check its quotes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_knob_at_a_place_is_followed_by_the_same_one_anywhere() {
        let mut knobs = amplifiers::knobs(Cause::Race);
        knobs.truncate(1);
        knobs[0].site = Some("worker ready".to_owned());
        let folder = tempfile::tempdir().unwrap();
        let machine = trials::probe(folder.path(), folder.path()).unwrap();
        let (candidates, skipped) = candidates(&knobs, &machine, &Target::default());
        if machine.shim.is_ok() {
            let sites: Vec<Option<&str>> = candidates.iter().map(|one| one.site.as_deref()).collect();
            assert_eq!(sites, [Some("worker ready"), None]);
        } else {
            assert_eq!(skipped.len(), 1);
        }
    }
}
