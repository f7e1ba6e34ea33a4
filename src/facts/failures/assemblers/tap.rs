//! A failed test of TAP and the YAML below it, which says why: `not ok 3 - pops`, `---`, keys, `...`.

use std::ops::RangeInclusive;

use crate::facts::failures::{Block, Kind, Passage, Piece, Role, Shape};
use crate::facts::runners::test_line;

use super::{python, stack};

/// Lines of one report at the most.
const LONGEST: usize = 200;

/// Lines of a message that only announces what it compares.
const MESSAGE: usize = 4;

/// Keys whose value is the message, the surest first.
const MESSAGES: [&[u8]; 3] = [b"error", b"message", b"err"];

/// Reads from the verdict to the end of the YAML.
pub fn assemble(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    let text = pieces.text(at).trim_ascii_start();
    if !text.starts_with(b"not ok ") || pieces.text(at + 1).trim_ascii() != b"---" {
        return None;
    }
    // One that is expected to fail, `# TODO`, or was left out did not fail.
    test_line(text).filter(|test| test.stage.is_failure())?;
    let last = last(pieces, at + 1);
    let yaml = at + 2..=last;
    let mut block = Block::new(Kind::Test, at, last, at);
    if let Some((headline, message)) = message(pieces, &yaml) {
        block.headline = headline;
        let class = key(pieces, &yaml, b"name").map(|(_, name)| name);
        block.class = class.or_else(|| error_class(&message));
        if message.ends_with("subtest failed") || message.ends_with("subtests failed") {
            block.role = Role::Context;
        }
        block.message = Some(message);
    } else if let Some((headline, end)) = end(pieces, &yaml) {
        // So little that it says nothing without the test.
        block.headline = headline;
        block.message = Some(format!("{}: {end}", name(text)));
    }
    let frames = yaml.clone().find_map(|position| stack::run(pieces.part(..=last), position, 1));
    block.frames = frames.map(|run| run.frames).unwrap_or_default();
    Some(block)
}

/// What stands behind the number of a test.
fn name(verdict: &[u8]) -> String {
    let words = String::from_utf8_lossy(verdict.strip_prefix(b"not ok ").unwrap_or(verdict)).into_owned();
    words.trim_start_matches(|letter: char| letter.is_ascii_digit() || matches!(letter, ' ' | '-')).to_owned()
}

fn error_class(message: &str) -> Option<String> {
    python::exception_class(message.as_bytes()).filter(|class| class.ends_with("Error"))
}

