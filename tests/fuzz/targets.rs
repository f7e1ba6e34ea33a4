//! What fuzzing feeds with arbitrary bytes, and what must hold of each. The fuzzer and the replay of its corpus both
//! call these.

use std::sync::OnceLock;

use ndlog::inner::{
    Entry, Index, Limits, Mask, Pattern, Reader, SourceKind, assemble, clean, open_bytes, parse, read_answer,
    read_part, read_settings, read_verdicts as verdicts, required_literals, split, write_test,
};
use ndlog::{Analyzer, Facts, Findings};

/// The name of a target, and what it does with some bytes.
pub type Target = (&'static str, fn(&[u8]));

/// A target by its name.
pub const TARGETS: [Target; 12] = [
    ("open_bytes", open),
    ("parse_lines", parse_lines),
    ("read_verdicts", read_verdicts),
    ("whole_logs", whole_logs),
    ("patterns", patterns),
    ("secrets", secrets),
    ("facts", facts),
    ("answers", answers),
    ("parts", parts),
    ("findings", findings),
    ("entries", entries),
    ("settings", settings),
];

/// Feeds bytes to the target of this name.
pub fn run(name: &str, bytes: &[u8]) {
    let (_, target) = TARGETS.iter().find(|(known, _)| *known == name).expect("a target of this name");
    target(bytes);
}

/// Opens bytes as an input of any kind: never more comes out than the limits allow.
fn open(bytes: &[u8]) {
    let limits = Limits { expanded_bytes: 1 << 20, memory_bytes: 1 << 12, entries: 50, ..Limits::default() };
    let mut read = 0;
    let problems =
        open_bytes("fuzz", bytes.to_vec(), &limits, &mut |source| read += source.bytes.len() as u64);
    // A tar repeats stored bytes at most once a layer; UTF-8 takes at most half as much again as UTF-16.
    let stored = bytes.len() as u64 * u64::from(limits.nesting + 1);
    assert!(read <= 2 * (limits.expanded_bytes + stored), "{read} bytes out of {}", bytes.len());
    assert!(problems.len() <= limits.problems + 1);
}

/// Splits, cleans and understands lines, times and levels: the lines add up to the bytes.
fn parse_lines(bytes: &[u8]) {
    let reader = Reader::guess(bytes);
    let index = Index::new(bytes);
    let mut next = 0;
    for line in split(bytes) {
        assert_eq!(line.start, next);
        assert_eq!(index.line(line.number), Some(line));
        next = line.end() + 1;
        assert!(clean(line.bytes).len() <= line.bytes.len());
        parse(line);
        reader.parse(line);
        reader.time(line);
    }
    assert!(next == bytes.len() as u64 || next == bytes.len() as u64 + 1 || bytes.is_empty());
}

/// Reads bytes as verdicts of either form: every span lies inside the bytes.
fn read_verdicts(bytes: &[u8]) {
    for kind in [SourceKind::JUnit, SourceKind::Annotations] {
        for verdict in verdicts("fuzz", bytes, kind).0 {
            assert!(verdict.bytes.start <= verdict.bytes.end && verdict.bytes.end <= bytes.len() as u64);
            assert!(verdict.first_line <= verdict.last_line);
            verdict.into_event();
        }
    }
}

/// Reads bytes as a whole log: every failure stands where it says.
fn whole_logs(bytes: &[u8]) {
    let (index, reader) = (Index::new(bytes), Reader::guess(bytes));
    for event in assemble(&index, &reader) {
        assert!(
            1 <= event.first_line && event.first_line <= event.last_line && event.last_line <= index.lines()
        );
        assert!(event.byte_start <= event.byte_end && event.byte_end <= bytes.len() as u64);
    }
}

/// Reads bytes as an experiment and writes its test.
fn patterns(bytes: &[u8]) {
    if let Ok(pattern) = serde_json::from_slice::<Pattern>(bytes) {
        let _ = write_test(&pattern);
    }
}

/// Masks text: what is masked once stays as it is.
fn secrets(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let once = Mask::new(true).text(&text).into_owned();
    let lines: Vec<&str> = once.lines().collect();
    let mut mask = Mask::new(true);
    for line in lines {
        mask.line(line);
    }
}

/// Reads bytes as one input, the whole way to findings: facts survive being written and read, and every line is scanned.
fn facts(bytes: &[u8]) {
    let analyzer = analyzer();
    let facts = analyzer.read("fuzz.log", bytes).unwrap();
    for one in &facts {
        let written = serde_json::to_vec(one).unwrap();
        assert!(
            serde_json::from_slice::<Facts>(&written).unwrap() == *one,
            "facts change when they are written"
        );
    }
    let found = analyzer.analyze(&facts);
    let occurrences: u64 = found.clusters.iter().map(|cluster| cluster.occurrences.len() as u64).sum();
    assert_eq!(occurrences, found.totals.occurrences);
}

/// Reads bytes as a document of a CI system.
fn answers(bytes: &[u8]) {
    read_answer("fuzz.json", bytes);
}

/// Reads bytes as a part: what is damaged in it is skipped and named.
fn parts(bytes: &[u8]) {
    if let Ok(part) = read_part("fuzz.part", bytes) {
        for input in &part.inputs {
            input.facts("fuzz.part");
        }
    }
}

/// Reads bytes as findings that were written before.
fn findings(bytes: &[u8]) {
    if let Ok(findings) = serde_json::from_slice::<Findings>(bytes) {
        for row in findings.rows() {
            serde_json::to_string(&row).unwrap();
        }
    }
}

/// Reads bytes as a file of the catalog, and as a regular expression whose strings are derived.
fn entries(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let _ = Entry::parse("fuzz.toml", "fuzz", &text);
    let _ = required_literals(&text);
}

/// Reads bytes as `.ndlog.toml`.
fn settings(bytes: &[u8]) {
    let _ = read_settings(".ndlog.toml", &String::from_utf8_lossy(bytes));
}

/// One for the whole process: its threads are made once.
fn analyzer() -> &'static Analyzer {
    static ANALYZER: OnceLock<Analyzer> = OnceLock::new();
    ANALYZER.get_or_init(|| Analyzer::builder().threads(1).build().unwrap())
}
