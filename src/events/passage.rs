//! The parts of a log that are worth reading line by line: what stands round its hot lines.

use std::cell::OnceCell;

use crate::lines::{Index, Line};
use crate::records::{Actor, Level, Marker, Reader, Record};

use super::set::Set;
use super::shapes::{Shape, shapes};
use super::vocabulary::{Word, classes};

/// One line of a passage. What it says is read when somebody asks.
#[derive(Clone, Debug)]
pub struct Piece<'a> {
    pub line: Line<'a>,
    reader: &'a Reader,
    /// True if words of failure were seen in it.
    pub hot: bool,
    record: OnceCell<Record<'a>>,
    words: OnceCell<Set>,
    shape: OnceCell<Set>,
}

impl<'a> Piece<'a> {
    /// Returns a line that nobody has looked at yet.
    pub fn new(line: Line<'a>, reader: &'a Reader, hot: bool) -> Self {
        Self { line, reader, hot, record: OnceCell::new(), words: OnceCell::new(), shape: OnceCell::new() }
    }

    pub fn record(&self) -> &Record<'a> {
        self.record.get_or_init(|| self.reader.parse(self.line))
    }

    /// The classes of its words.
    pub fn words(&self) -> Set {
        *self.words.get_or_init(|| classes(self.text()))
    }

    /// How it looks.
    pub fn shape(&self) -> Set {
        *self.shape.get_or_init(|| shapes(self.text()).union(self.said()))
    }

    /// What the CI system or the level column, which are no part of the text, say of the line.
    fn said(&self) -> Set {
        let record = self.record();
        let marked = (record.marker == Some(Marker::Error)).then_some(Shape::CiError);
        let level =
            record.level.map(|level| if level >= Level::Error { Shape::Level } else { Shape::QuietLevel });
        Set::of(marked.into_iter().chain(level).map(|shape| shape as u32))
    }

    /// How far its text is indented, in columns; a tab counts as eight.
    pub fn indent(&self) -> usize {
        indentation(self.text())
    }

    pub fn number(&self) -> u64 {
        self.line.number
    }

    pub fn text(&self) -> &[u8] {
        &self.record().message
    }

    /// Returns the text without outer blanks, invalid UTF-8 replaced.
    pub fn trimmed(&self) -> String {
        String::from_utf8_lossy(self.text().trim_ascii()).into_owned()
    }

    pub fn says(&self, word: Word) -> bool {
        self.words().contains(word as u32)
    }

    pub fn looks(&self, shape: Shape) -> bool {
        self.shape().contains(shape as u32)
    }

    /// Returns true if and only if the line as stored turns the terminal's colour to red.
    pub fn is_red(&self) -> bool {
        let raw = self.line.bytes;
        memchr::memchr_iter(0x1b, raw).any(|escape| {
            let sequence = &raw[escape..raw.len().min(escape + 16)];
            let end = memchr::memchr(b'm', sequence).unwrap_or(0);
            sequence[..end]
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

/// Returns the lines `first..=last`; `hot` are the numbers of those with words of failure.
pub fn read<'a>(index: &Index<'a>, reader: &'a Reader, hot: &[u64], first: u64, last: u64) -> Vec<Piece<'a>> {
    let is_hot = |number: u64| hot.binary_search(&number).is_ok();
    index.range(first, last).map(|line| Piece::new(line, reader, is_hot(line.number))).collect()
}

/// Puts the lines of each actor together, so that a stack which others interrupted is whole again.
///
/// Returns one lane where fewer than two actors wrote hot lines.
pub fn lanes(pieces: Vec<Piece<'_>>) -> Vec<Vec<Piece<'_>>> {
    let mut actors: Vec<Actor> = Vec::new();
    for piece in pieces.iter().filter(|piece| piece.hot && !piece.record().actor.is_unknown()) {
        let actor = lane_of(&piece.record().actor);
        if !actors.contains(&actor) {
            actors.push(actor);
        }
    }
    if actors.len() < 2 || actors.len() > 256 {
        return vec![pieces];
    }
    let mut lanes: Vec<Vec<Piece<'_>>> = vec![Vec::new(); actors.len() + 1];
    for piece in pieces {
        let actor = lane_of(&piece.record().actor);
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
