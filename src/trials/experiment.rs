//! The experiment: run what the plan asks for, judge it, write it down, until the plan is done.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::arm::{Arm, Setting};
use super::between::Between;
use super::device_state;
use super::ending::{Ending, Usual};
use super::journal::Journal;
use super::judged::Judged;
use super::oracle::{Judgement, Oracle, Verdict};
use super::plan::Plan;
use super::process::{self, Exit, Finished, Job, Pause, Process, Start};
use super::rounds::rounds;
use super::trial::{Stage, Trial};
use crate::script::{self, Dose, Machine, Pulse, Target, Treatment};
use crate::stats::Random;

/// What to run, what counts, and how long it may take.
#[derive(Clone, Debug)]
pub struct Experiment {
    /// The command under test: the program and its arguments.
    pub argv: Vec<String>,
    /// Variables to set for it.
    pub variables: BTreeMap<String, String>,
    /// Where to run it.
    pub folder: PathBuf,
    pub target: Target,
    pub machine: Machine,
    pub oracle: Oracle,
    /// True if a time limit ended the failure while the program stood still, so that a run which its limit
    /// ends at work is another one.
    pub stood_still: bool,
    pub plan: Plan,
    /// Another test that should pass, for the guard.
    pub sibling: Option<Vec<String>>,
    pub bounds: Bounds,
    /// What is done before each run.
    pub between: Between,
}

/// Limits for every single run.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Seconds of a plain run; `None` takes three times the longest passing one and five more.
    pub wall_limit: Option<f64>,
    /// Seconds of a plain run below which no limit may lie, since the program's own limits need them.
    pub wall_floor: f64,
    /// Time for last words before SIGKILL.
    pub grace: Duration,
    /// Bytes of output to keep from either end of each copy.
    pub keep: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { wall_limit: None, wall_floor: 0.0, grace: Duration::from_secs(10), keep: 4 << 20 }
    }
}

/// Runs the experiment until its plan is done or `stop` is set, and tells `watch` each finished
/// trial and the stage that comes next. The trials are in `journal`.
///
/// # Errors
/// If the command cannot be started or a trial cannot be written; the trials before it are kept.
pub fn run(
    experiment: &Experiment,
    journal: &mut Journal,
    stop: &AtomicBool,
    watch: &mut dyn FnMut(&Trial),
) -> Result<()> {
    super::tree::own_all_descendants();
    let before = journal.trials().last().map_or(0.0, |trial| trial.elapsed);
    let began = Instant::now();
    let elapsed = || before + began.elapsed().as_secs_f64();
    while !stop.load(Ordering::Relaxed) {
        let Some(turn) = experiment.turn(journal, elapsed()) else { break };
        let Some(held) = experiment.between.ready(&experiment.folder, stop)? else { break };
        let logs = journal.start()?;
        let since = device_state::uptime();
        let finished = process::run(&turn.job, &logs, stop);
        let finished = finished.map_err(|error| turn.failed(error, &logs));
        let finished = finished.inspect_err(|_| journal.abandon())?;
        if experiment.looks_at_devices() && finished.processes.iter().any(|one| one.exit != Exit::Code(0)) {
            device_state::note(&logs, since)
                .with_context(|| format!("cannot write into {}", logs.display()))?;
        }
        drop(held);
        note_stacks(&finished, &logs)?;
        let trial = experiment.trial(turn, &finished, journal.trials(), elapsed());
        if trial.verdict == Verdict::Interrupted {
            journal.abandon();
            break;
        }
        watch(&trial);
        journal.finish(trial)?;
    }
    Ok(())
}

/// The part of the budget that one amplified run may take: the time of many others.
const LONGEST: f64 = 0.1;

/// The run that comes next.
pub(super) struct Turn {
    pub(super) stage: Stage,
    pub(super) arm: Arm,
    /// What is changed about each of its copies.
    pub(super) treatments: Vec<Treatment>,
    pub(super) job: Job,
    /// True if its limit is shorter than what it would be given in a longer proof.
    pub(super) is_cut: bool,
}

impl Turn {
    /// Tells apart what keeps a log from being written and what keeps the command from being started.
    fn failed(&self, error: io::Error, logs: &Path) -> anyhow::Error {
        use io::ErrorKind::{FileTooLarge, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
        let keeping = matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge | ReadOnlyFilesystem);
        let context = if keeping {
            let folder = logs.parent().unwrap_or(logs).display();
            format!("cannot keep the log of a run in {folder}; make room, then go on with --resume")
        } else {
            self.failed_to_start()
        };
        anyhow::Error::new(error).context(context)
    }

