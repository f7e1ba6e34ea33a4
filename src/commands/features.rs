//! `ndlog features`: what ranking weighs, for `tools/fit_ranks.py`.

use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;

use crate::facts::failures;
use crate::facts::test_results::TestLines;
use crate::pipeline;
use crate::ranking;
use crate::reports;

/// Prints one JSON line for each event: its lines and what ranking weighs of it.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Logs to read.
    paths: Vec<PathBuf>,
}

/// Runs the command.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    reports::print(&format!("{}\n", json!({ "names": ranking::names() })))?;
    pipeline::each_event_list(&args.paths, |index, source, events| {
        let rows: Vec<Vec<(usize, f32)>> = ranking::features(events).map(|row| sparse(&row)).collect();
        let lines: Vec<_> = events.iter().map(|event| (event.first_line, event.last_line)).collect();
        let tests = TestLines::of(index);
        let tolerated = |event| failures::tolerated(index, &tests, event);
        let weights: Vec<f32> = events.iter().map(|event| ranking::weight(event, tolerated(event))).collect();
        let parts: Vec<&str> = events.iter().map(|event| ranking::part(event).name()).collect();
        let retold: Vec<_> =
            ranking::retold(events).into_iter().map(|told| (told.verdicts, told.reports)).collect();
        let row = json!({
            "source": source, "lines": lines, "rows": rows, "weights": weights, "parts": parts, "retold": retold
        });
        Ok(reports::print(&format!("{row}\n"))?)
    })?;
    Ok(ExitCode::SUCCESS)
}

fn sparse(row: &[f32]) -> Vec<(usize, f32)> {
    row.iter().copied().enumerate().filter(|(_, value)| *value != 0.0).collect()
}
