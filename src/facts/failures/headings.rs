//! Failures whose first line only announces what the lines below tell.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{Block, Piece, Report, Role, Shape, WRONG};
use crate::facts::runners::test_line;
use crate::rules::{Embedded, Wordings, table};

const DATA: Embedded = table!("headings");

/// Lines below a heading in which its message is sought.
const BELOW: usize = 10;

#[derive(Deserialize)]
struct Row {
    /// True if the line announces what explains any failure right above it.
    #[serde(default)]
    explains: bool,
}

static TABLE: LazyLock<Wordings<Row>> = LazyLock::new(|| Wordings::embedded(DATA));

/// Returns true if and only if the line only announces what failed.
pub fn is_heading(text: &[u8]) -> bool {
    TABLE.fitting(bare(text)).next().is_some()
}

/// A line without the mark that pytest puts before the words of an error.
fn bare(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"E   ").unwrap_or(text).trim_ascii()
}

/// Gives a block that a heading leads the words that stand below it. Stops where another report or a blank gap begins.
pub fn retitle(pieces: &[Piece<'_>], block: &mut Block) {
    let announced = announced(pieces, block);
    let leads = announced.is_some() || pieces.get(block.headline).is_some_and(|head| is_heading(head.text()));
    if !leads || announced.is_none() && !matches!(block.report, Report::Words) {
        return;
    }
    let begin = announced.unwrap_or(block.headline) + 1;
    let below = pieces.iter().enumerate().skip(begin).take(BELOW);
    let base = pieces.get(block.headline).map_or(0, Piece::indent);
    // Source and frames are indented deeper than the words that they belong to.
    let says = |(at, piece): &(usize, &Piece<'_>)| tells(piece, base) || *at == begin && alarms(piece);
    let mut words = below.take_while(|(_, piece)| !ends(piece)).filter(says);
    let Some((position, piece)) = words.next() else { return };
    block.headline = position;
    block.last = block.last.max(position);
    block.message = Some(String::from_utf8_lossy(bare(piece.text())).into_owned());
    if names(piece) {
        // A list of what failed says how none of it did.
        block.role = Role::Generic;
    }
}

/// Returns where a line stands right below the head of a block that announces what explains it.
fn announced(pieces: &[Piece<'_>], block: &Block) -> Option<usize> {
    let below = pieces.iter().enumerate().skip(block.headline + 1).take(2);
    let mut near = below.take_while(|(_, piece)| !piece.is_blank());
    let explains = |piece: &Piece<'_>| TABLE.fitting(bare(piece.text())).any(|row| row.explains);
    near.find(|(_, piece)| explains(piece)).map(|(at, _)| at)
}

fn ends(piece: &Piece<'_>) -> bool {
    [Shape::Command, Shape::Terminator, Shape::TitledRule, Shape::StepPassed]
        .iter()
        .any(|shape| piece.looks(*shape))
}

fn tells(piece: &Piece<'_>, base: usize) -> bool {
    let announces = is_heading(piece.text()) || piece.looks(Shape::TraceHead);
    let apart = [Shape::Blank, Shape::Frame, Shape::Rule, Shape::Punctuation, Shape::Caret];
    let near = piece.indent() <= base + 2 || names(piece);
    !announces && near && !apart.iter().any(|shape| piece.looks(*shape))
}

/// Returns true for a line of words right below its heading that says itself that something went wrong.
fn alarms(piece: &Piece<'_>) -> bool {
    let apart = [Shape::Frame, Shape::FileLineStart, Shape::Caret, Shape::Gutter, Shape::TraceHead];
    piece.words().meets(WRONG) && !is_heading(piece.text()) && !apart.iter().any(|shape| piece.looks(*shape))
}

/// Returns true for an entry of a list: the name of what failed and nothing else, its place and its name, or a runner's row
/// of a test.
fn names(piece: &Piece<'_>) -> bool {
    let text = piece.text().trim_ascii();
    let bare = text.strip_suffix(b":").unwrap_or(text);
    let name = !bare.contains(&b' ') && bare.iter().any(|byte| b".:/_".contains(byte));
    name && bare.iter().any(u8::is_ascii_alphabetic)
        || is_placed(text)
        || test_line(text).is_some_and(|test| test.stage.is_failure())
}

/// `ring.feature:12  pops when full`: the place of what failed, two blanks and its name.
fn is_placed(text: &[u8]) -> bool {
    let end = memchr::memmem::find(text, b"  ").unwrap_or_default();
    let place = text.get(..end).unwrap_or_default();
    let line = place.rsplit(|byte| *byte == b':').next().unwrap_or_default();
    let file = place.len().saturating_sub(line.len());
    file > 1 && !place.contains(&b' ') && !line.is_empty() && line.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::failures::events_in;
    use crate::rules::check_lines;

    #[test]
    fn each_row_takes_its_lines_and_leaves_the_others() {
        check_lines(DATA, is_heading);
    }

    #[test]
    fn the_first_line_that_tells_is_the_title() {
        for (log, title) in [
            ("CMake Error at ring.cmake:60 (message):\n  Could NOT find Ring\n\n", "Could NOT find Ring"),
            (
                "CMake Error at a.cmake:6 (message):\n\n  Traceback (most recent call last):\n    File \"a.py\", line 1\n      import em\n  RingError: no em\n",
                "RingError: no em",
            ),
            ("FATAL ERROR:\n\nthe ring is torn\n", "FATAL ERROR:"),
            ("ERROR:\nthe ring is torn\n", "the ring is torn"),
            ("Error: torn\n  at ring\n", "Error: torn"),
            (
                "The following tests FAILED:\n\t  3 - ring_pops (Failed)\n\t  4 - ring (Failed)\n",
                "3 - ring_pops (Failed)",
            ),
            ("Error during tests:\n\torg.ring.RingTest\n", "org.ring.RingTest"),
            (
                "terminate called after throwing an instance of 'std::runtime_error'\n  what():  TT_THROW @ /w/a.cpp:9: tt::exception\ninfo:\nthe ring is torn\n",
                "the ring is torn",
            ),
            ("error: RING_CHECK @ /w/a.cpp:9: a == b\ninfo:\nthe ring is torn\n", "the ring is torn"),
        ] {
            let events = events_in(log);
            assert_eq!(events.first().map(|event| event.message.as_str()), Some(title), "{log}");
        }
    }
}
