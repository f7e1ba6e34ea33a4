//! A small case for the tests of this room: one failing and one passing log, written by us.

use serde_json::json;

use super::{Case, FailingRun, Pattern, derive};
use crate::causes;
use crate::facts::failures::Event;
use crate::facts::{Facts, Order, Reading, extract};
use crate::findings::{Findings, OccurrenceSummary};
use crate::input::{Source, SourceKind};
use crate::signatures::Catalog;

pub const FAIL: &str = "\
2026-11-22T10:00:00.0000000Z ##[group]Run pytest -v --timeout=30 tests/test_ring.py
2026-11-22T10:00:00.0000000Z pytest -v --timeout=30 tests/test_ring.py
2026-11-22T10:00:00.0000000Z shell: bash
2026-11-22T10:00:00.0000000Z env:
2026-11-22T10:00:00.0000000Z   RING_TIMEOUT_S: 5
2026-11-22T10:00:00.0000000Z   TOKEN: ***
2026-11-22T10:00:00.0000000Z ##[endgroup]
2026-11-22T10:00:01.0000000Z tests/test_ring.py::test_open PASSED
2026-11-22T10:00:01.0000000Z gather step 3 of 8
2026-11-22T10:00:06.0200000Z ERROR: RingTimeout: no answer from peer 3
2026-11-22T10:00:06.0300000Z tests/test_ring.py::test_gather[8] FAILED
";
pub const PASS: &str = "\
2026-11-22T10:00:00.0000000Z $ pytest -v tests/test_ring.py
2026-11-22T10:00:02.0000000Z tests/test_ring.py::test_gather[8] PASSED
";

/// The findings as `ndlog cluster` writes them, so that new fields change nothing here.
pub fn findings() -> Findings {
    let source = |source: &str, outcome: &str| json!({"source": source, "bytes": 1, "lines": 11, "outcome": outcome, "baseline": false, "problems": []});
    let cluster = json!({
        "id": "5b1c0e77a90412fd", "title": "RingTimeout: no answer from peer #", "kind": "timeout",
        "signature": "RingTimeout | no answer from peer <n>", "failures": 1, "in_sources": 1,
        "occurrences": [occurrence()],
    });
    let totals = json!({"sources": 2, "bytes": 1, "lines": 13, "occurrences": 1, "clusters": 1});
    let findings = json!({
        "schema": "ndlog.clusters/2", "totals": totals, "clusters": [cluster],
        "sources": [source("logs/a.log", "fail"), source("logs/passing/b.log", "pass")],
    });
    serde_json::from_value(findings).unwrap()
}

/// The one occurrence of the failure.
pub fn occurrence() -> OccurrenceSummary {
    let occurrence = json!({
        "source": "logs/a.log", "line_start": 10, "line_end": 10, "byte_start": 0, "byte_end": 0, "rank": 1,
        "test": "tests/test_ring.py::test_gather[8]", "exact": "", "message": "RingTimeout: no answer from peer 3",
    });
    serde_json::from_value(occurrence).unwrap()
}

/// The facts of a log.
pub fn facts(source: &str, text: &str) -> Facts {
    let reading = Reading {
        known: Catalog::embedded(),
        order: |events: &[Event], _| Order { ranked: Vec::new(), shown: (0..events.len()).collect() },
        clue_weight: causes::clue_weight,
        baseline: source.starts_with("logs/passing/"),
        steps: true,
        setup: true,
        subtract: None,
        prints: None,
        sought: None,
    };
    let bytes = text.as_bytes().to_vec().into();
    let source = Source { name: source.to_owned(), bytes, kind: SourceKind::Log, problems: Vec::new() };
    extract(&source, &reading)
}

/// The pattern of the two logs.
pub fn pattern() -> Pattern {
    let (findings, occurrence) = (findings(), occurrence());
    let (fail, pass) = (facts("logs/a.log", FAIL), facts("logs/passing/b.log", PASS));
    derive(&Case {
        name: "ring",
        findings: &findings,
        cluster: &findings.clusters[0],
        failing: vec![FailingRun::new(&fail, &occurrence)],
        passing: vec![&pass],
        budget: 1200,
    })
}
