//! What the example log of each failing cluster says that passing runs do not.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::excerpts;
use super::shown::Shown;
use crate::diff::{self, Baseline, Passage};
use crate::facts::Excerpt;
use crate::findings::{ClusterSummary, DiffRange, Findings};
use crate::input::{self, Input, Limits, Request, Source};
use crate::text::lines::Index;

/// Passing logs that are compared with.
const PASSING: usize = 20;
/// Clusters that are compared; reports show no more of them in full.
const CLUSTERS: usize = 20;
/// The name of standard input.
const STDIN: &str = "-";
/// Ranges that a person reads of one log.
const MOST: usize = 5;

/// Adds to the clusters that fail most what tells their example log from passing runs, and the lines that say it.
pub fn add(findings: &mut Findings, shown: &mut Shown, failing: &Request, passing: &Request) {
    let baseline = baseline(passing);
    if baseline.is_empty() {
        return;
    }
    let clusters = findings.clusters.iter().filter(|cluster| cluster.is_primary()).take(CLUSTERS);
    let examples: Vec<&str> =
        clusters.filter_map(ClusterSummary::example).map(|example| example.source.as_str()).collect();
    let holds = |input: &Input, example: &str| {
        example.strip_prefix(input.name()).is_some_and(|rest| rest.is_empty() || rest.starts_with('!'))
    };
    let inputs = input::find(failing).inputs;
    let inputs = inputs.iter().filter(|input| examples.iter().any(|example| holds(input, example)));
    // Standard input can be read once only.
    let inputs: Vec<&Input> = inputs.filter(|input| input.name() != STDIN).collect();
    let found: BTreeMap<String, (Vec<DiffRange>, Vec<Excerpt>)> = inputs
        .par_iter()
        .flat_map_iter(|input| {
            let mut found = Vec::new();
            input::open(input, &Limits::default(), &mut |source| {
                if examples.contains(&source.name.as_str()) {
                    let ranges = ranges(&source, &baseline);
                    let lines = lines(&source, &ranges);
                    found.push((source.name.clone(), (ranges, lines)));
                }
            });
            found
        })
        .collect();
    for cluster in &mut findings.clusters {
        let example = cluster.example().map(|example| example.source.clone());
        let ranges = example.filter(|_| cluster.is_primary()).and_then(|source| found.get(&source));
        cluster.contrast = ranges.map(|(ranges, _)| ranges.clone()).unwrap_or_default();
    }
    found.into_iter().for_each(|(source, (_, lines))| shown.add(&source, lines));
}

/// Returns the lines of some ranges, and those round them.
fn lines(source: &Source, ranges: &[DiffRange]) -> Vec<Excerpt> {
    let around = ranges.iter().map(|range| excerpts::around_range(range.line_start, range.line_end));
    let index = Index::new(&source.bytes);
    around.map(|(first, last)| excerpts::kept(&index, first, last)).collect()
}

fn baseline(passing: &Request) -> Baseline {
    let inputs = input::find(passing).inputs;
    let one = |input: &Input| {
        let mut baseline = Baseline::default();
        input::open(input, &Limits::default(), &mut |source| baseline.add(&source.bytes));
        baseline
    };
    inputs.par_iter().take(PASSING).map(one).reduce(Baseline::default, Baseline::joined)
}

fn ranges(source: &Source, baseline: &Baseline) -> Vec<DiffRange> {
    let contrast = diff::subtract(&source.bytes, baseline);
    let range = |passage: &Passage| DiffRange {
        source: source.name.clone(),
        line_start: passage.line_start,
        line_end: passage.line_end,
        score: passage.score,
    };
    contrast.passages.iter().take(MOST).map(range).collect()
}