/// The line that closes the YAML, or the last one before the next test.
fn last(pieces: &[Piece<'_>], opened: usize) -> usize {
    let mut last = opened;
    for position in opened + 1..pieces.len().min(opened + LONGEST) {
        let text = pieces.text(position).trim_ascii();
        if [b"ok ".as_slice(), b"not ok ", b"# "].iter().any(|next| text.starts_with(next)) {
            break;
        }
        last = position;
        if text == b"..." {
            break;
        }
    }
    last
}

/// What the message's key says, or else the exception of the stack.
fn message(pieces: &[Piece<'_>], yaml: &RangeInclusive<usize>) -> Option<(usize, String)> {
    if let Some((at, value)) = MESSAGES.iter().find_map(|name| key(pieces, yaml, name)) {
        let begins = if is_block(&value) { at + 1 } else { at };
        let below = (begins + 1..=*yaml.end()).take_while(|position| pieces.told(*position)).take(MESSAGE);
        let first = if is_block(&value) { pieces.trimmed(begins) } else { value };
        let more = below.map(|position| pieces.trimmed(position));
        let whole =
            if first.ends_with(':') { more.fold(first, |all, line| format!("{all} {line}")) } else { first };
        return (!whole.is_empty()).then_some((begins, whole));
    }
    let (stack, _) = key(pieces, yaml, b"stack")?;
    let at = (stack + 1..=*yaml.end()).find(|position| pieces.looks(*position, Shape::ExceptionHead))?;
    Some((at, pieces.trimmed(at)))
}

/// How the test ended, where nothing says why: the one line of its stack, if it was not killed.
fn end(pieces: &[Piece<'_>], yaml: &RangeInclusive<usize>) -> Option<(usize, String)> {
    let severity = key(pieces, yaml, b"severity");
    let crashed = severity.as_ref().is_some_and(|(_, severity)| severity == "crashed");
    let line = only_line(pieces, yaml).filter(|_| !crashed);
    line.or_else(|| {
        let (at, severity) = severity?;
        let code = key(pieces, yaml, b"exitcode").map(|(_, code)| format!(", exit code {code}"));
        Some((at, severity + &code.unwrap_or_default()))
    })
}

fn only_line(pieces: &[Piece<'_>], yaml: &RangeInclusive<usize>) -> Option<(usize, String)> {
    let (stack, _) = key(pieces, yaml, b"stack")?;
    let told = |at: &usize| pieces.told(*at) && pieces.text(*at).trim_ascii() != b"...";
    let mut lines = (stack + 1..=*yaml.end()).filter(told);
    let only = lines.next().filter(|_| lines.next().is_none())?;
    Some((only, pieces.trimmed(only)))
}

/// The value of a key of the YAML without its quotation marks, and where it stands.
fn key(pieces: &[Piece<'_>], yaml: &RangeInclusive<usize>, name: &[u8]) -> Option<(usize, String)> {
    yaml.clone().find_map(|position| {
        let value = pieces.text(position).trim_ascii().strip_prefix(name)?.strip_prefix(b":")?;
        let value = String::from_utf8_lossy(value.trim_ascii()).into_owned();
        Some((position, value.trim_matches(['\'', '"']).to_owned()))
    })
}

/// Returns true if the value stands on the lines below.
fn is_block(value: &str) -> bool {
    value.is_empty() || value.starts_with(['|', '>'])
}

#[cfg(test)]
mod tests {
    use crate::facts::failures::{Role, TakenBy, events_in};

    #[test]
    fn a_test_that_is_expected_to_fail_did_not() {
        let log = "ok 1 - opens\nnot ok 2 - pops # TODO not written yet\n  ---\n  error: 'the ring is torn'\n  ...\nok 3 - closes\n";
        let events = events_in(log);
        assert!(events.iter().all(|event| event.taken_by != TakenBy::Tap), "{events:?}");
    }

    #[test]
    fn a_test_of_tap_has_the_message_of_its_yaml() {
        for (yaml, message, class, role, why) in [
            (
                "  duration_ms: 1.2\n  failureType: 'testCodeFailure'\n  error: |-\n    Expected values to be strictly equal:\n    3 !== 4\n\n  code: 'ERR_ASSERTION'\n  name: 'AssertionError'\n",
                "Expected values to be strictly equal: 3 !== 4",
                Some("AssertionError"),
                Role::Root,
                "a message of several lines",
            ),
            ("  error: 'the ring is torn'\n", "the ring is torn", None, Role::Root, "of one line"),
            (
                "  error: '2 subtests failed'\n",
                "2 subtests failed",
                None,
                Role::Context,
                "what failed in it is told elsewhere",
            ),
            (
                "  severity: fail\n  stack: |-\n    (node:7) ExperimentalWarning: rings may change\n    ring.js:31\n\n    RingError: torn at 3\n        at pop (ring.js:31:3)\n",
                "RingError: torn at 3",
                Some("RingError"),
                Role::Root,
                "the exception of its stack",
            ),
            (
                "  severity: fail\n  stack: |-\n    timeout\n",
                "pops: timeout",
                None,
                Role::Root,
                "all that its stack says",
            ),
            (
                "  severity: crashed\n  exitcode: -15\n  stack: |-\n",
                "pops: crashed, exit code -15",
                None,
                Role::Root,
                "how it ended",
            ),
        ] {
            let log = format!("ok 1 - opens\nnot ok 2 - pops\n  ---\n{yaml}  ...\nok 3 - closes\n");
            let events = events_in(&log);
            let first = events.iter().find(|event| event.taken_by == TakenBy::Tap);
            let first = first
                .map(|event| (event.message.as_str(), event.class.as_deref(), event.role, event.first_line));
            assert_eq!(first, Some((message, class, role, 2)), "{why}: {log}");
            assert!(events.iter().all(|event| event.test.as_deref() == Some("pops")), "{why}: {events:?}");
        }
    }
}
