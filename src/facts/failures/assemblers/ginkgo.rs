//! Reports of Ginkgo: a heading with the time, the names of the containers, each above its place, and the message.

use std::sync::OnceLock;

use regex::bytes::Regex;

use crate::facts::failures::{Block, Kind, Passage, Piece, Role, Shape};

use super::regex;

/// Lines of one report at the most.
const LONGEST: usize = 120;
/// Lines of a message that are joined.
const MESSAGE: usize = 6;

/// Reads from the heading to the rule below the report. A report that is cut off before its message only names the spec.
pub fn assemble(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    static HEAD: OnceLock<Regex> = OnceLock::new();
    let head = r"^\s*• ?(?:\[?(?:FAILED|PANICKED|TIMEDOUT|INTERRUPTED|ABORTED)!?\]|Failure\b|Panic\b)[^\[]*\[[\d.]+ seconds\]";
    let text = pieces.get(at)?.text();
    if !text.trim_ascii_start().starts_with("•".as_bytes()) || !regex(&HEAD, head).is_match(text) {
        return None;
    }
    let closes = |position: &usize| pieces.looks(*position, Shape::Rule);
    let end = (at + 1..pieces.len().min(at + LONGEST)).take_while(|position| !closes(position)).last()?;
    let last = pieces.last_told(at, end);
    let names = (at + 1..=last).take_while(|&position| pieces.told(position)).last().unwrap_or(at);
    let mut block = Block::new(Kind::Test, at, last, at);
    block.test = name(pieces.get(at + 1..=names)?);
    match message(pieces, names + 1, last) {
        Some((headline, message)) => {
            block.headline = headline;
            block.message = Some(message);
        }
        None => block.role = Role::Context,
    }
    Some(block)
}

/// The names of the containers and of the spec, without their places.
fn name(pieces: &[Piece<'_>]) -> Option<String> {
    const KINDS: [&str; 4] = ["[It]", "[BeforeEach]", "[AfterEach]", "[Measurement]"];
    let names: Vec<String> = pieces.iter().filter(|piece| !is_place(piece)).map(Piece::trimmed).collect();
    let names = names.join(" ");
    let words: Vec<&str> = names.split_whitespace().filter(|word| !KINDS.contains(word)).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// The message and its first line: what follows the word for a failure, else the first words that are neither a place
/// nor what the spec printed.
fn message(pieces: &[Piece<'_>], from: usize, last: usize) -> Option<(usize, String)> {
    let marked = |position: &usize| pieces.text(*position).trim_ascii_start().starts_with(b"[FAILED] ");
    let plain = |position: &usize| {
        pieces.holds(*position, |piece| !piece.is_blank() && !is_place(piece) && !is_captured(piece))
    };
    let head = (from..=last).find(marked).or_else(|| (from..=last).find(plain))?;
    let goes_on =
        |position: &usize| *position == head || pieces.told(*position) && !pieces.holds(*position, is_place);
    let lines = (head..=last).take_while(goes_on).take(MESSAGE);
    let lines: Vec<String> = lines.map(|position| pieces.trimmed(position)).collect();
    let torn = lines.len() < MESSAGE && lines.last()?.ends_with(['{', ':']);
    let announces = lines.first()?.ends_with(':') || lines.first()?.ends_with("Expected");
    let message = if announces { lines.join(" ") } else { lines.first()?.clone() };
    (!torn).then(|| (head, message.trim_start_matches("[FAILED] ").to_owned()))
}

fn is_place(piece: &Piece<'_>) -> bool {
    static PLACE: OnceLock<Regex> = OnceLock::new();
    regex(&PLACE, r"^\s*(?:In \[\w+\] at: )?\S+\.go:\d+(?: @ .*)?$").is_match(piece.text())
}

/// What a spec printed and its steps stand between its name and its message.
fn is_captured(piece: &Piece<'_>) -> bool {
    static CAPTURED: OnceLock<Regex> = OnceLock::new();
    let form =
        r"(?i)^\s*(?:(?:begin |end )?captured |STEP: |Timeline |>> |<< |\[(?:It|BeforeEach|AfterEach)\] )";
    regex(&CAPTURED, form).is_match(piece.text())
}

#[cfg(test)]
mod tests {
    use crate::facts::failures::{Role, events_in};

    const OLD: &str = "• Failure [8.004 seconds]\nRing\n/w/ring_test.go:9\n  when full\n  /w/ring_test.go:12\n    pops [It]\n    /w/ring_test.go:31\n\n";
    const NEW: &str = "• [FAILED] [0.003 seconds]\nRing when full [It] pops\n/w/ring_test.go:31\n\n";

    #[test]
    fn a_report_has_the_name_of_its_spec_and_its_message() {
        for (head, body, message) in [
            (
                OLD,
                "    Expected error:\n        <*errors.errorString | 0xc01>: {\n            s: \"torn\",\n        }\n        torn\n    not to have occurred\n\n    /w/ring_test.go:33\n------------------------------\n",
                "Expected error: <*errors.errorString | 0xc01>: { s: \"torn\", } torn not to have occurred",
            ),
            (
                NEW,
                "  [FAILED] Expected\n      <int>: 3\n  to equal\n      <int>: 4\n  In [It] at: /w/ring_test.go:33 @ 01/02/26 10:00:00.000\n------------------------------\n",
                "Expected <int>: 3 to equal <int>: 4",
            ),
            (
                NEW,
                "  [FAILED] the ring is torn\n  In [It] at: /w/ring_test.go:33\n------------------------------\n",
                "the ring is torn",
            ),
        ] {
            let events = events_in(format!("{head}{body}"));
            let first =
                events.first().map(|event| (event.message.as_str(), event.test.as_deref(), event.role));
            assert_eq!(first, Some((message, Some("Ring when full pops"), Role::Root)), "{head}{body}");
        }
    }

    #[test]
    fn a_report_cut_off_before_its_message_only_names_the_spec() {
        for torn in [OLD.to_owned(), format!("{OLD}    Expected error:\n        <ring.Torn>: {{\n")] {
            let events = events_in(&torn);
            let first = events.first().map(|event| (event.test.as_deref(), event.role));
            assert_eq!(first, Some((Some("Ring when full pops"), Role::Context)), "{torn}");
        }
    }
}
