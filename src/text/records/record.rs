//! One line, understood on its own.

use std::borrow::Cow;

use super::times::{Basis, Timestamp};
use super::wrappers::{self, Peeled, Wrapper};
use super::{Actor, Layers, Level, Marker, header, mentions, scan};
use crate::text::lines::{Line, clean};

/// More layers than CI systems put round a line; bounds the work on a hostile one.
const MOST_LAYERS: usize = 8;

/// Bytes of one line that are read for their words; no program writes a longer message.
pub const MOST_TEXT: usize = 1 << 20;

/// What one line says.
#[derive(Clone, Debug, PartialEq)]
pub struct Record<'a> {
    /// The line as stored.
    pub line: Line<'a>,
    /// When it was written: the program's own time before the time of receipt; `None` where the line
    /// has no time.
    pub when: Option<Timestamp>,
    /// The nanoseconds of `when`, where they may be compared with those of the log's other lines.
    pub time: Option<i64>,
    /// When the CI system got it, in nanoseconds since the Unix epoch.
    pub received: Option<i64>,
    /// The level that the line states.
    pub level: Option<Level>,
    /// Who wrote it.
    pub actor: Actor,
    /// What the CI wrapper says.
    pub marker: Option<Marker>,
    /// The job and the step that the CI wrapper names in every line.
    pub job: Option<&'a [u8]>,
    pub step: Option<&'a [u8]>,
    /// What was found round the message.
    pub layers: Layers,
    /// The words: without escapes, wrapper, time, level column and actor prefix.
    pub message: Cow<'a, [u8]>,
}

/// Reads one line on its own. Never fails: what is not understood stays in the message.
///
/// ```
/// # use ndlog::inner::{Level, parse, split};
/// let line = split(b"2026-11-22T10:14:52.0560358Z [gw3] ERROR | link 4 is down").next().unwrap();
/// let record = parse(line);
/// assert_eq!(&*record.message, b"link 4 is down");
/// assert_eq!((record.actor.worker, record.level), (Some(3), Some(Level::Error)));
/// assert_eq!(record.received, Some(1_795_342_492_056_035_800));
/// ```
pub fn parse(line: Line<'_>) -> Record<'_> {
    parse_in(line, None)
}

/// Reads one line, trying `outer` first as its outermost wrapper.
pub(super) fn parse_in<'a>(line: Line<'a>, outer: Option<Wrapper>) -> Record<'a> {
    let mut record = Record::of(line);
    let (cleaned, start) = record.read(outer);
    record.message = cut(cleaned, start);
    mentions::complete(&mut record.actor, &record.message);
    record
}

/// Returns the words of a line, the same as [`parse_in`] would.
pub(super) fn words_in<'a>(line: Line<'a>, outer: Option<Wrapper>) -> Cow<'a, [u8]> {
    let (cleaned, start) = Record::of(line).read(outer);
    cut(cleaned, start)
}

/// Returns when a line was written and what that counts from, without reading its words; the same
/// as [`parse_in`] would.
pub(super) fn time_in(line: Line<'_>, outer: Option<Wrapper>) -> Option<Timestamp> {
    let mut record = may_bear_time(line).then(|| Record::of(line))?;
    record.read(outer);
    record.when
}

/// Returns when the CI system got a line, without reading what it wraps; the same as [`parse_in`]
/// would.
pub(super) fn received_in(line: Line<'_>, outer: Option<Wrapper>) -> Option<i64> {
    let mut record = may_bear_time(line).then(|| Record::of(line))?;
    record.unwrap(outer);
    record.received
}

fn may_bear_time(line: Line<'_>) -> bool {
    line.bytes.iter().any(u8::is_ascii_digit)
}

impl<'a> Record<'a> {
    fn of(line: Line<'a>) -> Self {
        Self {
            line,
            when: None,
            time: None,
            received: None,
            level: None,
            actor: Actor::default(),
            marker: None,
            job: None,
            step: None,
            layers: Layers::default(),
            message: Cow::Borrowed(&[]),
        }
    }

    /// Reads all that stands before the message: the text without escapes, and where in it the
    /// message starts.
    fn read(&mut self, outer: Option<Wrapper>) -> (Cow<'a, [u8]>, usize) {
        let (text, start) = self.unwrap(outer);
        let start = start + self.read_header(text.get(start..).unwrap_or_default());
        (text, start)
    }

