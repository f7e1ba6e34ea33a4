//! Colours whose escapes were written out as `^[`, as `cat -v` and some collectors of logs do, or as the picture of one.

use std::io::{self, Read};

use memchr::memmem::Finder;

use crate::error::Problem;

/// How an escape and the bracket behind it are written out.
const FORMS: [&str; 2] = ["^[[", "\u{241b}["];

/// Colours from which on a log is taken to have its escapes written out: a program may print one.
const ENOUGH: usize = 3;
/// Bytes in which they are sought.
const LOOK: usize = 1 << 20;
/// Bytes of the codes of a colour at the most.
const CODES: usize = 16;

/// Returns how the escapes of a log are written out, if they are.
pub(super) fn form(bytes: &[u8]) -> Option<&'static str> {
    let look = bytes.get(..LOOK).unwrap_or(bytes);
    let is_written_out = |form: &&&str| {
        let finder = Finder::new(form.as_bytes());
        let mut colours = finder.find_iter(look).filter(|at| is_colour(look, at + form.len()));
        colours.nth(ENOUGH - 1).is_some()
    };
    FORMS.iter().find(is_written_out).copied()
}

/// Returns true if the codes of a colour stand at this place.
fn is_colour(bytes: &[u8], at: usize) -> bool {
    let codes = bytes.get(at..).unwrap_or_default().iter().take(CODES);
    codes.copied().find(|byte| !matches!(byte, b'0'..=b'9' | b';')) == Some(b'm')
}

/// Returns the remark that goes with a converted source.
pub(super) fn remark(name: &str, form: &str) -> Problem {
    let what = format!(
        "its escapes are written out as `{form}`: they are read as such, and byte offsets are those of that text"
    );
    Problem::remark(name, what)
}

/// Reads colours that are written out as escapes; all else stays as it is.
pub(super) struct ToEscapes<'a> {
    bytes: &'a [u8],
    form: &'static str,
    finder: Finder<'static>,
    /// Where the next colour is written out.
    next: usize,
    /// What of an escape was not given yet.
    pending: &'static [u8],
    at: usize,
}

impl<'a> ToEscapes<'a> {
    pub(super) fn new(bytes: &'a [u8], form: &'static str) -> Self {
        let mut text = Self { bytes, form, finder: Finder::new(form), next: 0, pending: b"", at: 0 };
        text.next = text.colour(0);
        text
    }

    /// Returns where the first colour at `from` or behind it is written out, or the end.
    fn colour(&self, from: usize) -> usize {
        let rest = self.bytes.get(from..).unwrap_or_default();
        let places = self.finder.find_iter(rest).map(|at| from + at);
        let mut colours = places.filter(|at| is_colour(self.bytes, at + self.form.len()));
        colours.next().unwrap_or(self.bytes.len())
    }
}

impl Read for ToEscapes<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.pending.is_empty() && self.at == self.next && self.at < self.bytes.len() {
            self.pending = b"\x1b[";
            self.at += self.form.len();
            self.next = self.colour(self.at);
        }
        if !self.pending.is_empty() {
            return self.pending.read(buffer);
        }
        let length = self.bytes.get(self.at..self.next).unwrap_or_default().read(buffer)?;
        self.at += length;
        Ok(length)
    }
}
