//! Made-up findings that the tests of this room show.

use super::Writer;
use crate::causes::Grade;
use crate::facts::clues::Family;
use crate::facts::failures::CodePlace;
use crate::facts::failures::Kind;
use crate::findings::{
    CauseSummary, ClusterSummary, Durations, EvidenceSummary, Excerpt, Findings, Headline, Lane, Mark,
    OccurrenceSummary, Outcome, Plot, RunSummary, SCHEMA, SourceSummary, Timeline, Totals, Window,
};
use crate::runs::{Of, Rate, Verdict};
use crate::signatures::Cause;
use crate::text::records::Actor;

/// Returns what a writer makes of findings.
pub fn written(writer: &impl Writer, findings: &Findings) -> String {
    let mut out = Vec::new();
    writer.write(findings, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Returns the same without the colours of the terminal.
pub fn plain(writer: &impl Writer, findings: &Findings) -> String {
    colourless(&written(writer, findings))
}

/// Returns what is written without the colours of the terminal: all other escapes stay.
pub fn colourless(written: &str) -> String {
    let mut parts = written.split("\x1b[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| match part.split_once('m') {
        Some((codes, rest)) if codes.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b';')) => text + rest,
        _ => text + "\x1b[" + part,
    })
}

/// Two clusters in three failing logs, one of them also in a passing log; one log of unknown outcome.
pub fn findings() -> Findings {
    let timeout = ClusterSummary {
        verdict: Verdict::Flaky,
        rate: Some(Rate {
            failed: 2,
            ran: 12,
            low: 0.047,
            high: 0.448,
            of: Of::Test,
            job: Some("test".to_owned()),
            failed_in: [0, 1].into_iter().collect(),
            ran_in: (0..4).collect(),
        }),
        causes: vec![
            cause(
                Cause::Hang,
                0.61,
                Grade::Heuristic,
                &["no output from rank 3 for 1799 s before the limit of 1800 s"],
            ),
            cause(Cause::Timeout, 0.2, Grade::Hypothesis, &["the limit of 1800 s fired"]),
        ],
        ..cluster(
            "5b1c0e77a90412fd",
            "TIMEOUT: device timeout, potential hang detected, the device is unrecoverable | worker 3",
            Kind::Timeout,
            vec![
                occurrence("logs/a.log", 4012, 1, Some("2026-01-30T04:12:07.123Z"), Some("f10cs08")),
                occurrence("logs/b.log", 77, 1, Some("2026-02-02T11:00:01Z"), Some("f10cs09")),
            ],
        )
    };
    let assertion = cluster(
        "aa00000000000001",
        "AssertionError: assert 3 == 4",
        Kind::Assertion,
        vec![occurrence("logs/c.log", 9, 1, None, None), occurrence("logs/d.log", 12, 2, None, None)],
    );
    let sources = [
        ("logs/a.log", Outcome::Fail, Some("5b1c0e77a90412fd")),
        ("logs/b.log", Outcome::Fail, Some("5b1c0e77a90412fd")),
        ("logs/c.log", Outcome::Fail, Some("aa00000000000001")),
        ("logs/d.log", Outcome::Pass, None),
        ("logs/e.log", Outcome::Unknown, None),
    ];
    let excerpts = vec![Excerpt {
        source: "logs/a.log".to_owned(),
        line_start: 4010,
        lines: ["waiting for device 4", "waiting for device 4", "TIMEOUT: device timeout", "exit code 1"]
            .map(str::to_owned)
            .to_vec(),
    }];
    Findings { excerpts, ..gather(&sources, vec![timeout, assertion]) }
}

/// The same with every kind of drawing.
pub fn drawn() -> Findings {
    let lane = |name: &str, spoke: Vec<f64>| Lane { name: name.to_owned(), spoke, last_step: None };
    let timeline = Timeline {
        source: "logs/a.log".to_owned(),
        seconds: 1860.0,
        lanes: vec![lane("rank 2", vec![0.0, 900.0, 1790.0]), lane("rank 3", vec![0.0])],
        straggler: Some(1),
        marks: vec![Mark { second: 1800.0, name: "limit 30 min fired".to_owned() }],
    };
    let durations = Durations {
        what: "test_all_gather".to_owned(),
        failing: vec![1800.4, 1801.2],
        passing: vec![180.0, 190.0, 210.0],
        limit: Some(1800.0),
    };
    let window = Window {
        first: "listening".to_owned(),
        second: "connect".to_owned(),
        slack: vec![0.015, 0.02],
        lateness: vec![0.004],
    };
    let mut findings = findings();
    findings.clusters[0].plots =
        vec![Plot::Timeline(timeline), Plot::Durations(durations), Plot::Window(window)];
    findings
}

