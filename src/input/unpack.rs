//! Unwraps an input layer by layer, down to its logs.

use std::io::{BufRead, BufReader, Cursor, Read};

use super::budget::Budget;
use super::expand::Expanded;
use super::format::Format;
use super::one_pass::OnePass;
use super::place::Place;
use super::spool::{Spooled, spool};
use super::{Bytes, Limits, Source, SourceKind, caret, content, json_lines, returns, tar, utf16, walk, zip};
use crate::error::Problem;

/// One input being unwrapped.
pub(super) struct Unpack<'a> {
    pub(super) limits: &'a Limits,
    pub(super) budget: &'a Budget<'a>,
    /// What was skipped or could not be opened at all.
    problems: Vec<Problem>,
    /// Problems that were only counted, and whether one of them left bytes unread.
    uncounted: (usize, bool),
    visit: &'a mut dyn FnMut(Source),
}

impl<'a> Unpack<'a> {
    pub(super) fn new(limits: &'a Limits, budget: &'a Budget<'a>, visit: &'a mut dyn FnMut(Source)) -> Self {
        Self { limits, budget, problems: Vec::new(), uncounted: (0, false), visit }
    }

    /// Notes what is wrong; of very many problems the first are kept and the others counted.
    pub(super) fn note(&mut self, problem: Problem) {
        if self.problems.len() < self.limits.problems {
            return self.problems.push(problem);
        }
        self.uncounted = (self.uncounted.0 + 1, self.uncounted.1 || problem.incomplete);
    }

    /// Notes the hidden members of an archive, which are left out as in folders.
    pub(super) fn note_hidden(&mut self, place: &Place, count: usize, first: &str) {
        if count > 0 {
            self.note(walk::hidden(&place.name, count, std::iter::once(first)));
        }
    }

    /// Returns what was wrong with the input called `name`.
    pub(super) fn finish(mut self, name: &str) -> Vec<Problem> {
        let (count, incomplete) = self.uncounted;
        if count > 0 {
            let what = format!("has {count} more problems, which are not listed");
            self.problems.push(Problem { incomplete, ..Problem::remark(name, what) });
        }
        self.problems
    }

    /// Unwraps bytes that are all at hand.
    pub(super) fn bytes(&mut self, place: Place, bytes: Bytes) {
        match Format::of(&bytes) {
            None => self.deliver(place, Spooled { bytes, stopped: None }),
            Some(Format::Zip) => self.zip(&place, &bytes),
            Some(format) => self.layer(place, format, &mut OnePass::new(&bytes)),
        }
    }

    /// Unwraps bytes as they come. A reader that failed once must go on failing.
    pub(super) fn stream(&mut self, place: Place, reader: &mut dyn BufRead) {
        let head = peek(reader);
        let format = Format::of(&head);
        let mut whole = Cursor::new(head).chain(reader);
        match format {
            None => {
                let spooled = spool(&mut whole, self.limits.memory_bytes);
                self.deliver(place, spooled);
            }
            Some(Format::Zip) => {
                let spooled = spool(&mut whole, self.limits.memory_bytes);
                if let Some(error) = &spooled.stopped {
                    self.note(Problem::incomplete(&place.name, error.to_string()));
                }
                self.zip(&place, &spooled.bytes);
            }
            Some(format) => self.layer(place, format, &mut whole),
        }
    }

    fn layer(&mut self, place: Place, format: Format, reader: &mut dyn BufRead) {
        if format == Format::Tar {
            if self.may_open(&place, format) {
                tar::members(self, &place, reader);
            }
            return;
        }
        let place = place.compressed();
        if !self.may_open(&place, format) {
            return;
        }
        match Expanded::new(format, reader, self.budget) {
            Ok(expanded) => self.stream(place, &mut BufReader::new(expanded)),
            Err(error) => self.note(Problem::incomplete(&place.name, error.to_string())),
        }
    }

