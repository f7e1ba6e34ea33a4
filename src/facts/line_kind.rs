//! What kind of line a line is, by its structure: only some kinds state why something failed.
//!
//! Knows the rows of `line_kinds.toml`. Must not know the lines before and after.

use std::sync::LazyLock;

use serde::Deserialize;

use super::failures::frame;
use super::runners::{self, TestLine};
use crate::rules::{Wordings, table};
use crate::text::records::{Marker, Record};

/// The kinds of line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LineKind {
    /// It says what happened.
    Statement,
    /// The CI system or the scheduler says it.
    Ci,
    /// The kernel or the driver of a device says it.
    Machine,
    /// A place in a stack.
    Frame,
    /// A test began, passed or was left out.
    Test,
    /// A command or a line of a shell's trace.
    Command,
    /// A step of a program begins or went well.
    Step,
    /// Quoted source.
    Source,
    Setting,
    Table,
    /// What a person might do or think of.
    Advice,
    /// A tally, as of nothing that failed.
    Count,
}

#[derive(Deserialize)]
struct Row {
    kind: LineKind,
}

static TABLE: LazyLock<Wordings<Row>> = LazyLock::new(|| Wordings::embedded(table!("line_kinds")));

/// Bytes of a line by which its kind is told.
const LONGEST: usize = 1024;

impl LineKind {
    /// Returns the kind of a line.
    pub fn of(record: &Record<'_>) -> Self {
        Self::knowing(record, runners::test_line(&record.message).as_ref())
    }

    /// Returns the kind of a line, whose message tells this of a test.
    pub fn knowing(record: &Record<'_>, of_test: Option<&TestLine>) -> Self {
        match record.marker {
            Some(Marker::Command) => return Self::Command,
            Some(Marker::Error) => return Self::Ci,
            _ => {}
        }
        if of_test.is_some_and(|test| !test.stage.is_failure()) {
            return Self::Test;
        }
        let kind = Self::of_message(&record.message);
        if kind == Self::Statement && is_by_kernel(record.line.bytes) { Self::Machine } else { kind }
    }

    /// Returns the kind of a line's words alone.
    pub fn of_message(message: &[u8]) -> Self {
        let message = message.get(..LONGEST).unwrap_or(message).trim_ascii_end();
        if is_value_of_a_difference(message) {
            return Self::Statement;
        }
        match TABLE.fitting(message).next().map(|row| row.kind) {
            Some(Self::Setting) if is_comparison(message) => Self::Statement,
            Some(kind) => kind,
            None if frame(message).is_some() => Self::Frame,
            None => Self::Statement,
        }
    }

    /// Returns true if and only if such a line may say why something failed.
    pub fn is_evidence(self) -> bool {
        matches!(self, Self::Statement | Self::Ci | Self::Machine | Self::Frame)
    }
}

/// Returns true for a plain value behind a plus, as a difference of two results shows it.
fn is_value_of_a_difference(message: &[u8]) -> bool {
    let Some(rest) = message.strip_prefix(b"+ ") else { return false };
    [&b"true"[..], b"false", b"null", b"nil", b"none"].iter().any(|value| rest.eq_ignore_ascii_case(value))
}

/// Words of a comparison or an end: what stands behind them is no setting.
const COMPARES: [&str; 14] = [
    "expected", "actual", "got", "received", "want", "left", "right", "error", "status", "exit", "code",
    "result", "failed", "fatal",
];

/// Returns true for `expected: 3`, `left: 4`.
fn is_comparison(message: &[u8]) -> bool {
    let message = message.trim_ascii_start();
    let end = message.iter().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(message.len());
    let word = message.get(..end).unwrap_or_default();
    let next = message.get(end..).map(<[u8]>::trim_ascii_start).and_then(<[u8]>::first);
    matches!(next, Some(b':' | b'='))
        && COMPARES.iter().any(|compares| word.eq_ignore_ascii_case(compares.as_bytes()))
}

/// Bytes at the beginning of a line in which a kernel's name or its time since boot stands.
const HEAD: usize = 96;

/// Returns true if a kernel wrote the line as stored: it says so, or bears seconds since boot with six digits.
fn is_by_kernel(line: &[u8]) -> bool {
    let head = line.get(..HEAD).unwrap_or(line);
    memchr::memmem::find(head, b" kernel: ").is_some()
        || memchr::memchr_iter(b'[', head).any(|at| head.get(at + 1..).is_some_and(begins_with_uptime))
}

/// Returns true for `   12.345678] …`.
fn begins_with_uptime(text: &[u8]) -> bool {
    let text = text.trim_ascii_start();
    let seconds = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let rest = text.get(seconds..).and_then(|rest| rest.strip_prefix(b"."));
    let micros = rest.map_or(0, |rest| rest.iter().take_while(|byte| byte.is_ascii_digit()).count());
    seconds > 0 && micros == 6 && text.get(seconds + 7) == Some(&b']')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Embedded;

    const TEXT: Embedded = table!("line_kinds");

    #[test]
    fn every_row_knows_its_lines_and_leaves_others_alone() {
        #[derive(Deserialize)]
        struct Written {
            kind: LineKind,
            examples: Vec<String>,
            never: Vec<String>,
        }
        let table: serde_json::Value = TEXT.read();
        let rows: Vec<Written> = serde_json::from_value(table["row"].clone()).unwrap();
        for row in rows {
            assert!(row.never.len() >= 2, "{:?} needs lines that it must leave alone", row.kind);
            for line in row.examples {
                assert_eq!(LineKind::of_message(line.as_bytes()), row.kind, "{line}");
            }
            for line in row.never {
                assert_ne!(LineKind::of_message(line.as_bytes()), row.kind, "{line}");
            }
        }
    }

    #[test]
    fn what_states_a_failure_is_a_statement() {
        for line in [
            "the ring timed out after 3 s",
            "Error: connect ECONNREFUSED 127.0.0.1:8080",
            "E   RuntimeError: the ring is torn",
            "panic: runtime error: index out of range",
            "+ true",
            "expected: 3",
            "ring.c:31:7: error: unknown type name 'cell'",
            "curl: (28) Operation timed out after 3000 milliseconds",
            "Killed",
            "[rank 3] watchdog caught a timeout of 600000 ms",
        ] {
            assert_eq!(LineKind::of_message(line.as_bytes()), LineKind::Statement, "{line}");
        }
    }
}
