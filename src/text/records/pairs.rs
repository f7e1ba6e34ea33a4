//! Times and levels in lines of keys and values: logfmt and JSON.

use memchr::{memchr, memmem};

use super::times::{self, Stamp};
use super::{Level, scan};

/// What a structured line says of itself.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Found {
    pub stamp: Option<Stamp>,
    pub level: Option<Level>,
    /// How many bytes of the front are said by the two above.
    pub length: usize,
}

/// Reads `time="…"`, `level=warn` and their like at the front of a logfmt line, one pair a call.
pub fn logfmt(text: &[u8]) -> Option<Found> {
    let key = text.get(..scan::run(text, |byte| byte.is_ascii_lowercase()))?;
    let value = text.get(key.len()..)?.strip_prefix(b"=")?;
    let start = usize::from(value.first() == Some(&b'"'));
    let inside = value.get(start..)?;
    let end = if start == 1 { memchr(b'"', inside)? } else { scan::run(inside, |byte| byte != b' ') };
    let inside = inside.get(..end)?;
    let length = key.len() + 1 + end + 2 * start;
    match key {
        b"time" | b"ts" | b"t" | b"timestamp" => {
            let stamp = times::read(inside).filter(|stamp| stamp.length == inside.len())?;
            Some(Found { stamp: Some(stamp), level: None, length })
        }
        b"level" | b"lvl" | b"severity" => {
            Some(Found { level: Some(Level::from_word(inside)?), stamp: None, length })
        }
        _ => None,
    }
}

/// Reads the time and level of a JSON object that fills the line. The object stays the message.
pub fn json(text: &[u8]) -> Option<Found> {
    if !text.starts_with(b"{\"") || !text.trim_ascii_end().ends_with(b"}") {
        return None;
    }
    let level = ["\"level\":", "\"severity\":", "\"lvl\":", "\"levelname\":"]
        .into_iter()
        .find_map(|key| Level::from_word(value(text, key)?));
    let stamp = ["\"time\":", "\"ts\":", "\"timestamp\":", "\"@timestamp\":"]
        .into_iter()
        .find_map(|key| times::read(value(text, key)?));
    (level.is_some() || stamp.is_some()).then_some(Found { stamp, level, length: 0 })
}

/// Returns the string or number after `key`, without quotes.
fn value<'a>(text: &'a [u8], key: &str) -> Option<&'a [u8]> {
    let rest = text.get(memmem::find(text, key.as_bytes())? + key.len()..)?.trim_ascii_start();
    match rest.strip_prefix(b"\"") {
        Some(string) => string.get(..memchr(b'"', string)?),
        None => rest.get(..scan::run(rest, |byte| byte.is_ascii_digit() || byte == b'.')),
    }
}
