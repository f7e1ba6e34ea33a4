//! The proof while it runs: a live line on a terminal, plain lines elsewhere.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::reports::{visible, warn};
use crate::trials::{Experiment, Skipped, Stage, Trial};

/// On a pipe the first hits get a line, and then every so many runs.
const FIRST_HITS: u64 = 3;
const PLAIN_EVERY: u64 = 25;
/// How often the live line moves.
const ALIVE: Duration = Duration::from_millis(250);

/// What the user sees meanwhile, on standard error.
pub struct View {
    bar: Option<ProgressBar>,
    stage: Option<Stage>,
    hits: u64,
    runs: u64,
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
        for one in skipped {
            warn(&format!("skipped: {}: {}", one.amplifier, one.why));
        }
        if !past.is_empty() {
            warn(&format!("resumed after {} runs", past.len()));
        }
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(experiment.plan.budget.ceil() as u64);
            let style = ProgressStyle::with_template("{spinner} {bar:24} {pos}/{len} s  {wide_msg}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            // A run may take minutes: what turns shows that something goes on.
            bar.enable_steady_tick(ALIVE);
            bar
        });
        let hits = past.iter().filter(|trial| trial.hit()).count() as u64;
        Ok(Self { bar, stage: None, hits, runs: past.len() as u64 })
    }

    /// Tells one finished trial.
    pub fn show(&mut self, trial: &Trial) {
        self.runs += 1;
        self.hits += u64::from(trial.hit());
        let line = format!(
            "run {}, {} matched; {}: {} {} in {:.1} s",
            trial.number, self.hits, trial.stage, trial.arm, trial.verdict, trial.seconds
        );
        match &self.bar {
            Some(bar) => {
                bar.set_position(trial.elapsed as u64);
                bar.set_message(visible(&line).into_owned());
            }
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

    /// Takes the live line away.
    pub fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}
