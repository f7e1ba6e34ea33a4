//! The header that a logging library writes before a message: time, level, actor and logger, in
//! whatever order.

use super::prefix::Before;
use super::times::{self, Basis, Dialect, Stamp};
use super::{Actor, Level, level, pairs, prefix, scan};

/// More columns than any header has; bounds the work on a hostile line.
const MOST_COLUMNS: usize = 8;

/// What a header says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Header {
    pub stamp: Option<Stamp>,
    pub level: Option<Level>,
    pub actor: Actor,
    /// Where the message begins.
    pub length: usize,
    /// True if a column named a process on a host, which only headers do.
    named: bool,
    /// True if the last column ended with a bar.
    barred: bool,
}

/// Reads the header at the front of `text`, column by column.
pub fn read(text: &[u8]) -> Header {
    let mut header = Header::default();
    if let Some(found) = pairs::json(text) {
        return Header { stamp: found.stamp, level: found.level, ..header };
    }
    for _ in 0..MOST_COLUMNS {
        let Some(rest) = text.get(header.length..) else { break };
        let Some(taken) = header.column(rest) else { break };
        header.length += taken;
    }
    header
}

impl Header {
    /// Takes one column and the separator after it off the front: their length, or `None` where
    /// the message begins.
    fn column(&mut self, text: &[u8]) -> Option<usize> {
        let blanks = scan::blanks(text);
        let body = text.get(blanks..).filter(|body| !body.is_empty())?;
        // Indentation before anything else belongs to a stack or a listing; only the padded
        // logger column of loguru-like headers begins so.
        let length = if blanks > 0 && self.length == 0 {
            self.logger(body)?
        } else {
            self.time(body)
                .or_else(|| self.level(body))
                .or_else(|| self.pair(body))
                .or_else(|| self.actor(body))
                .or_else(|| self.logger(body))
                .or_else(|| self.place(body))
                .or_else(|| self.category(body))?
        };
        let after = body.get(length..)?;
        let gap = separator(after);
        self.barred = after.get(..gap)?.contains(&b'|');
        Some(blanks + length + gap)
    }

    /// Returns true if and only if a column before this place shows that this is a header.
    fn framed(&self) -> bool {
        self.stamp.is_some() || self.named
    }

    fn time(&mut self, body: &[u8]) -> Option<usize> {
        if self.stamp.is_some_and(|stamp| stamp.dialect != Dialect::Supercomputer) {
            return None;
        }
        if let Some(found) = times::composed(body) {
            self.stamp = Some(found.stamp);
            self.level = Some(found.level);
            let actor =
                Actor { process: found.process, thread: found.thread.map(scan::text), ..Actor::default() };
            self.actor = std::mem::take(&mut self.actor).or(actor);
            return Some(found.stamp.length);
        }
        let stamp = times::read(body)?;
        self.stamp = Some(stamp);
        Some(stamp.length)
    }

    fn level(&mut self, body: &[u8]) -> Option<usize> {
        if self.level.is_some() {
            return None;
        }
        let found = level::column(body, self.framed())?;
        self.level = Some(found.level);
        if found.length == 0 {
            return self.level_then_time(body);
        }
        Some(found.length)
    }

    /// `INFO 03-10 08:42:58`: a bare level is a column where a time follows it.
    fn level_then_time(&mut self, body: &[u8]) -> Option<usize> {
        let word = scan::run(body, |byte| byte.is_ascii_uppercase());
        let rest = body.get(word..).filter(|_| word > 2)?;
        let blanks = scan::blanks(rest);
        let stamp = rest.get(blanks..).filter(|_| blanks > 0).and_then(times::read)?;
        self.stamp = Some(stamp);
        Some(word + blanks + stamp.length)
    }

    fn pair(&mut self, body: &[u8]) -> Option<usize> {
        let found = pairs::logfmt(body)?;
        self.stamp = found.stamp.or(self.stamp);
        self.level = found.level.or(self.level);
        Some(found.length)
    }

    fn actor(&mut self, body: &[u8]) -> Option<usize> {
        let found = prefix::read(body, self.before())?;
        self.named |= found.actor.host.is_some() && found.actor.process.is_some();
        self.level = found.level.or(self.level);
        self.actor = std::mem::take(&mut self.actor).or(found.actor);
        Some(found.length)
    }

    fn before(&self) -> Before {
        match self.stamp {
            None => Before::Nothing,
            // A host is named once: what follows is the message, whatever looks like a second one.
            Some(stamp) if stamp.dialect == Dialect::Syslog && self.actor.host.is_none() => Before::Syslog,
            Some(stamp) if stamp.dialect == Dialect::Syslog => Before::Message,
            Some(stamp) if stamp.basis == Basis::Monotonic => Before::Kernel,
            Some(_) => Before::Header,
        }
    }