    /// Returns how many words the command has.
    fn words(&self) -> usize {
        self.job.starts.first().map_or(0, |start| start.argv.len())
    }

    fn failed_to_start(&self) -> String {
        let argv = self.job.starts.iter().flat_map(|start| &start.argv);
        let words = argv.take(self.words()).map(|word| format!("{word:?}")).collect::<Vec<_>>().join(" ");
        format!("cannot run {words} in {}; give the command after `--`", self.job.folder.display())
    }
}

impl Experiment {
    /// Returns true if a log names a device, or a person says that there is one.
    pub fn looks_at_devices(&self) -> bool {
        self.target.device.is_some() || self.between.exclusive.is_some() || self.between.reset.is_some()
    }

    fn turn(&self, journal: &Journal, elapsed: f64) -> Option<Turn> {
        let past = journal.trials();
        let (stage, arm) = self.plan.next(past, elapsed)?;
        let crowd = self.plan.crowd(stage, &arm, past);
        let mut treatments = self.treatments(&arm, past, crowd.runs);
        if stage == Stage::Guard {
            treatments.iter_mut().for_each(|treatment| treatment.instead = None);
        }
        let wanted = treatments.first().map_or(1, |first| 1 + first.further_copies);
        if wanted > crowd.runs {
            treatments = self.treatments(&arm, past, wanted);
        }
        let (limit, most) = (self.limit(&treatments, past), self.longest(&arm, past));
        let job = self.job(stage, &treatments, crowd.at_once.max(wanted), journal, elapsed);
        let is_cut = limit > most;
        // What is ended for the time that it takes has no last words.
        let grace = if is_cut { Duration::ZERO } else { job.grace };
        let job = Job { wall_limit: job.wall_limit.min(lasting(most)), grace, ..job };
        Some(Turn { stage, arm, treatments, job, is_cut })
    }

    /// Returns the seconds that a run may take with what is changed about it.
    fn limit(&self, treatments: &[Treatment], past: &[Trial]) -> f64 {
        let (stretch, longer) = treatments.first().map_or((0.0, 0.0), |first| (first.stretch, first.longer));
        self.wall_limit(past) * (1.0 + stretch) + longer
    }

    /// Returns the seconds of the budget that one run of the arm may take. Where not to end is the failure, time is what shows
    /// it; rounds know their own bounds.
    pub(super) fn longest(&self, arm: &Arm, past: &[Trial]) -> f64 {
        let free = arm.is_plain() || rounds(arm).is_some() || self.oracle.is_of_hangs();
        if free { f64::INFINITY } else { self.wall_limit(past).max(LONGEST * self.plan.budget) }
    }

    /// Returns for each copy the sum of what the arm's amplifiers ask for, drawn anew for each.
    pub(super) fn treatments(&self, arm: &Arm, past: &[Trial], copies: u32) -> Vec<Treatment> {
        let mut random = Random::new(self.plan.seed.wrapping_add(past.len() as u64));
        let target = self.measured(past);
        let mut treat = |setting: &Setting| {
            let site = setting.site.as_deref();
            let (machine, target, draw) = (&self.machine, &target, random.bits());
            let dose = Dose { level: setting.level, site, draw, machine, target };
            script::find(&setting.amplifier)
                .map_or_else(Treatment::default, |amplifier| amplifier.treat(&dose))
        };
        let mut one = || arm.0.iter().map(&mut treat).fold(Treatment::default(), Treatment::and);
        (0..copies.max(1)).map(|_| one()).collect()
    }

    /// Returns the target with the memory that plain runs held and the time that they took.
    fn measured(&self, past: &[Trial]) -> Target {
        let plain = || past.iter().filter(|trial| trial.arm.is_control());
        Target {
            resident: plain().map(|trial| trial.resident).max().unwrap_or_default(),
            address_space: plain().map(|trial| trial.address_space).max().unwrap_or_default(),
            longest: longest(past).unwrap_or_default(),
            ..self.target.clone()
        }
    }

    /// What runs beside the copies, and the pulse that stops them, is that of the first one.
    pub(super) fn job(
        &self,
        stage: Stage,
        treatments: &[Treatment],
        at_once: u32,
        journal: &Journal,
        elapsed: f64,
    ) -> Job {
        let command = if stage == Stage::Guard { self.sibling.as_ref() } else { None }.unwrap_or(&self.argv);
        let left = (self.plan.budget - elapsed).max(0.0);
        let first = treatments.first().cloned().unwrap_or_default();
        let start = |treatment: &Treatment| Start {
            argv: treatment.argv(command, self.target.test.as_deref()),
            variables: treatment.environment(&self.variables),
        };
        let pause =
            |pulse: Pulse| Pause { run: lasting(pulse.run / 1000.0), stop: lasting(pulse.stop / 1000.0) };
        Job {
            starts: treatments.iter().map(start).collect(),
            at_once,
            folder: self.folder.clone(),
            background: first.background,
            pause: first.pulse.map(pause),
            wall_limit: lasting(self.limit(treatments, journal.trials())),
            left: lasting(left),
            grace: self.bounds.grace.min(lasting(left / 8.0)),
            keep: self.bounds.keep,
            mark: journal.mark(),
        }
    }

