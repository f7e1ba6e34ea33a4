//! One line of the part of a log that is read line by line, and the lanes in which actors write.

use std::cell::OnceCell;
use std::rc::Rc;

use crate::text::lines::Line;
use crate::text::records::{Level, Marker, Reader, Record};

use super::line_cache::{Known, Traits};
use super::{Frame, Set, Shape, Word};

/// One line of a passage. What it says is read when somebody asks.
#[derive(Clone, Debug)]
pub struct Piece<'a> {
    pub line: Line<'a>,
    reader: &'a Reader,
    /// True if words of failure were seen in it.
    pub hot: bool,
    /// True if a mark was seen in it with which a report may begin.
    pub marked: bool,
    /// Boxed, as most lines of a passage are moved about and never read.
    record: OnceCell<Box<Record<'a>>>,
    known: &'a Known,
    traits: OnceCell<Rc<Traits>>,
}

impl<'a> Piece<'a> {
    /// Returns a line that nobody has looked at yet.
    pub fn new(line: Line<'a>, reader: &'a Reader, known: &'a Known, hot: bool) -> Self {
        Self { line, reader, hot, marked: false, record: OnceCell::new(), known, traits: OnceCell::new() }
    }

    /// Returns what makes lines of the same log into pieces that are not hot.
    pub fn sibling(&self) -> impl Fn(Line<'a>) -> Self + use<'a> {
        let (reader, known) = (self.reader, self.known);
        move |line| Self::new(line, reader, known, false)
    }

    pub fn record(&self) -> &Record<'a> {
        self.record.get_or_init(|| Box::new(self.reader.parse(self.line)))
    }

    fn traits(&self) -> &Traits {
        self.traits.get_or_init(|| self.known.of(self.text()))
    }

    /// The classes of its words.
    pub fn words(&self) -> Set {
        self.traits().words(self.text())
    }

    /// How it looks.
    pub fn shape(&self) -> Set {
        self.traits().shapes(self.text()).union(self.marks())
    }

    /// What the CI system or the level column, which are no part of the text, say of the line.
    fn marks(&self) -> Set {
        let record = self.record();
        let marked = (record.marker == Some(Marker::Error)).then_some(Shape::CiError);
        let level =
            record.level.map(|level| if level >= Level::Error { Shape::Level } else { Shape::QuietLevel });
        Set::of(marked.into_iter().chain(level).map(|shape| shape as u32))
    }

    /// The frame of a stack that it is, if it is one.
    pub fn frame(&self) -> Option<Frame> {
        self.traits().frame(self.text())
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
        self.traits().have(self.text(), shape) || self.marks().contains(shape as u32)
    }

    /// Returns true if and only if the line as stored turns the terminal's colour to red.
    pub fn is_red(&self) -> bool {
        let raw = self.line.bytes;
        memchr::memchr_iter(0x1b, raw).any(|escape| {
            let rest = raw.get(escape..).unwrap_or_default();
            let sequence = rest.get(..16).unwrap_or(rest);
            let end = memchr::memchr(b'm', sequence).unwrap_or(0);
            let codes = sequence.get(..end).unwrap_or_default();
            codes.split(|byte| matches!(byte, b'[' | b';')).any(|code| matches!(code, b"31" | b"91" | b"41"))
        })
    }

    pub fn is_blank(&self) -> bool {
        self.text().trim_ascii().is_empty()
    }
}

fn indentation(text: &[u8]) -> usize {
    let (mut rest, mut columns) = (text, 0);
    loop {
        (rest, columns) = match rest {
            [b' ', rest @ ..] => (rest, columns + 1),
            [b'\t', rest @ ..] => (rest, columns + 8),
            // What a browser's copy of a page puts in place of them.
            [0xc2, 0xa0, rest @ ..] | [0xe2, 0x80, 0x80..=0x8a, rest @ ..] => (rest, columns + 1),
            _ => return columns,
        };
    }
}

/// Puts the lines of each actor together, so that a stack which others interrupted is whole again.
///
/// Returns one lane where fewer than two actors wrote hot lines.
pub fn lanes(pieces: Vec<Piece<'_>>) -> Vec<Vec<Piece<'_>>> {
    let mut actors: Vec<Lane> = Vec::new();
    for piece in pieces.iter().filter(|piece| piece.hot && !piece.record().actor.is_unknown()) {
        let actor = lane_of(piece);
        if !actors.contains(&actor) {
            actors.push(actor);
        }
    }
    if actors.len() < 2 || actors.len() > 256 {
        return vec![pieces];
    }
    let mut lanes: Vec<Vec<Piece<'_>>> = vec![Vec::new(); actors.len() + 1];
    let mut before = 0;
    for piece in pieces {
        let actor = lane_of(&piece);
        let own = actors.iter().position(|known| *known == actor).map(|position| position + 1);
        // A report of a process may go on in lines without its name.
        let lane = own.unwrap_or(if actor == Lane::default() { before } else { 0 });
        let by_process =
            lane.checked_sub(1).and_then(|at| actors.get(at)).is_some_and(|lane| lane.2.is_some());
        before = if by_process { lane } else { 0 };
        if let Some(lane) = lanes.get_mut(lane) {
            lane.push(piece);
        }
    }
    lanes.retain(|lane| !lane.is_empty());
    lanes
}

/// What tells streams apart: the rank, the worker, and the process of a named host. A thread or process id alone does
/// not interleave lines in the middle of a report.
type Lane = (Option<u64>, Option<u64>, Option<(String, u64)>);

fn lane_of(piece: &Piece<'_>) -> Lane {
    // What a test runner marks is a message: the worker that it names did not write it.
    if piece.looks(Shape::PytestError) {
        return Lane::default();
    }
    let actor = &piece.record().actor;
    (actor.rank, actor.worker, actor.host.clone().zip(actor.process))
}
