//! Sections in which test frameworks tell one failed test: pytest, unittest, mocha, RSpec, cargo test, gtest.

use std::sync::OnceLock;

use memchr::memmem::find;
use regex::bytes::Regex;

use crate::facts::failures::block::Block;
use crate::facts::failures::compared::compared;
use crate::facts::failures::event::Kind;
use crate::facts::failures::line_view::Piece;
use crate::facts::failures::passage::Passage;
use crate::facts::failures::shapes::Shape;
use crate::facts::failures::vocabulary::Word;
use crate::facts::runners::test_line;

use super::{exception, python, regex, rust, stack};

/// Reads a section from its title to the line before the next title.
pub fn assemble(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    pytest(pieces, at)
        .or_else(|| unittest(pieces, at))
        .or_else(|| minitest(pieces, at))
        .or_else(|| verdict_above_trace(pieces, at))
        .or_else(|| numbered(pieces, at))
        .or_else(|| cargo(pieces, at))
        .or_else(|| gtest(pieces, at))
        .or_else(|| testify(pieces, at))
        .or_else(|| status(pieces, at))
        .or_else(|| case_failed(pieces, at))
}

/// Returns true if and only if the line is a test's title: on a narrow terminal with one mark or two at either side.
fn titles_test(piece: &Piece<'_>) -> bool {
    let text = piece.text().trim_ascii_end();
    // With such a rule tox heads what became of its environments.
    let is_test = || find(text, b"_ summary _").is_none();
    text.starts_with(b"___") && piece.looks(Shape::TitledRule) && is_test() || narrow_title(text).is_some()
}

/// Returns the title between one mark or two at either side.
fn narrow_title(text: &[u8]) -> Option<&[u8]> {
    let between = |marks: &[u8]| text.strip_prefix(marks)?.strip_suffix(marks);
    let title = between(b"__").or_else(|| between(b"_"))?.strip_prefix(b" ")?.strip_suffix(b" ")?;
    let name = !title.contains(&b' ') && find(title, b"test").or_else(|| find(title, b"Test")).is_some();
    (name || title.starts_with(b"ERROR at ")).then_some(title)
}

/// `____ test_ring ____` up to the next rule.
fn pytest(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    let text = pieces.text(at);
    pieces.holds(at, titles_test).then_some(())?;
    let closes = |piece: &Piece<'_>| {
        let rule = piece.looks(Shape::Rule) && !piece.text().starts_with(b"_ _");
        piece.looks(Shape::TitledRule) || rule || titles_test(piece)
    };
    let end =
        (at + 1..pieces.len()).find(|&position| pieces.holds(position, closes)).unwrap_or(pieces.len()) - 1;
    let last = pieces.last_told(at, end);
    let headline = (at..=last).find(|&position| pieces.looks(position, Shape::PytestError)).unwrap_or(at);
    let mut block = Block::new(Kind::Test, at, last, headline);
    let message = String::from_utf8_lossy(pieces.text(headline)).trim_start_matches("E ").trim().to_owned();
    block.class = python::exception_class(message.as_bytes());
    block.message = Some(message);
    block.test = Some(String::from_utf8_lossy(text).trim_matches(['_', ' ']).to_owned());
    block.frames = pytest_frames(pieces.part(at..=last));
    Some(block)
}

