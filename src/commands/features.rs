//! `ndlog features`: what ranking weighs, for `tools/fit_ranks.py`.

use std::ops::Range;
use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::{Value, json};

use crate::facts::failures::{self, Event};
use crate::facts::test_results::TestLines;
use crate::pipeline;
use crate::ranking;
use crate::reports;

/// Prints a JSON line for each log: the lines of its events, what ranking weighs of each, what its rules ask of
/// them, and the order in which they then stand.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Logs to read.
    paths: Vec<PathBuf>,
}

/// Runs the command.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    reports::print(&format!("{}\n", json!({ "names": ranking::names() })))?;
    pipeline::each_event_list(&args.paths, |index, source, events| {
        let tests = TestLines::of(index);
        let row = row(source, events, |event| failures::tolerated(index, &tests, event));
        Ok(reports::print(&format!("{row}\n"))?)
    })?;
    Ok(ExitCode::SUCCESS)
}

fn row(source: &str, events: &[Event], tolerated: impl Fn(&Event) -> bool) -> Value {
    let rows: Vec<Vec<(usize, f32)>> = ranking::features(events).map(|row| sparse(&row)).collect();
    let lines: Vec<_> = events.iter().map(|event| (event.first_line, event.last_line)).collect();
    let weights: Vec<f32> = events.iter().map(|event| ranking::weight(event, tolerated(event))).collect();
    let parts: Vec<&str> = events.iter().map(|event| ranking::part(event).name()).collect();
    let retold = |run: Range<usize>| {
        let told = ranking::retold(&events[run]).into_iter();
        told.map(|told| (told.verdicts, told.reports)).collect::<Vec<_>>()
    };
    let behind = ranking::behind(events);
    let runs: Vec<Value> = ranking::runs(events)
        .map(|run| {
            json!({
                "first": run.start, "end": run.end, "behind": behind(&events[run.start]),
                "torn": ranking::torn(&events[run.clone()]), "retold": retold(run),
            })
        })
        .collect();
    let order: Vec<usize> = ranking::order(events, tolerated).iter().map(|standing| standing.event).collect();
    json!({
        "source": source, "lines": lines, "rows": rows, "weights": weights, "parts": parts, "runs": runs, "order": order
    })
}

fn sparse(row: &[f32]) -> Vec<(usize, f32)> {
    row.iter().copied().enumerate().filter(|(_, value)| *value != 0.0).collect()
}