    /// Returns the seconds that a plain run may take.
    fn wall_limit(&self, past: &[Trial]) -> f64 {
        // The first run may build something, or the machine may be busy.
        let first = (self.plan.budget / 4.0).max((self.plan.budget / 2.0).min(60.0));
        let usual = longest(past).map_or(first, |longest| 3.0 * longest + 5.0);
        self.bounds.wall_limit.unwrap_or(usual.max(self.bounds.wall_floor))
    }

    fn trial(&self, turn: Turn, finished: &Finished, past: &[Trial], elapsed: f64) -> Trial {
        let all = finished.processes.iter().map(|process| self.judge(process, &turn, past)).collect();
        let judged = Judged::of(&finished.processes, all);
        let several = finished.processes.len() > 1;
        let hits_at = judged.hits_at();
        let (start, treatment) =
            (turn.job.starts.get(judged.best_at()), turn.treatments.get(judged.best_at()));
        let best = judged.best();
        let judgement = best.map(|(judgement, _)| judgement);
        Trial {
            number: past.len() as u64 + 1,
            stage: turn.stage,
            verdict: judgement.map_or(Verdict::Interrupted, |judgement| judgement.verdict),
            each: if several { judged.verdicts() } else { Vec::new() },
            headline: judgement.and_then(|judgement| judgement.headline.clone()),
            difference: judgement.and_then(|judgement| judgement.difference.clone()),
            others: judged.others(),
            at_once: turn.job.at_once,
            exits: finished.processes.iter().map(|process| process.exit.to_string()).collect(),
            seconds: finished.wall.as_secs_f64(),
            longest: judged.longest().filter(|_| several),
            first_hit: hits_at.first().copied(),
            hits_at: if several { hits_at } else { Vec::new() },
            ending: best.and_then(|(_, ending)| *ending),
            usual: judged.passed().filter(|_| turn.arm.is_control()).and_then(|one| Usual::of(&one.pace)),
            printed: finished.processes.iter().map(|process| process.output.bytes).sum(),
            left_out: finished.processes.iter().map(|process| process.output.left_out).sum(),
            resident: finished.memory.resident,
            address_space: finished.memory.address_space,
            left_running: finished.left_over as u64,
            argv: start.map(|start| start.argv.clone()).unwrap_or_default(),
            variables: treatment.map(|one| one.environment(&BTreeMap::new())).unwrap_or_default(),
            arm: turn.arm,
            elapsed,
        }
    }

    /// Returns how a copy is to be counted, and how it went if it failed with the signature's words.
    pub(super) fn judge(
        &self,
        process: &Process,
        turn: &Turn,
        past: &[Trial],
    ) -> (Judgement, Option<Ending>) {
        if turn.is_cut && process.exit == Exit::WallLimit {
            return (Judgement::unended(process.wall), None);
        }
        let mut judgement = self.oracle.judge(&process.exit, &process.output.text);
        let ending = Ending::of(process, past).filter(|_| judgement.verdict == Verdict::Exact);
        if ending == Some(Ending::AtWork) && self.stood_still {
            judgement.verdict = Verdict::Starved;
        }
        (judgement, ending)
    }
}

/// Returns the seconds of the longest plain run that passed.
fn longest(past: &[Trial]) -> Option<f64> {
    let plain = past.iter().filter(|trial| trial.arm.is_control() && trial.verdict == Verdict::Passed);
    plain.map(Trial::run_seconds).max_by(f64::total_cmp)
}

/// Keeps the stacks of a run that hung beside its log.
fn note_stacks(finished: &Finished, logs: &Path) -> Result<()> {
    let Some(stacks) = &finished.stacks else { return Ok(()) };
    let path = logs.join("stacks");
    std::fs::write(&path, stacks).with_context(|| format!("cannot write {}", path.display()))
}

/// Returns a time of so many seconds. A pattern that somebody wrote may hold any number: below zero and what is
/// no number is nothing, and no run lasts longer than a month.
fn lasting(seconds: f64) -> Duration {
    const MONTH: f64 = 30.0 * 86400.0;
    let seconds = if seconds > 0.0 { seconds } else { 0.0 };
    Duration::from_secs_f64(seconds.min(MONTH))
}
