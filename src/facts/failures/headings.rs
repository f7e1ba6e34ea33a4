//! Failures whose first line only announces what the lines below tell.

use std::sync::LazyLock;

use serde::Deserialize;

use super::block::Block;
use super::event::Report;
use super::line_view::Piece;
use super::shapes::Shape;
use crate::rules::Wordings;

const DATA: &str = include_str!("../../rules/headings.toml");

/// Lines below a heading in which its message is sought.
const BELOW: usize = 10;

#[derive(Deserialize)]
struct Row {}

static TABLE: LazyLock<Wordings<Row>> = LazyLock::new(|| Wordings::embedded(DATA));

/// Returns true if and only if the line only announces what failed.
pub fn is_heading(text: &[u8]) -> bool {
    TABLE.matches(bare(text)).next().is_some()
}

/// A line without the mark that pytest puts before the words of an error.
fn bare(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"E   ").unwrap_or(text).trim_ascii()
}

/// Gives a block that a heading leads the words that stand below it. Stops where another report or a blank gap begins.
pub fn retitle(pieces: &[Piece<'_>], block: &mut Block) {
    let announced = pieces.get(block.headline + 1).is_some_and(|next| bare(next.text()) == b"info:");
    let leads = announced || pieces.get(block.headline).is_some_and(|head| is_heading(head.text()));
    if !leads || !matches!(block.report, Report::Words) {
        return;
    }
    let below = pieces.iter().enumerate().skip(block.headline + 1).take(BELOW);
    let base = pieces.get(block.headline).map_or(0, Piece::indent);
    // Source and frames are indented deeper than the words that they belong to.
    let mut words = below.take_while(|(_, piece)| !ends(piece)).filter(|(_, piece)| tells(piece, base));
    let Some((position, piece)) = words.next() else { return };
    block.headline = position;
    block.last = block.last.max(position);
    block.message = Some(String::from_utf8_lossy(bare(piece.text())).into_owned());
}

fn ends(piece: &Piece<'_>) -> bool {
    [Shape::Command, Shape::Terminator, Shape::TitledRule, Shape::StepPassed]
        .iter()
        .any(|shape| piece.looks(*shape))
}

fn tells(piece: &Piece<'_>, base: usize) -> bool {
    let announces = is_heading(piece.text()) || piece.looks(Shape::TraceHead);
    let apart = [Shape::Blank, Shape::Frame, Shape::Rule, Shape::Punctuation, Shape::Caret];
    !announces && piece.indent() <= base + 2 && !apart.iter().any(|shape| piece.looks(*shape))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::failures::assemble;
    use crate::rules::check_lines;
    use crate::text::lines::Index;
    use crate::text::records::Reader;

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
            ("error: RING_CHECK @ /w/a.cpp:9: a == b\ninfo:\nthe ring is torn\n", "the ring is torn"),
        ] {
            let events = assemble(&Index::new(log.as_bytes()), &Reader::default());
            assert_eq!(events.first().map(|event| event.message.as_str()), Some(title), "{log}");
        }
    }
}
