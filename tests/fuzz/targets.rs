//! What fuzzing feeds with arbitrary bytes, and what must hold of each. The fuzzer and the replay of its corpus both
//! call these.

use ndlog::experiment::Pattern;
use ndlog::facts::failures::{assemble, verdicts};
use ndlog::input::{Limits, SourceKind, open_bytes};
use ndlog::script;
use ndlog::secrets::Mask;
use ndlog::text::lines::{self, Index};
use ndlog::text::records::{self, Reader};

/// The name of a target, and what it does with some bytes.
pub type Target = (&'static str, fn(&[u8]));

/// A target by its name.
pub const TARGETS: [Target; 6] = [
    ("open_bytes", open),
    ("parse_lines", parse_lines),
    ("read_verdicts", read_verdicts),
    ("whole_logs", whole_logs),
    ("patterns", patterns),
    ("secrets", secrets),
];

/// Opens bytes as an input of any kind: never more comes out than the limits allow.
pub fn open(bytes: &[u8]) {
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
pub fn parse_lines(bytes: &[u8]) {
    let reader = Reader::guess(bytes);
    let index = Index::new(bytes);
    let mut next = 0;
    for line in lines::split(bytes) {
        assert_eq!(line.start, next);
        assert_eq!(index.line(line.number), Some(line));
        next = line.end() + 1;
        assert!(lines::clean(line.bytes).len() <= line.bytes.len());
        records::parse(line);
        reader.parse(line);
        reader.time(line);
    }
    assert!(next == bytes.len() as u64 || next == bytes.len() as u64 + 1 || bytes.is_empty());
}

/// Reads bytes as verdicts of either form: every span lies inside the bytes.
pub fn read_verdicts(bytes: &[u8]) {
    for kind in [SourceKind::JUnit, SourceKind::Annotations] {
        for verdict in verdicts::read("fuzz", bytes, kind).0 {
            assert!(verdict.bytes.start <= verdict.bytes.end && verdict.bytes.end <= bytes.len() as u64);
            assert!(verdict.first_line <= verdict.last_line);
            verdict.into_event();
        }
    }
}

/// Reads bytes as a whole log: every failure stands where it says.
pub fn whole_logs(bytes: &[u8]) {
    let (index, reader) = (Index::new(bytes), Reader::guess(bytes));
    for event in assemble(&index, &reader) {
        assert!(
            1 <= event.first_line && event.first_line <= event.last_line && event.last_line <= index.lines()
        );
        assert!(event.byte_start <= event.byte_end && event.byte_end <= bytes.len() as u64);
    }
}

/// Reads bytes as an experiment and writes its test.
pub fn patterns(bytes: &[u8]) {
    if let Ok(pattern) = serde_json::from_slice::<Pattern>(bytes) {
        let _ = script::write(&pattern);
    }
}

/// Masks text: what is masked once stays as it is.
pub fn secrets(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let once = Mask::new(true).text(&text).into_owned();
    let lines: Vec<&str> = once.lines().collect();
    let mut mask = Mask::new(true);
    for line in lines {
        mask.line(line);
    }
}