/// One cluster that happened `times` times.
pub fn crowded(times: u64) -> Findings {
    let places = (1..=times).map(|line| occurrence("logs/a.log", line, line, None, None)).collect();
    let crowded =
        ClusterSummary { in_sources: 1, ..cluster("cc00000000000001", "again", Kind::Error, places) };
    gather(&[("logs/a.log", Outcome::Fail, Some("cc00000000000001"))], vec![crowded])
}

/// One log that passed.
pub fn passing() -> Findings {
    gather(&[("logs/a.log", Outcome::Pass, None)], Vec::new())
}

/// Text that tries to act wherever it is shown.
pub fn hostile() -> Findings {
    let text = "=cmd|'/C calc'!A0 \x1b[2J\x1b]0;owned\x07 `|` </code><script>alert(1)</script> ]]> \u{202e}txt\r\n# x";
    let mut hostile = cluster(
        "bb00000000000001",
        text,
        Kind::Error,
        vec![occurrence("logs/a.log", 1, 1, None, Some(text))],
    );
    hostile.occurrences[0].message = text.to_owned();
    hostile.occurrences[0].test = Some(text.to_owned());
    hostile.causes = vec![cause(Cause::Defect, 0.5, Grade::Heuristic, &[text])];
    let excerpt = Excerpt { source: "logs/a.log".to_owned(), line_start: 1, lines: vec![text.to_owned()] };
    let sources = [("logs/a.log", Outcome::Fail, Some("bb00000000000001"))];
    Findings { excerpts: vec![excerpt], ..gather(&sources, vec![hostile]) }
}

fn gather(sources: &[(&str, Outcome, Option<&str>)], clusters: Vec<ClusterSummary>) -> Findings {
    Findings {
        schema: SCHEMA.to_owned(),
        totals: Totals {
            sources: sources.len() as u64,
            bytes: 4096,
            lines: 5000,
            occurrences: clusters.iter().map(|cluster| cluster.occurrences.len() as u64).sum(),
            clusters: clusters.len() as u64,
            ..Totals::default()
        },
        sources: sources.iter().map(|&(name, outcome, primary)| source(name, outcome, primary)).collect(),
        runs: sources.iter().map(|&(name, outcome, _)| run(name, outcome)).collect(),
        clusters,
        gone: Vec::new(),
        excerpts: Vec::new(),
    }
}

fn source(name: &str, outcome: Outcome, primary: Option<&str>) -> SourceSummary {
    SourceSummary {
        source: name.to_owned(),
        bytes: 1024,
        lines: 1000,
        outcome,
        primary: primary.map(str::to_owned),
        job: Some("test".to_owned()),
        ..SourceSummary::default()
    }
}

fn run(source: &str, outcome: Outcome) -> RunSummary {
    RunSummary {
        id: source.to_owned(),
        job: Some("test".to_owned()),
        outcome,
        sources: vec![source.to_owned()],
        ..RunSummary::default()
    }
}

fn cluster(id: &str, title: &str, kind: Kind, occurrences: Vec<OccurrenceSummary>) -> ClusterSummary {
    ClusterSummary {
        id: id.to_owned(),
        title: title.to_owned(),
        kind,
        signature: format!("{kind} | {title}"),
        failures: occurrences.iter().filter(|occurrence| occurrence.rank == 1).count() as u64,
        in_sources: occurrences.len() as u64,
        occurrences,
        ..ClusterSummary::default()
    }
}

fn occurrence(
    source: &str,
    line: u64,
    rank: u64,
    time: Option<&str>,
    host: Option<&str>,
) -> OccurrenceSummary {
    OccurrenceSummary {
        source: source.to_owned(),
        run: Some(source.to_owned()),
        headline: Headline { line, text: "it did not end as it should".to_owned() },
        line_start: line,
        line_end: line + 2,
        byte_start: line * 100,
        byte_end: line * 100 + 250,
        rank,
        code: (source == "logs/a.log")
            .then(|| CodePlace { file: "tests/test_gather.py".to_owned(), line: 25 }),
        time: time.map(str::to_owned),
        actor: host.map(|host| Actor { host: Some(host.to_owned()), rank: Some(3), ..Actor::default() }),
        test: Some("tests/test_gather.py::test_all_gather[8-True]".to_owned()),
        exact: "0123456789abcdef".to_owned(),
        message: "it did not end as it should".to_owned(),
        ..OccurrenceSummary::default()
    }
}

fn cause(cause: Cause, score: f64, grade: Grade, texts: &[&str]) -> CauseSummary {
    let evidence = texts.iter().map(|text| EvidenceSummary {
        text: (*text).to_owned(),
        family: Family::Pace,
        weight: 1.5,
        source: Some("logs/a.log".to_owned()),
        line: Some(4012),
    });
    CauseSummary { cause, score, grade, prior: 0.0, evidence: evidence.collect(), against: Vec::new() }
}
