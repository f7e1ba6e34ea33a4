//! `ndlog clues`: where each clue to a cause is read in logs of passing runs, for who writes rules.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::ExitCode;

use super::warn_of;
use crate::pipeline::clue_hits::{ClueHit, clue_hits};
use crate::reports::{print, visible};

/// Prints how often each clue is read, and some of the lines. In logs of passing runs each line is a false alarm.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ndlog clues passing/ --lines 5\n\nExit codes: 0 read, 3 some could not be read."
)]
pub struct Args {
    /// Logs of passing runs.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Lines shown of each clue, different ones.
    #[arg(long, default_value_t = 3, value_name = "N")]
    lines: usize,
    /// Only the clue with this name.
    #[arg(long, value_name = "NAME")]
    clue: Option<String>,
}

/// What one clue was read in.
#[derive(Default)]
struct Tally {
    logs: BTreeSet<String>,
    own: u64,
    before: u64,
    shown: Vec<ClueHit>,
}

/// Letters of a line that are shown.
const WIDTH: usize = 160;

/// Runs the command.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    let problems = clue_hits(args.paths, |hit| {
        if args.clue.as_deref().is_none_or(|clue| clue == hit.clue) {
            tallies.entry(hit.clue).or_default().add(hit, args.lines);
        }
    });
    let mut rows: Vec<(&str, Tally)> = tallies.into_iter().collect();
    rows.sort_by_key(|(_, tally)| std::cmp::Reverse((tally.logs.len(), tally.own)));
    print(&format!("{:<20} {:>5} {:>6} {:>6}\n", "clue", "logs", "in", "before"))?;
    for (clue, tally) in &rows {
        print(&tally.row(clue))?;
    }
    Ok(warn_of(&problems))
}

impl Tally {
    /// Adds a hit; a line is shown once, however often it is said.
    fn add(&mut self, hit: ClueHit, most: usize) {
        self.logs.insert(hit.source.clone());
        self.own += u64::from(hit.own);
        self.before += u64::from(hit.before);
        if self.shown.len() < most && self.shown.iter().all(|shown| shown.text != hit.text) {
            self.shown.push(hit);
        }
    }

    fn row(&self, clue: &str) -> String {
        let mut row = format!("{clue:<20} {:>5} {:>6} {:>6}\n", self.logs.len(), self.own, self.before);
        for hit in &self.shown {
            let text: String = hit.text.chars().take(WIDTH).collect();
            row += &format!("    {}:{}: {}\n", visible(&hit.source), hit.line, visible(&text));
        }
        row
    }
}
