//! The parts of a log that are worth reading line by line: what stands round its hot lines.

use crate::lines::Index;
use crate::records::{Actor, Reader, Record};

use super::set::Set;
use super::shapes::{Shape, shapes};
use super::vocabulary::{Word, classes};

/// One line, read closely.
#[derive(Clone, Debug)]
pub struct Piece<'a> {
    pub record: Record<'a>,
    /// The classes of its words.
    pub words: Set,
    /// How it looks.
    pub shape: Set,
    /// How far its text is indented, in columns; a tab counts as eight.
    pub indent: usize,
}

impl<'a> Piece<'a> {
    /// Reads one line.
    pub fn new(record: Record<'a>) -> Self {
        let words = classes(&record.message);
        let shape = shapes(&record.message);
        let indent = indentation(&record.message);
        Self { record, words, shape, indent }
    }

    pub fn number(&self) -> u64 {
        self.record.line.number
    }

    pub fn text(&self) -> &[u8] {
        &self.record.message
    }

    /// Returns the text without outer blanks, invalid UTF-8 replaced.
    pub fn trimmed(&self) -> String {
        String::from_utf8_lossy(self.text().trim_ascii()).into_owned()
    }

    pub fn says(&self, word: Word) -> bool {
        self.words.contains(word as u32)
    }

    pub fn looks(&self, shape: Shape) -> bool {
        self.shape.contains(shape as u32)
    }

    /// Returns true if and only if the line as stored turns the terminal's colour to red.
    pub fn is_red(&self) -> bool {
        let raw = self.record.line.bytes;
        memchr::memchr_iter(0x1b, raw).any(|escape| {
            let end = memchr::memchr(b'm', &raw[escape..]).unwrap_or(0).min(16);
            raw[escape..escape + end]
                .split(|byte| matches!(byte, b'[' | b';'))
                .any(|code| matches!(code, b"31" | b"91" | b"41"))
        })
    }

    pub fn is_blank(&self) -> bool {
        self.text().trim_ascii().is_empty()
    }
}

fn indentation(text: &[u8]) -> usize {
    let blanks = text.iter().take_while(|byte| matches!(byte, b' ' | b'\t'));
    blanks.map(|byte| if *byte == b'\t' { 8 } else { 1 }).sum()
}

/// Lines kept before and after a hot line, so that heads and tails of reports are seen.
const BEFORE: u64 = 12;
const AFTER: u64 = 40;

/// Lines read closely in one source at the most. Past this the hot lines nearest to the end win:
/// a log that long and that hot repeats itself.
const LIMIT: u64 = 60_000;

/// Returns the stretches of lines, first and last number, round the `hot` lines, in order.
pub fn stretches(hot: &[u64], lines: u64) -> Vec<(u64, u64)> {
    let mut found: Vec<(u64, u64)> = Vec::new();
    let mut left = LIMIT;
    for &number in hot.iter().rev() {
        let first = number.saturating_sub(BEFORE).max(1);
        let last = (number + AFTER).min(lines);
        match found.last_mut() {
            Some((open, _)) if last + 1 >= *open => {
                left = left.saturating_sub(open.saturating_sub(first));
                *open = first.min(*open);
            }
            _ => {
                left = left.saturating_sub(last - first + 1);
                found.push((first, last));
            }
        }
        if left == 0 {
            break;
        }
    }
    found.reverse();
    found
}

/// Reads the lines `first..=last`.
pub fn read<'a>(index: &Index<'a>, reader: &Reader, first: u64, last: u64) -> Vec<Piece<'a>> {
    index.range(first, last).map(|line| Piece::new(reader.parse(line))).collect()
}

/// Puts the lines of each actor together, so that a stack which others interrupted is whole again.
///
/// Returns one lane where fewer than two actors wrote.
pub fn lanes(pieces: Vec<Piece<'_>>) -> Vec<Vec<Piece<'_>>> {
    let mut actors: Vec<Actor> = Vec::new();
    for piece in &pieces {
        if !piece.record.actor.is_unknown() && !actors.contains(&lane_of(&piece.record.actor)) {
            actors.push(lane_of(&piece.record.actor));
        }
    }
    if actors.len() < 2 || actors.len() > 256 {
        return vec![pieces];
    }
    let mut lanes: Vec<Vec<Piece<'_>>> = vec![Vec::new(); actors.len() + 1];
    for piece in pieces {
        let actor = lane_of(&piece.record.actor);
        let lane = actors.iter().position(|known| *known == actor).map_or(0, |position| position + 1);
        lanes[lane].push(piece);
    }
    lanes.retain(|lane| !lane.is_empty());
    lanes
}

/// Keeps of an actor what tells streams apart; a thread or process id alone does not interleave
/// lines in the middle of a report.
fn lane_of(actor: &Actor) -> Actor {
    Actor { host: None, process: None, thread: None, device: None, ..actor.clone() }
}
