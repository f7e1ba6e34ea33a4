//! A log as the extractors read it: every line cleaned, with its number and, on demand, its time.

use std::borrow::Cow;

use crate::text::lines::{Line, clean, split};
use crate::text::records::{self, Record};

/// The bytes of one log.
#[derive(Clone, Copy, Debug)]
pub struct Log<'a> {
    /// As findings name it.
    pub source: &'a str,
    pub bytes: &'a [u8],
}

/// One line in plain text, its CI time stamp taken off, its CI markers left on.
#[derive(Clone, Debug)]
pub(super) struct Said<'a> {
    line: Line<'a>,
    pub text: Cow<'a, str>,
}

impl<'a> Said<'a> {
    /// Returns the lines of a log.
    pub fn all(bytes: &'a [u8]) -> Vec<Self> {
        split(bytes).map(Self::new).collect()
    }

    fn new(line: Line<'a>) -> Self {
        let text = match clean(line.bytes) {
            Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
            Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
        };
        let text = match text {
            Cow::Borrowed(text) => Cow::Borrowed(without_stamp(text)),
            Cow::Owned(text) => Cow::Owned(without_stamp(&text).to_owned()),
        };
        Self { line, text }
    }

    /// Returns the 1-based number.
    pub fn number(&self) -> u64 {
        self.line.number
    }

    /// Returns what the line says beside its words.
    pub fn record(&self) -> Record<'a> {
        records::parse(self.line)
    }
}

/// Returns the text after the time of receipt that GitHub Actions writes: `2026-11-22T10:14:52.0560358Z `.
fn without_stamp(text: &str) -> &str {
    const SHAPE: &[u8] = b"0000-00-00T00:00:00.0000000Z";
    let text = text.trim_start_matches('\u{feff}');
    let fits = |(byte, shape): (&u8, &u8)| if *shape == b'0' { byte.is_ascii_digit() } else { byte == shape };
    match text.as_bytes().get(..SHAPE.len()) {
        Some(stamp) if stamp.iter().zip(SHAPE).all(fits) => {
            let rest = text.get(SHAPE.len()..).unwrap_or_default();
            rest.strip_prefix(' ').unwrap_or(rest).trim_end()
        }
        _ => text.trim_end(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_receipt_time_and_colours_go_and_markers_stay() {
        for (line, text) in [
            ("2026-11-22T10:14:52.0560358Z ##[group]Run make", "##[group]Run make"),
            ("\u{feff}2026-11-22T10:14:52.0560358Z \x1b[36;1mmake\x1b[0m\r", "make"),
            ("2026-11-22T10:14:52.0560358Z", ""),
            ("2026-11-22 10:14:52 INFO x", "2026-11-22 10:14:52 INFO x"),
            ("  indented ", "  indented"),
        ] {
            assert_eq!(Said::all(line.as_bytes())[0].text, text);
        }
    }
}
