//! A block: the lines of a passage that one assembler claimed, and what it read in them.

use super::event::{Event, Frame, Kind, Role};
use super::passage::Piece;

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
    /// The words that say it best, where they are not simply the headline.
    pub message: Option<String>,
    pub class: Option<String>,
    pub frames: Vec<Frame>,
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
            message: None,
            class: None,
            frames: Vec::new(),
            test: None,
        }
    }

    /// Turns positions into lines and bytes.
    pub fn into_event(self, pieces: &[Piece<'_>]) -> Event {
        let lines = &pieces[self.first..=self.last];
        let head = &pieces[self.headline];
        let time = lines.iter().find_map(|piece| piece.record.time);
        Event {
            kind: self.kind,
            role: self.role,
            first_line: lines.iter().map(Piece::number).min().unwrap_or_default(),
            last_line: lines.iter().map(Piece::number).max().unwrap_or_default(),
            byte_start: lines.iter().map(|piece| piece.record.line.start).min().unwrap_or_default(),
            byte_end: lines.iter().map(|piece| piece.record.line.end()).max().unwrap_or_default(),
            headline: head.number(),
            message: self.message.unwrap_or_else(|| head.trimmed()),
            class: self.class,
            frames: self.frames,
            test: self.test,
            time,
            actor: head.record.actor.clone(),
            text: lines.iter().take(TEXT_LINES).map(cut).collect(),
        }
    }
}

/// Lines of its own text that an event keeps.
const TEXT_LINES: usize = 200;
/// Bytes of a line that an event keeps.
const TEXT_BYTES: usize = 1000;

fn cut(piece: &Piece<'_>) -> String {
    let text = piece.text();
    String::from_utf8_lossy(&text[..text.len().min(TEXT_BYTES)]).trim_end().to_owned()
}
