//! A block: the lines of a passage that one assembler claimed, and what it read in them.

use super::markup;
use super::{Event, Frame, Kind, Look, Piece, Report, Role, Set, Shape, TakenBy, is_aside};
use crate::text::lines::clean;

/// Lines that belong together, as positions in a passage.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    pub first: usize,
    /// Inclusive.
    pub last: usize,
    /// The line whose words say it best.
    pub headline: usize,
    pub kind: Kind,
    pub role: Role,
    pub report: Report,
    pub taken_by: TakenBy,
    /// The words that say it best, where they are not simply the headline.
    pub message: Option<String>,
    pub class: Option<String>,
    pub frames: Vec<Frame>,
    /// What tells this report from others of its kind, where its form settles it.
    pub identity: Option<Vec<String>>,
    pub test: Option<String>,
}

impl Block {
    /// Returns a block of the lines `first..=last` that says what `headline` says.
    pub fn new(kind: Kind, first: usize, last: usize, headline: usize) -> Self {
        Self {
            first,
            last,
            headline,
            kind,
            role: Role::Root,
            report: Report::Words,
            taken_by: TakenBy::LastWords,
            message: None,
            class: None,
            frames: Vec::new(),
            identity: None,
            test: None,
        }
    }

    /// Turns positions into lines and bytes; `None` if the block does not lie in these pieces.
    pub fn into_event(self, pieces: &[Piece<'_>]) -> Option<Event> {
        let lines = pieces.get(self.first..=self.last)?;
        let shown = pieces.get(self.first..=paragraph_end(pieces, self.last))?;
        let head = pieces.get(self.headline)?;
        let time = lines.iter().find_map(|piece| piece.record().when);
        let message = self.message.or_else(|| markup::message(head.text())).unwrap_or_else(|| head.trimmed());
        Some(Event {
            kind: self.kind,
            role: self.role,
            report: self.report,
            taken_by: self.taken_by,
            first_line: lines.iter().map(Piece::number).min().unwrap_or_default(),
            last_line: shown.iter().map(Piece::number).max().unwrap_or_default(),
            byte_start: lines.iter().map(|piece| piece.line.start).min().unwrap_or_default(),
            byte_end: shown.iter().map(|piece| piece.line.end()).max().unwrap_or_default(),
            headline: head.number(),
            class: self.class,
            frames: self.frames,
            identity: self.identity,
            test: self.test,
            time,
            actor: head.record().actor.clone(),
            text: lines.iter().take(TEXT_LINES).map(cut).collect(),
            stored: stored(head, &message),
            message,
            look: look(pieces, lines, self.first, head),
        })
    }
}

/// Lines below a block that still belong to its paragraph. Measured 2026-11-22 on failed CI logs of
/// 40 projects: with 6 a reader sees most of what a person marked, with 12 or 25 no more of it.
const TAIL: usize = 6;

/// Returns where the paragraph ends in which the block ends, or `last` where that is far: what
/// stands right below an error tells more of it more often than not.
fn paragraph_end(pieces: &[Piece<'_>], last: usize) -> usize {
    let ends = |piece: &Piece<'_>| {
        piece.is_blank()
            || is_aside(piece.text())
            || piece.looks(Shape::Punctuation) && !piece.looks(Shape::Json)
            || [
                Shape::Tick,
                Shape::Command,
                Shape::Terminator,
                Shape::StepPassed,
                Shape::CiError,
                Shape::ExitNonzero,
                Shape::TitledRule,
            ]
            .iter()
            .any(|shape| piece.looks(*shape))
    };
    let tail = pieces.iter().skip(last + 1).take(TAIL).take_while(|piece| !ends(piece)).count();
    if tail < TAIL { last + tail } else { last }
}

/// Lines of its own text that an event keeps.
const TEXT_LINES: usize = 200;
/// Bytes of a line that an event keeps.
const TEXT_BYTES: usize = 1000;

fn cut(piece: &Piece<'_>) -> String {
    let text = piece.text();
    String::from_utf8_lossy(text.get(..TEXT_BYTES).unwrap_or(text)).trim_end().to_owned()
}

/// Returns the line as stored, without escapes, where the message leaves out part of it.
fn stored(piece: &Piece<'_>, message: &str) -> String {
    let line = clean(piece.line.bytes);
    if line.trim_ascii() == message.as_bytes() {
        return String::new();
    }
    String::from_utf8_lossy(line.get(..TEXT_BYTES).unwrap_or(&line)).trim().to_owned()
}

/// Returns what a block looks like: its `lines`, of which the `first` stands there among the pieces, and its headline.
fn look(pieces: &[Piece<'_>], lines: &[Piece<'_>], first: usize, head: &Piece<'_>) -> Look {
    let body = || lines.iter().filter(|piece| piece.number() != head.number());
    let apart = |neighbour: Option<&Piece<'_>>| neighbour.is_none_or(Piece::is_blank);
    Look {
        head_words: head.words(),
        head_shape: head.shape(),
        body_words: body().fold(Set::default(), |all, piece| all.union(piece.words())),
        body_shape: body().fold(Set::default(), |all, piece| all.union(piece.shape())),
        red: lines.iter().any(Piece::is_red),
        apart_before: apart(first.checked_sub(1).and_then(|before| pieces.get(before))),
        apart_after: apart(pieces.get(first + lines.len())),
        indent: head.indent(),
        ..Look::default()
    }
}
