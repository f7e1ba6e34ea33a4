//! Travis CI: folds and timers, mixed into the lines with carriage returns.

use super::super::{Marker, scan};
use super::Peeled;

/// What Travis writes after each mark to clear the line in a terminal.
const CLEAR: &[u8] = b"\x1b[0K";

pub fn peel(text: &[u8]) -> Option<Peeled<'_>> {
    let inside = unclear(text);
    let mark = inside.strip_prefix(b"travis_")?;
    let length = scan::run(mark, |byte| byte != b'\r' && byte != 0x1b);
    let (words, rest) = (mark.get(..length)?, unclear(mark.get(length..)?));
    let (kind, value) = match words.strip_prefix(b"fold:") {
        Some(fold) => (b'f', fold),
        None => (b't', words.strip_prefix(b"time:")?),
    };
    let (marker, name) = match value.strip_prefix(b"start:") {
        Some(name) => (Marker::Begin, name),
        None => (Marker::End, value.strip_prefix(b"end:")?),
    };
    if kind == b't' {
        return Some(Peeled { received: finish(name), ..Peeled::plain(rest) });
    }
    // A fold that shows nothing is known by its name.
    let shown = if rest.trim_ascii().is_empty() { name } else { rest };
    Some(Peeled::marked(shown, marker))
}

fn unclear(text: &[u8]) -> &[u8] {
    let text = text.strip_prefix(b"\r").unwrap_or(text);
    text.strip_prefix(CLEAR).unwrap_or(text)
}

/// `0b2c:start=1795342492056035801,finish=1795342493056035801,…`: when the command finished.
fn finish(timer: &[u8]) -> Option<i64> {
    let at = memchr::memmem::find(timer, b"finish=")?;
    scan::epoch_nanos(timer.get(at + 7..)?)
}
