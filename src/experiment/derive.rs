//! From findings and what the logs tell to one experiment.

use super::failing_run::{FailingRun, seconds_of_pass};
use super::named_test::base;
use super::oracle::{MATCH_RULE, Oracle, Phase};
use super::pattern::{Logs, Pattern, SCHEMA};
use super::wording::Wording;
use super::{
    budget, control_test, knobs, line_regex, merge, open_questions, race_window, recognise, seeds,
    surroundings,
};
use crate::causes;
use crate::facts::steps::Run;
use crate::facts::{Facts, Place};
use crate::findings::{ClusterSummary, Findings, Outcome};
use crate::stats::median;

/// Last lines before the failure that are kept.
const MOST_PHASES: usize = 3;
/// Tests that the oracle names.
const MOST_TESTS: usize = 24;
/// Headlines that shape the regular expression.
const MOST_HEADLINES: usize = 24;

/// What an experiment is made from.
#[derive(Clone, Debug)]
pub struct Case<'a> {
    /// The name of the failure's folder.
    pub name: &'a str,
    pub findings: &'a Findings,
    /// The failure, one of the findings' clusters.
    pub cluster: &'a ClusterSummary,
    /// The runs in which it failed; at least one.
    pub failing: Vec<FailingRun<'a>>,
    pub passing: Vec<&'a Facts>,
    /// Seconds that the proof may take.
    pub budget: u64,
}

/// Returns the experiment for a case.
pub fn derive(case: &Case<'_>) -> Pattern {
    let limits = merge::limits(&case.failing);
    let commands = merge::commands(&case.failing);
    let test = merge::test(&case.failing);
    let rate = rate(case);
    let causes = case.cluster.causes.clone();
    let kind = case.cluster.kind;
    let window = race(case).and_then(|race| race_window::window(&race, &case.passing));
    let replays = seeds::replays(&case.failing);
    let mut pattern = Pattern {
        schema: SCHEMA.to_owned(),
        name: case.name.to_owned(),
        oracle: oracle(case, &limits),
        order: merge::order(&case.failing, test.as_ref()),
        sibling: test.as_ref().and_then(|test| control_test::sibling(test, runs(case))),
        test,
        command: commands.command,
        folder: None,
        earlier_commands: commands.earlier,
        environment: merge::variables(&case.failing),
        surroundings: surroundings::surroundings(&case.failing),
        concentration: surroundings::concentration(&case.failing, &case.passing),
        knobs: knobs::rank(&causes, kind, &limits, window.as_ref(), knobs::Printed::by(&replays)),
        contra: knobs::contra(&causes, kind, &limits),
        replays,
        window,
        causes,
        budget: budget::budget(case.budget, run_seconds(case), &rate),
        rate,
        logs: logs(case),
        limits,
        missing: Vec::new(),
    };
    pattern.missing = open_questions::missing(&pattern, case);
    pattern
}

/// Returns the facts of all runs.
fn runs<'a>(case: &Case<'a>) -> impl Iterator<Item = &'a Facts> {
    case.failing.iter().map(|run| run.facts).chain(case.passing.iter().copied())
}

/// Returns the pair of steps that tells failing from passing runs best.
fn race(case: &Case<'_>) -> Option<causes::Race> {
    let failed: Vec<&Run> = case.failing.iter().filter_map(|run| run.facts.steps.as_ref()).collect();
    let passed: Vec<&Run> = case.passing.iter().filter_map(|facts| facts.steps.as_ref()).collect();
    causes::race(&failed, &passed)
}

fn oracle(case: &Case<'_>, limits: &[super::Limit]) -> Oracle {
    let cluster = case.cluster;
    let all: Vec<&(String, Place)> = case.failing.iter().map(|run| &run.headline).collect();
    // That a test failed is said by every failure of it.
    let telling = |(text, _): &&&(String, Place)| !recognise::is_heading(text);
    let own: Vec<&(String, Place)> = all.iter().filter(telling).copied().collect();
    let headlines = if own.is_empty() { all } else { own };
    let lines: Vec<&str> = headlines.iter().take(MOST_HEADLINES).map(|(text, _)| text.as_str()).collect();
    let exception =
        merge::most_common(case.failing.iter().filter_map(|run| run.exception.clone()), String::clone);
    let fired = limits.iter().find(|limit| limit.fired || limit.hugged).map(|limit| limit.layer);
    let first = headlines.first().map(|(text, at)| (text.clone(), at.clone()));
    let (message, at) = first.unwrap_or_else(|| unread(cluster));
    let regex = if lines.is_empty() { line_regex::regex(&[&message]) } else { line_regex::regex(&lines) };
    // Words that many tests say name a failure only with its own test.
    let tests = tests(&case.failing, Wording::of(&message).is_generic());
    Oracle {
        cluster: cluster.id.clone(),
        aliases: cluster.aliases.clone(),
        signature: cluster.signature.clone(),
        title: cluster.title.clone(),
        kind: cluster.kind,
        known: cluster.known.as_ref().map(|known| known.id.clone()),
        layer: recognise::layer(cluster.kind, cluster.known.as_ref().map(|known| known.id.as_str()), fired),
        exception,
        message,
        frames: case.failing.iter().map(|run| run.frames.clone()).find(|f| !f.is_empty()).unwrap_or_default(),
        phase: phases(case),
        assertion: merge::most_common(
            case.failing.iter().filter_map(|run| run.assertion.clone()),
            String::clone,
        ),
        accepted: Vec::new(),
        tests,
        place: merge::most_common(case.failing.iter().filter_map(|run| run.place.clone()), String::clone),
        match_rule: MATCH_RULE.to_owned(),
        regex,
        at,
    }
}