/// `path/test_ring.py:31: AssertionError`, innermost last.
fn pytest_frames(pieces: &[Piece<'_>]) -> Vec<crate::facts::failures::event::Frame> {
    static PLACE: OnceLock<Regex> = OnceLock::new();
    let place =
        regex(&PLACE, r"^(?P<file>\S+\.py):(?P<line>\d+): (?:in (?P<function>\S+)|(?P<class>\w*)\s*$)");
    let mut frames: Vec<_> = pieces
        .iter()
        .filter_map(|piece| place.captures(piece.text()))
        .map(|captures| {
            let part =
                |name| captures.name(name).map(|part| String::from_utf8_lossy(part.as_bytes()).into_owned());
            crate::facts::failures::event::Frame {
                function: part("function").unwrap_or_default(),
                file: part("file").unwrap_or_default(),
                line: part("line").and_then(|line| line.parse().ok()),
            }
        })
        .collect();
    frames.reverse();
    frames
}

/// Returns the test of `FAIL: test_ring (suite.Case)` and of `ERROR [0.108s]: test_ring (suite.Case)`. The word may
/// have been taken for a level.
fn unittest_name(pieces: &[Piece<'_>], at: usize) -> Option<String> {
    static NAME: OnceLock<Regex> = OnceLock::new();
    let form = r"^(?:(?:FAIL|ERROR)(?: ?\[[\d.]+s\])?: |\[[\d.]+s\]: )(?P<test>\S.*)$";
    let found = regex(&NAME, form).captures(pieces.text(at))?;
    Some(String::from_utf8_lossy(&found["test"]).trim().to_owned())
}

/// The same from the traceback on, where the title has no word of failure left.
pub fn unittest_below(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    let title = at.checked_sub(2).filter(|title| pieces.looks(title + 1, Shape::Rule))?;
    let test = unittest_name(pieces, title)?;
    let trace = python::assemble(pieces, at)?;
    Some(Block { first: title, test: Some(test), ..trace })
}

/// Returns the name of a test without the number that it has in the list of this run.
fn unnumbered(piece: &Piece<'_>) -> String {
    let named = test_line(piece.text()).filter(|test| test.stage.is_failure()).map(|test| test.id);
    let rest = |text: String| text.split_once(") ").map_or(text.clone(), |(_, name)| name.to_owned());
    named.unwrap_or_else(|| rest(piece.trimmed()))
}

/// `FAIL: test_ring (suite.Case)`, a rule, and the traceback.
fn unittest(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    let test = unittest_name(pieces, at)?;
    pieces.get(at + 1).filter(|next| next.looks(Shape::Rule))?;
    let trace = (at + 2..pieces.len()).take(2).find_map(|position| python::assemble(pieces, position))?;
    Some(Block { first: at, test: Some(test), ..trace })
}

/// Lines of one report of Minitest's.
const MINITEST: usize = 80;

/// `Failure:` or `Error:` alone, `RingTest#test_pop [ring_test.rb:31]:` below it, and the message up to a blank line.
fn minitest(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    static NAME: OnceLock<Regex> = OnceLock::new();
    matches!(pieces.text(at).trim_ascii(), b"Failure:" | b"Error:").then_some(())?;
    let name = regex(&NAME, r"^(?P<test>[\w:]+#\S.*?)(?: \[\S+:\d+\])?:$");
    let captures = name.captures(pieces.get(at + 1)?.text().trim_ascii())?;
    let last = (at + 2..pieces.len())
        .take(MINITEST)
        .take_while(|&position| pieces.told(position))
        .last()
        .unwrap_or(at + 1);
    let headline = last.min(at + 2);
    let mut block = Block::new(Kind::Test, at, last, headline);
    block.class = python::exception_class(pieces.text(headline).trim_ascii());
    block.frames = stack::run(pieces.part(..=last), at + 2, 12).map(|run| run.frames).unwrap_or_default();
    block.test = Some(String::from_utf8_lossy(&captures["test"]).into_owned());
    Some(block)
}

/// `pops(acme.RingTest)  Time elapsed: 0.1 sec  <<< FAILURE!` and below it what was thrown.
fn verdict_above_trace(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    static VERDICT: OnceLock<Regex> = OnceLock::new();
    let verdict = regex(&VERDICT, r"^(?:\[\w+\] +)?(?P<test>\S+).* <<< (?:FAILURE|ERROR)!$");
    let captures = verdict.captures(pieces.text(at).trim_ascii_end())?;
    let trace = exception::assemble(pieces, at + 1).filter(|trace| trace.first == at + 1)?;
    let test = String::from_utf8_lossy(&captures["test"]).into_owned();
    Some(Block { first: at, kind: Kind::Test, test: Some(test), ..trace })
}

/// `  1) suite\n  test:\n  Error: …` up to the next number, with mocha, RSpec and PHPUnit.
fn numbered(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    static NUMBER: OnceLock<Regex> = OnceLock::new();
    let number = regex(&NUMBER, r"^\s{0,4}\d+\) ");
    let text = pieces.text(at);
    if !text.trim_ascii_start().first().is_some_and(u8::is_ascii_digit) || !number.is_match(text) {
        return None;
    }
    let end = (at + 1..pieces.len())
        .take_while(|&position| !number.is_match(pieces.text(position)) && continues(pieces, at, position))
        .last()?;
    let last = pieces.last_told(at, end);
    if pends(pieces, at, last) {
        return None;
    }
    let run = stack::run(pieces.part(..=last), at + 1, 12);
    let tells_most = || (at + 1..=last).find(|&position| pieces.holds(position, tells));
    let placed = || (at + 1..=last).any(|position| pieces.looks(position, Shape::FileLine));
    let headline = tells_most().or_else(|| placed().then_some(at + 1))?;
    let mut block = Block::new(Kind::Test, at, last, headline);
    block.frames = run.map(|run| run.frames).unwrap_or_default();
    block.test = Some(
        nested(pieces, at, headline).unwrap_or_else(|| pieces.get(at).map(unnumbered).unwrap_or_default()),
    );
    Some(block)
}

/// Returns true if and only if nothing stands below an item but remarks: RSpec did not run the example and says why and
/// where it stands. Of a failure it says more.
fn pends(pieces: &[Piece<'_>], at: usize, last: usize) -> bool {
    let below = pieces.get(at + 1..=last).unwrap_or_default();
    let mut told = below.iter().filter(|piece| !piece.is_blank()).peekable();
    told.peek().is_some() && told.all(|piece| piece.text().trim_ascii_start().starts_with(b"# "))
}

/// Returns the name of a test that mocha writes with a line for each suite, the last one with a colon.
fn nested(pieces: &[Piece<'_>], at: usize, headline: usize) -> Option<String> {
    const MOST_SUITES: usize = 8;
    let lines = pieces.get(at + 1..headline)?.iter().take(MOST_SUITES).take_while(|piece| !piece.is_blank());
    let mut lines: Vec<String> = lines.take_while(|piece| piece.indent() > 4).map(Piece::trimmed).collect();
    let last = lines.iter().position(|line| line.ends_with(':'))?;
    lines.truncate(last + 1);
    lines.insert(0, pieces.trimmed(at).split_once(") ")?.1.to_owned());
    Some(lines.join(" ").trim_end_matches(':').to_owned())
}

/// A numbered item goes on over blank lines as long as indented or tell-tale lines follow.
fn continues(pieces: &[Piece<'_>], at: usize, position: usize) -> bool {
    let Some(piece) = pieces.get(position) else { return false };
    let blanks = pieces.part(at..position).iter().rev().take_while(|before| before.is_blank()).count();
    if piece.is_blank() {
        return blanks < 2;
    }
    piece.indent() > 0 || piece.looks(Shape::Frame) || piece.looks(Shape::FileLineStart) || blanks == 0
}

fn tells(piece: &Piece<'_>) -> bool {
    [
        Word::Error,
        Word::Exception,
        Word::Assertion,
        Word::Expectation,
        Word::Failure,
        Word::Timeout,
        Word::Inability,
    ]
    .iter()
    .any(|word| piece.says(*word))
}

/// `---- suite::test stdout ----` up to the next.
fn cargo(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    static HEAD: OnceLock<Regex> = OnceLock::new();
    let head = regex(&HEAD, r"^---- (?P<test>.+) stdout ----$");
    let text = Some(pieces.text(at)).filter(|text| text.starts_with(b"---- "))?;
    let captures = head.captures(text)?;
    let closes = |piece: &Piece<'_>| head.is_match(piece.text()) || piece.text() == b"failures:";
    let end =
        (at + 1..pieces.len()).find(|&position| pieces.holds(position, closes)).unwrap_or(pieces.len()) - 1;
    let last = pieces.last_told(at, end);
    let panic = (at + 1..=last).find_map(|position| rust::assemble(pieces.part(..=last), position));
    let says = || (at + 1..=last).find(|&position| pieces.holds(position, tells)).unwrap_or(at);
    let mut block =
        Block::new(Kind::Test, at, last, panic.as_ref().map_or_else(says, |panic| panic.headline));
    block.class = panic.as_ref().and_then(|panic| panic.class.clone());
    block.frames = panic.map(|panic| panic.frames).unwrap_or_default();
    block.test = Some(String::from_utf8_lossy(&captures["test"]).into_owned());
    Some(block)
}

/// `file.cc:12: Failure` up to `[  FAILED  ] Suite.Test (3 ms)`.
fn gtest(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    static HEAD: OnceLock<Regex> = OnceLock::new();
    static END: OnceLock<Regex> = OnceLock::new();
    let head = regex(
        &HEAD,
        r"^(?P<file>\S+)(?::|\()(?P<line>\d+)\)?: (?:Failure|error: )$|^(?P<file2>\S+):(?P<line2>\d+): Failure",
    );
    let end = regex(&END, r"^\[  FAILED  \] (?P<test>\S+)");
    if !head.is_match(pieces.text(at)) {
        return None;
    }
    let mut last = at;
    for (position, piece) in pieces.iter().enumerate().skip(at + 1).take(60) {
        if head.is_match(piece.text()) || piece.text().starts_with(b"[ RUN") {
            break;
        }
        if let Some(captures) = end.captures(piece.text()) {
            let mut block = gtest_block(pieces, at, position);
            block.test = Some(String::from_utf8_lossy(&captures["test"]).trim_end_matches(',').to_owned());
            return Some(block);
        }
        if !piece.is_blank() {
            last = position;
        }
    }
    Some(gtest_block(pieces, at, last.min(at + 8)))
}

fn gtest_block(pieces: &[Piece<'_>], at: usize, last: usize) -> Block {
    let headline = (at + 1..=last).find(|&position| pieces.told(position)).unwrap_or(at);
    let mut block = Block::new(Kind::Test, at, last, headline);
    block.frames = pieces.get(at).and_then(Piece::frame).into_iter().collect();
    let below =
        pieces.part(..=last).iter().skip(headline + 1).map(|piece| String::from_utf8_lossy(piece.text()));
    block.message = Some(compared(&pieces.trimmed(headline), below));
    block
}

/// Lines of one report of testify's.
const TESTIFY: usize = 40;

/// `Error Trace:` and below it, in columns, the error, the test and the caller's own words.
fn testify(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    let trace = pieces.text(at).trim_ascii_start();
    trace.starts_with(b"Error Trace:").then_some(())?;
    let field = |position: usize, name: &[u8]| {
        let rest = pieces.get(position)?.text().trim_ascii_start().strip_prefix(name)?;
        Some(String::from_utf8_lossy(rest).trim().to_owned()).filter(|words| !words.is_empty())
    };
    let indented = |position: &usize| pieces.indent(*position) > 0;
    let last = (at + 1..pieces.len()).take(TESTIFY).take_while(indented).last()?;
    let (headline, message) = (at + 1..=last).find_map(|line| Some((line, field(line, b"Error:")?)))?;
    let mut block = Block::new(Kind::Assertion, at, last, headline);
    block.message = Some(match (at + 1..=last).find_map(|line| field(line, b"Messages:")) {
        Some(words) => format!("{message}: {words}"),
        None => message,
    });
    block.test = (at + 1..=last).find_map(|line| field(line, b"Test:"));
    Some(block)
}

/// Lines that tell more of a test after the line with its unexpected status.
const STATUS_DETAIL: usize = 3;

/// `TEST-UNEXPECTED-FAIL | path | words` and the few lines that tell more, as the harnesses of
/// Firefox and its kin print it.
fn status(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    static HEAD: OnceLock<Regex> = OnceLock::new();
    let head = regex(&HEAD, r"\bTEST-UNEXPECTED-\w+ \| (?P<test>[^|]+?) \|");
    let captures = head.captures(Some(pieces.text(at)).filter(|text| head.is_match(text))?)?;
    let begins_test = |piece: &Piece<'_>| memchr::memmem::find(piece.text(), b"TEST-").is_some();
    let detail = pieces.part(at + 1..).iter().take(STATUS_DETAIL);
    let detail = detail.enumerate().take_while(|(place, piece)| *place == 0 || !begins_test(piece)).count();
    let mut block = Block::new(Kind::Test, at, at + detail, at);
    block.test = Some(String::from_utf8_lossy(&captures["test"]).into_owned());
    Some(block)
}

/// Lines of a reason at the most.
const REASON: usize = 20;

/// `ring_SUITE:pops failed on line 31` and `Reason: torn` below it, as Erlang's Common Test prints it.
fn case_failed(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    static HEAD: OnceLock<Regex> = OnceLock::new();
    let head = regex(&HEAD, r"^(?P<test>\w+:\w+(?:/\d+)?) failed(?: on line \d+)?$");
    let captures = head.captures(pieces.text(at))?;
    let reason = at + 1;
    let says = pieces.get(reason)?.text().trim_ascii_start().starts_with(b"Reason: ");
    let more = pieces.iter().skip(reason + 1).take(REASON).take_while(|piece| piece.indent() > 0).count();
    let mut block = Block::new(Kind::Test, at, reason + more, reason);
    block.test = Some(String::from_utf8_lossy(&captures["test"]).into_owned());
    says.then_some(block)
}

#[cfg(test)]
mod tests {
    use crate::facts::failures::assemble;
    use crate::text::lines::Index;
    use crate::text::records::Reader;

    #[test]
    fn a_section_names_its_test_and_holds_its_lines() {
        for (log, expected, why) in [
            (
                "Failure:\nRingTest#test_pop [ring_test.rb:31]:\nExpected: 3\n  Actual: 4\n\nbin/test ring_test.rb:31\n",
                ("RingTest#test_pop", 1, 4),
                "Minitest",
            ),
            (
                "pops(acme.RingTest)  Time elapsed: 0.1 sec  <<< ERROR!\nacme.RingException: torn\n\tat acme.Ring.pop(Ring.java:3)\n\n",
                ("pops(acme.RingTest)", 1, 3),
                "Surefire",
            ),
            (
                "1) RingTest::pops\nThe ring failed: torn\n\n/w/src/Ring.php:71\n/w/tests/RingTest.php:31\n\nOK\n",
                ("RingTest::pops", 1, 5),
                "PHPUnit's places stand below a blank line",
            ),
            (
                "__ ERROR at setup of test_pop[8] __\n>       pop()\nE       RingError: torn\n\n/w/ring.py:31: RingError\n\n_ test_push _\nE       RingError: lost\n= 2 failed in 0.1s =\n",
                ("ERROR at setup of test_pop[8]", 1, 5),
                "pytest on a narrow terminal, two marks and one",
            ),
        ] {
            let events = assemble(&Index::new(log.as_bytes()), &Reader::guess(log.as_bytes()));
            let found = events
                .iter()
                .find_map(|event| Some((event.test.as_deref()?, event.first_line, event.last_line)));
            assert_eq!(found, Some(expected), "{why}: {log}");
        }
    }
}