    fn zip(&mut self, place: &Place, bytes: &[u8]) {
        if self.may_open(place, Format::Zip) {
            zip::members(self, place, bytes);
        }
    }

    fn may_open(&mut self, place: &Place, format: Format) -> bool {
        let limit = self.limits.nesting;
        // The last archive that may be opened may hold compressed logs.
        let allowed = match format {
            Format::Tar | Format::Zip => place.nesting < limit,
            _ => place.nesting <= limit,
        };
        if !allowed {
            let what = format!(
                "is {} data inside {limit} layers of archives, the limit; unpack it and give the folder",
                format.name()
            );
            self.note(Problem::incomplete(&place.name, what));
        }
        allowed
    }

    /// Hands out a log, or notes why it is none.
    fn deliver(&mut self, place: Place, spooled: Spooled) {
        let Spooled { mut bytes, stopped } = spooled;
        let mut problems = place.remarks;
        if let Some(error) = stopped {
            let what = format!("only its first {} bytes could be read: {error}", bytes.len());
            problems.push(Problem::incomplete(&place.name, what));
        }
        let foreign = content::foreign(&bytes);
        if let Some(order) = utf16::order(&bytes).filter(|_| foreign.is_none()) {
            problems.push(utf16::remark(&place.name, order));
            let text = self.converted(&place.name, &mut utf16::ToUtf8::new(&bytes, order), &mut problems);
            bytes = text;
        }
        if foreign.is_none() && returns::end_lines(&bytes) {
            problems.push(returns::remark(&place.name));
            let text = self.converted(&place.name, &mut returns::ToNewlines(&bytes), &mut problems);
            bytes = text;
        }
        if let Some(form) = json_lines::form(&bytes).filter(|_| foreign.is_none()) {
            problems.push(json_lines::remark(&place.name, form));
            let text = self.converted(&place.name, &mut json_lines::ToText::new(&bytes, form), &mut problems);
            bytes = text;
        }
        if let Some(form) = caret::form(&bytes).filter(|_| foreign.is_none()) {
            problems.push(caret::remark(&place.name, form));
            let text = self.converted(&place.name, &mut caret::ToEscapes::new(&bytes, form), &mut problems);
            bytes = text;
        }
        if let Some(what) = foreign.or_else(|| content::is_binary(&bytes).then_some("binary data")) {
            let problem = if place.named { Problem::incomplete } else { Problem::remark };
            problems.push(problem(place.name, format!("is no log but {what}; skipped")));
            return problems.into_iter().for_each(|problem| self.note(problem));
        }
        if bytes.is_empty() && problems.is_empty() {
            problems.push(Problem::remark(&place.name, "is empty"));
        }
        let kind = content::kind(&bytes, place.named);
        if kind == SourceKind::Document {
            problems.push(content::document(&place.name));
        }
        (self.visit)(Source { name: place.name, bytes, kind, problems });
    }
}

impl Unpack<'_> {
    /// Keeps what a conversion gives, and says where there was no room for all of it.
    fn converted(&self, name: &str, reader: &mut dyn Read, problems: &mut Vec<Problem>) -> Bytes {
        let Spooled { bytes, stopped } = spool(reader, self.limits.memory_bytes);
        if let Some(error) = stopped {
            let what = format!("only the first {} bytes of its text could be kept: {error}", bytes.len());
            problems.push(Problem::incomplete(name, what));
        }
        bytes
    }
}

/// Returns the first bytes, as many as tell a format. An error shows itself again to whoever
/// reads on.
fn peek(reader: &mut dyn BufRead) -> Vec<u8> {
    let mut head = Vec::with_capacity(Format::LOOK);
    while head.len() < Format::LOOK {
        match reader.fill_buf() {
            Ok([]) => break,
            Ok(buffer) => {
                let length = buffer.len().min(Format::LOOK - head.len());
                head.extend_from_slice(buffer.get(..length).unwrap_or_default());
                reader.consume(length);
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => break,
        }
    }
    head
}
