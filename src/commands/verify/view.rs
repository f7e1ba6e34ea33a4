//! The proof while it runs: a live line on a terminal, plain lines elsewhere.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use crate::durations;
use crate::reports::{visible, warn};
use crate::trials::{Arm, Experiment, Skipped, Stage, Trial, Verdict};

/// On a pipe the first hits get a line, and then every so many runs.
const FIRST_HITS: u64 = 3;
const PLAIN_EVERY: u64 = 25;
/// Arms that the live view shows.
const ARMS: usize = 6;
/// How often the live line moves.
const ALIVE: Duration = Duration::from_millis(250);

/// What the user sees meanwhile, on standard error.
pub struct View {
    live: Option<Live>,
    arms: Vec<Counted>,
    stage: Option<Stage>,
    hits: u64,
    runs: u64,
}

/// What one arm has shown so far.
struct Counted {
    arm: Arm,
    hits: usize,
    runs: usize,
    seconds: f64,
}

/// The lines that move on a terminal: the time, and the arms that hit most.
struct Live {
    bar: ProgressBar,
    lines: Vec<ProgressBar>,
    budget: f64,
}

impl Live {
    fn start(budget: f64) -> Self {
        let all = MultiProgress::new();
        let style = |template: &str| {
            ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
        };
        let bar = all.add(ProgressBar::new(budget.ceil() as u64));
        bar.set_style(style("{spinner} {bar:16} {wide_msg}"));
        // A run may take minutes: what turns shows that something goes on.
        bar.enable_steady_tick(ALIVE);
        let line = |_| {
            let line = all.add(ProgressBar::new_spinner());
            line.set_style(style("  {wide_msg}"));
            line
        };
        Self { bar, lines: (0..ARMS).map(line).collect(), budget }
    }

    fn show(&self, trial: &Trial, hits: u64, arms: &[Counted]) {
        let left = (self.budget - trial.elapsed).max(0.0);
        self.bar.set_position(trial.elapsed as u64);
        self.bar.set_message(format!(
            "{} left, {hits} of {} runs hit; now {}",
            durations::short(left.round() as u64),
            trial.number,
            trial.stage
        ));
        for (line, arm) in self.lines.iter().zip(arms) {
            line.set_message(visible(&arm.to_string()).into_owned());
        }
    }

    fn finish(self) {
        self.lines.iter().chain([&self.bar]).for_each(ProgressBar::finish_and_clear);
    }
}

impl std::fmt::Display for Counted {
    /// Writes `   3/41     2.2 a minute  cpu-hogs 2`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let a_minute = if self.seconds > 0.0 { 60.0 * self.hits as f64 / self.seconds } else { 0.0 };
        write!(f, "{:>4}/{:<4} {a_minute:>6.1} a minute  {}", self.hits, self.runs, self.arm)
    }
}

impl View {
    /// Says what will be run and what cannot be tried.
    pub fn start(experiment: &Experiment, skipped: &[Skipped], past: &[Trial]) -> std::io::Result<Self> {
        let command = shlex::try_join(experiment.argv.iter().map(String::as_str)).unwrap_or_default();
        warn(&format!("running: {command}"));
        warn(&format!("     in: {}", experiment.folder.display()));
        if let Some(sibling) = &experiment.sibling {
            let guard = shlex::try_join(sibling.iter().map(String::as_str)).unwrap_or_default();
            warn(&format!("  guard: {guard}"));
        }
        if let Some(first) = skipped.first() {
            let more = skipped.len() - 1;
            let others = if more > 0 {
                format!(", and {more} others that do not fit (--dry-run)")
            } else {
                String::new()
            };
            warn(&format!("not tried: {}: {}{others}", first.amplifier, first.why));
        }
        if !past.is_empty() {
            warn(&format!("resumed after {} runs", past.len()));
        }
        let live = std::io::stderr().is_terminal().then(|| Live::start(experiment.plan.budget));
        let mut view = Self { live, arms: Vec::new(), stage: None, hits: 0, runs: 0 };
        past.iter().for_each(|trial| view.count(trial));
        Ok(view)
    }

    fn count(&mut self, trial: &Trial) {
        self.runs += 1;
        self.hits += u64::from(trial.hit());
        let at = self.arms.iter().position(|counted| counted.arm == trial.arm).unwrap_or_else(|| {
            self.arms.push(Counted { arm: trial.arm.clone(), hits: 0, runs: 0, seconds: 0.0 });
            self.arms.len() - 1
        });
        if let Some(counted) = self.arms.get_mut(at).filter(|_| trial.counts()) {
            counted.runs += trial.verdicts().iter().filter(|verdict| verdict.counts()).count();
            counted.hits += trial.verdicts().iter().filter(|verdict| **verdict == Verdict::Exact).count();
            counted.seconds += trial.seconds;
        }
        self.arms.sort_by(|a, b| b.hits.cmp(&a.hits).then(b.runs.cmp(&a.runs)));
    }

    /// Tells one finished trial.
    pub fn show(&mut self, trial: &Trial) {
        self.count(trial);
        let line = format!(
            "run {}, {} matched; {}: {} {} in {:.1} s",
            trial.number, self.hits, trial.stage, trial.arm, trial.verdict, trial.seconds
        );
        match &self.live {
            Some(live) => live.show(trial, self.hits, &self.arms),
            None => self.plain(trial, &line),
        }
        self.stage = Some(trial.stage);
    }

    fn plain(&self, trial: &Trial, line: &str) {
        let early = trial.hit() && self.hits <= FIRST_HITS;
        if early || self.stage != Some(trial.stage) || self.runs.is_multiple_of(PLAIN_EVERY) {
            // A view that nobody can see any more is no reason to stop a proof.
            warn(line);
        }
    }

    /// Takes the live lines away.
    pub fn finish(self) {
        if let Some(live) = self.live {
            live.finish();
        }
    }
}