/// Returns the tests in which it was seen, each once, without parameters; of several only the most frequent one
/// where the words are generic.
fn tests(failing: &[FailingRun<'_>], generic: bool) -> Vec<String> {
    let mut tests: Vec<String> = Vec::new();
    if generic {
        return merge::test(failing).iter().map(|test| base(&test.id).to_owned()).collect();
    }
    for test in failing.iter().filter_map(|run| run.test.as_ref()).map(|test| base(&test.id)) {
        if tests.len() < MOST_TESTS && !tests.iter().any(|known| known == test) {
            tests.push(test.to_owned());
        }
    }
    tests
}

/// Returns what the finding itself says, where no log could be read again.
fn unread(cluster: &ClusterSummary) -> (String, Place) {
    let first = cluster.occurrences.first();
    let place = |source: &str, line| Place { source: source.to_owned(), line };
    match first {
        Some(first) => (first.message.clone(), place(&first.source, first.line_start)),
        None => (cluster.title.clone(), place("", 0)),
    }
}

/// Returns the last lines before the failure, each wording once.
fn phases(case: &Case<'_>) -> Vec<Phase> {
    let mut phases: Vec<Phase> = Vec::new();
    for (text, at) in case.failing.iter().filter_map(|run| run.phase.as_ref()) {
        let known = |phase: &Phase| line_regex::masked(&phase.text) == line_regex::masked(text);
        if phases.len() < MOST_PHASES && !phases.iter().any(known) {
            phases.push(Phase { text: text.clone(), at: at.clone() });
        }
    }
    phases
}

/// Returns the failing logs of this failure among all logs that say how they ended.
fn rate(case: &Case<'_>) -> super::Rate {
    let is_stated = |outcome| matches!(outcome, Outcome::Fail | Outcome::Pass);
    let ended = case.findings.sources.iter().filter(|source| source.baseline || is_stated(source.outcome));
    let failing = if case.cluster.failures > 0 { case.cluster.failures } else { case.cluster.in_sources };
    budget::rate(failing, (ended.count() as u64).max(failing))
}

/// Returns the median duration of passing runs, else of failing ones.
fn run_seconds(case: &Case<'_>) -> Option<f64> {
    let passed: Vec<f64> = case.passing.iter().filter_map(|facts| seconds_of_pass(facts)).collect();
    let failed: Vec<f64> = case.failing.iter().filter_map(|run| run.seconds).collect();
    median(&passed).or_else(|| median(&failed)).map(|seconds| (seconds * 1000.0).round() / 1000.0)
}

fn logs(case: &Case<'_>) -> Logs {
    Logs {
        failing: case.failing.iter().map(|run| run.source().to_owned()).collect(),
        passing: case.passing.iter().map(|facts| facts.source.name.clone()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::example::{facts, findings, occurrence, pattern};
    use super::*;

    #[test]
    fn two_small_logs_give_a_whole_experiment() {
        let pattern = pattern();
        let oracle = &pattern.oracle;
        assert_eq!((oracle.exception.as_deref(), oracle.at.line), (Some("RingTimeout"), 10));
        assert_eq!(oracle.regex, r"RingTimeout:\s+no\s+answer\s+from\s+peer\s+\d+");
        assert_eq!(oracle.phase[0].text, "gather step 3 of 8");
        let test = pattern.test.as_ref().unwrap();
        assert_eq!(
            (test.parameters.as_deref(), test.framework),
            (Some("8"), crate::facts::runners::Framework::Pytest)
        );
        assert_eq!(pattern.command.as_ref().unwrap().at.line, 2);
        let names: Vec<_> =
            pattern.environment.iter().map(|v| (v.name.as_str(), v.value.is_some())).collect();
        assert_eq!(names, [("RING_TIMEOUT_S", true), ("TOKEN", false)]);
        let hugged: Vec<_> = pattern.limits.iter().filter(|l| l.hugged).map(|l| l.name.as_str()).collect();
        assert_eq!(hugged, ["RING_TIMEOUT_S"], "{:?}", pattern.limits);
        assert_eq!(pattern.order.as_ref().unwrap().preceding[0].id, "tests/test_ring.py::test_open");
        assert_eq!(pattern.knobs[0].amplifier, "timeout-scale");
        assert_eq!(pattern.knobs[0].site.as_deref(), Some("RING_TIMEOUT_S"));
        assert_eq!((pattern.rate.failing, pattern.rate.runs), (1, 2));
        assert!(
            pattern.missing.iter().any(|missing| missing.next.contains("TOKEN")),
            "{:?}",
            pattern.missing
        );
        let json = serde_json::to_string(&pattern).unwrap();
        assert_eq!(serde_json::from_str::<Pattern>(&json).unwrap(), pattern);
    }

    #[test]
    fn a_log_that_tells_nothing_gives_an_honest_list() {
        let findings = findings();
        let (facts, occurrence) = (facts("logs/a.log", ""), occurrence());
        let case = Case {
            name: "ring",
            findings: &findings,
            cluster: &findings.clusters[0],
            failing: vec![FailingRun::new(&facts, &occurrence)],
            passing: Vec::new(),
            budget: 60,
        };
        let pattern = derive(&case);
        let missing: Vec<_> = pattern.missing.iter().map(|missing| missing.what.as_str()).collect();
        for what in ["command", "environment", "limits", "passing runs", "duration", "machine"] {
            assert!(missing.contains(&what), "{what} in {missing:?}");
        }
    }
}