    /// Takes the wrappers off: the text without escapes, and where in it what they wrap starts.
    fn unwrap(&mut self, outer: Option<Wrapper>) -> (Cow<'a, [u8]>, usize) {
        let bytes = self.line.bytes;
        let rest = outer.map_or(bytes, |outer| self.peel_one(outer, bytes));
        let rest = bounded(self.peel(rest));
        let quoted = self.layers.has(Wrapper::Colcon) && rest.contains(&b'\\');
        if quoted {
            return (Cow::Owned(clean(&wrappers::unescape(rest)).into_owned()), 0);
        }
        let cleaned = clean(rest);
        // Under escapes more wrappers may lie.
        let start = if cleaned.len() == rest.len() { 0 } else { self.peel_cleaned(&cleaned) };
        (cleaned, start)
    }

    /// Takes one wrapper off where it is there.
    fn peel_one(&mut self, wrapper: Wrapper, text: &'a [u8]) -> &'a [u8] {
        let Some(peeled) = wrapper.peel(text) else { return text };
        self.take(wrapper, &peeled);
        peeled.rest
    }

    /// Takes the wrappers off and notes what they say: what lies under them.
    fn peel(&mut self, text: &'a [u8]) -> &'a [u8] {
        let mut rest = text;
        for _ in 0..MOST_LAYERS {
            let Some((wrapper, peeled)) = wrappers::peel(rest) else { break };
            self.take(wrapper, &peeled);
            rest = peeled.rest;
        }
        rest
    }

    fn take(&mut self, wrapper: Wrapper, peeled: &Peeled<'a>) {
        self.job = self.job.or(peeled.job);
        self.step = self.step.or(peeled.step);
        self.note(wrapper, peeled);
    }

    fn note(&mut self, wrapper: Wrapper, peeled: &Peeled<'_>) {
        self.layers.add(wrapper);
        self.received = self.received.or(peeled.received);
        self.marker = self.marker.or(peeled.marker);
        self.level = self.level.or(peeled.level);
        if self.actor.service.is_none() {
            self.actor.service = peeled.service.map(scan::text);
        }
    }

    /// Takes the wrappers off a line without escapes: where what they wrap starts.
    fn peel_cleaned(&mut self, text: &[u8]) -> usize {
        let mut rest = text;
        for _ in 0..MOST_LAYERS {
            let Some((wrapper, peeled)) = wrappers::peel(rest) else { break };
            self.note(wrapper, &peeled);
            rest = peeled.rest;
        }
        text.len() - rest.len()
    }

    /// Reads what stands before the message of a line without wrappers: the message's start.
    fn read_header(&mut self, text: &[u8]) -> usize {
        let header = header::read(text);
        self.layers.dialect = header.stamp.map(|stamp| stamp.dialect);
        let received = self.received.map(|nanos| Timestamp { nanos, basis: Basis::Epoch });
        self.when = header.stamp.map(|stamp| stamp.completed(self.received)).or(received);
        self.time = self.when.map(|when| when.nanos);
        self.level = self.level.or(header.level);
        self.actor = header.actor.or(std::mem::take(&mut self.actor));
        self.marker = self.marker.or_else(|| command(text.get(header.length..)?));
        header.length
    }
}

/// Returns the part of an endless line that is read: its beginning, or its end where carriage
/// returns overwrite what stands before.
fn bounded(text: &[u8]) -> &[u8] {
    let Some(tail) = text.len().checked_sub(MOST_TEXT).filter(|cut| *cut > 0) else { return text };
    let end = text.get(tail..).unwrap_or(text);
    match memchr::memchr(b'\r', end.split_last().map_or(end, |(_, before)| before)) {
        Some(_) => end,
        None => text.get(..MOST_TEXT).unwrap_or(text),
    }
}

/// `$ make test` at the front echoes a command, as Travis, GitLab and Buildkite write it.
fn command(message: &[u8]) -> Option<Marker> {
    let echoes = message.starts_with(b"$ ") && message.get(2).is_some_and(u8::is_ascii_graphic);
    echoes.then_some(Marker::Command)
}

/// Drops the first `start` bytes.
fn cut(text: Cow<'_, [u8]>, start: usize) -> Cow<'_, [u8]> {
    match text {
        Cow::Borrowed(bytes) => Cow::Borrowed(bytes.get(start..).unwrap_or_default()),
        Cow::Owned(mut bytes) => {
            bytes.drain(..start.min(bytes.len()));
            Cow::Owned(bytes)
        }
    }
}
