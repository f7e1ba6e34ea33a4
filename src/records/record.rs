//! One line, understood on its own.

use std::borrow::Cow;

use super::times::Basis;
use super::wrappers::{self, Peeled, Wrapper};
use super::{Actor, Layers, Level, Marker, header, mentions, scan};
use crate::lines::{Line, clean};

/// More layers than CI systems put round a line; bounds the work on a hostile one.
const MOST_LAYERS: usize = 8;

/// Bytes of one line that are read for their words; no program writes a longer message.
pub const MOST_TEXT: usize = 1 << 20;

/// What one line says.
#[derive(Clone, Debug, PartialEq)]
pub struct Record<'a> {
    /// The line as stored.
    pub line: Line<'a>,
    /// When it was written, in nanoseconds since what `basis` says: the program's own time before
    /// the time of receipt; `None` where the line has no time.
    pub time: Option<i64>,
    /// What `time` counts from.
    pub basis: Basis,
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
/// # use ndlog::{lines::split, records::{Level, parse}};
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
    let rest = outer.map_or(line.bytes, |outer| record.peel_one(outer, line.bytes));
    let rest = bounded(record.peel(rest));
    let cleaned = clean(rest);
    let start = record.read_text(&cleaned, cleaned.len() != rest.len());
    record.message = cut(cleaned, start);
    mentions::complete(&mut record.actor, &record.message);
    record
}

impl<'a> Record<'a> {
    fn of(line: Line<'a>) -> Self {
        Self {
            line,
            time: None,
            basis: Basis::Epoch,
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
        if self.actor.host.is_none() {
            self.actor.host = peeled.service.map(scan::text);
        }
    }

    /// Reads what stands before the message of a line without escapes: the message's start.
    /// `uncovered` says that escapes were taken off, under which more wrappers may lie.
    fn read_text(&mut self, text: &[u8], uncovered: bool) -> usize {
        let mut rest = text;
        for _ in 0..if uncovered { MOST_LAYERS } else { 0 } {
            let Some((wrapper, peeled)) = wrappers::peel(rest) else { break };
            self.note(wrapper, &peeled);
            rest = peeled.rest;
        }
        let header = header::read(rest);
        self.layers.dialect = header.stamp.map(|stamp| stamp.dialect);
        let completed = header.stamp.map(|stamp| stamp.completed(self.received));
        self.time = completed.map(|(nanos, _)| nanos).or(self.received);
        self.basis = completed.map_or(Basis::Epoch, |(_, basis)| basis);
        self.level = self.level.or(header.level);
        self.actor = header.actor.or(std::mem::take(&mut self.actor));
        self.marker = self.marker.or_else(|| command(rest.get(header.length..)?));
        text.len() - rest.len() + header.length
    }
}

/// Returns the part of an endless line that is read: its beginning, or its end where carriage
/// returns overwrite what stands before.
fn bounded(text: &[u8]) -> &[u8] {
    let Some(tail) = text.len().checked_sub(MOST_TEXT).filter(|cut| *cut > 0) else { return text };
    match memchr::memchr(b'\r', &text[tail..text.len() - 1]) {
        Some(_) => &text[tail..],
        None => &text[..MOST_TEXT],
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