    /// `ring.c:238 `, `[core.py:968] ` and loguru's `ring.core:run:12 - `: the place in the source that logged.
    fn place(&self, body: &[u8]) -> Option<usize> {
        let uses_places = |stamp: Stamp| stamp.dialect != Dialect::Syslog && stamp.basis != Basis::Monotonic;
        let framed = self.named || self.barred || self.stamp.is_some_and(uses_places);
        // Without a level before it a bare place may as well be a frame, or what the message tells of.
        let bare = self.named || self.level.is_some();
        let length = framed.then(|| place(body, self.barred)).flatten()?;
        (bare || body.starts_with(b"[") || body.starts_with(b"{")).then_some(length)
    }

    /// `Always | `: the category after the level, where bars part the columns.
    fn category(&self, body: &[u8]) -> Option<usize> {
        let name = scan::run(body, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
        let barred = self.framed() && self.level.is_some() && self.barred;
        let ends = body.get(name..).is_some_and(|rest| rest.trim_ascii_start().starts_with(b"| "));
        (barred && ends && (1..=32).contains(&name)).then_some(name)
    }

    /// `__main__ - INFO - `, `ttnn.ops | DEBUG | `: a logger's name, where a level follows it.
    fn logger(&mut self, body: &[u8]) -> Option<usize> {
        if self.level.is_some() {
            return None;
        }
        let name = scan::run(body, |byte| byte.is_ascii_graphic() && byte != b'|').min(96);
        let gap = separator(body.get(name..)?);
        let after = body.get(name + gap..)?;
        let after_blanks = scan::blanks(after);
        let barred = body.get(name..name + gap)?.contains(&b'|');
        let found = level::column(after.get(after_blanks..)?, self.framed())?;
        let fits = name > 0 && gap > 0 && found.length > 0 && (self.framed() || barred);
        fits.then(|| {
            self.level = Some(found.level);
            name + gap + after_blanks + found.length
        })
    }
}

/// Returns the length of the place in a source file at the front of `text`. After a `barred` column a name and a
/// function will do.
fn place(text: &[u8], barred: bool) -> Option<usize> {
    let braced = || text.strip_prefix(b"{")?.split(|byte| *byte == b'}').next();
    if let Some(inside) = scan::bracketed(text).or_else(braced) {
        return file_and_line(inside).filter(|length| *length == inside.len()).map(|length| length + 2);
    }
    let length = scan::run(text, |byte| byte.is_ascii_graphic());
    let word = text.get(..length)?;
    let rest = text.get(length..)?;
    let (_, line) = scan::rsplit_once(word, b':')?;
    let function = barred && rest.starts_with(b" - ") && scan::whole_number(line).is_some();
    // One blank and a word like `in` follows where the place is what the message tells of.
    let is_named = rest.starts_with(b" in ") || rest.starts_with(b" +0x") || word.starts_with(b"/");
    let column = rest.starts_with(b" ") && !is_named && file_and_line(word) == Some(length);
    (function || column).then_some(length)
}

/// Returns the length of `name.ext:12` at the front of `text`.
fn file_and_line(text: &[u8]) -> Option<usize> {
    let is_path = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/' | b'+');
    let name = scan::run(text, is_path);
    let (_, extension) = scan::rsplit_once(text.get(..name)?, b'.')?;
    let (_, digits) = scan::number(text.get(name..)?.strip_prefix(b":")?)?;
    let plausible =
        (1..=5).contains(&extension.len()) && extension.first()?.is_ascii_alphabetic() && digits <= 6;
    plausible.then_some(name + 1 + digits)
}

/// Returns the length of what separates a column from the next: a mark between blanks, or one
/// blank. Further blanks are left, as they may be the message's own.
fn separator(text: &[u8]) -> usize {
    let blanks = scan::blanks(text);
    let mark = text.get(blanks).filter(|byte| matches!(byte, b'|' | b'-' | b':' | b','));
    let after = text.get(blanks + 1);
    match (mark, after) {
        (Some(b':'), Some(b':')) => 0,
        (Some(_), None) => blanks + 1,
        (Some(b'|'), Some(b' ')) => blanks + 2 + padding(text.get(blanks + 2..).unwrap_or_default()),
        (Some(_), Some(b' ' | b'\t')) => blanks + 2,
        (Some(b'|'), Some(next)) if blanks == 0 && *next != b'|' => 1,
        _ => blanks.min(1),
    }
}

/// Returns how many blanks pad the next column on its left: only where a bar shows it to be one.
fn padding(text: &[u8]) -> usize {
    let blanks = scan::blanks(text);
    let column = text.get(blanks..).unwrap_or_default();
    let name = scan::run(column, |byte| byte.is_ascii_graphic() && byte != b'|');
    let barred = name > 0 && column.get(name..).is_some_and(|rest| rest.starts_with(b" | "));
    if barred { blanks } else { 0 }
}
