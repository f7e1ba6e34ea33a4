//! GitLab CI: sections, and the receipt time with the stream's number.

use super::super::{Marker, scan, times};
use super::Peeled;

/// What GitLab's runner writes to clear the line in a terminal.
const CLEAR: &[u8] = b"\x1b[0K";

pub fn peel(text: &[u8]) -> Option<Peeled<'_>> {
    match text.first()? {
        b'0'..=b'9' => time(text),
        _ => {
            let inside = text.strip_prefix(b"\r").unwrap_or(text);
            section(inside.strip_prefix(CLEAR).unwrap_or(inside))
        }
    }
}

/// `2026-11-22T10:14:52.056035Z 00O `: stream 00, `O`ut or `E`rr, and `+` where the line goes on
/// from the one before.
fn time(text: &[u8]) -> Option<Peeled<'_>> {
    let stamp = times::iso(text)?;
    let tail = text.get(stamp.length..)?.strip_prefix(b" ")?;
    scan::fixed(tail, 0, 2)?;
    let stream = matches!(tail.get(2), Some(b'O' | b'E'));
    let rest = tail.get(3..)?;
    let rest = rest.strip_prefix(b"+").unwrap_or_else(|| scan::skip_blank(rest));
    stream.then(|| Peeled::received(rest, stamp.nanos))
}

/// `section_start:1795342492:build[collapsed=true]\r\x1b[0K`, with the time in seconds.
fn section(text: &[u8]) -> Option<Peeled<'_>> {
    let (marker, rest) = match text.strip_prefix(b"section_start:") {
        Some(rest) => (Marker::Begin, rest),
        None => (Marker::End, text.strip_prefix(b"section_end:")?),
    };
    let (seconds, digits) = scan::number(rest)?;
    let name = rest.get(digits..)?.strip_prefix(b":")?;
    let length = scan::run(name, |byte| byte != b'\r' && byte != 0x1b);
    let rest = name.get(length..)?;
    let rest = rest.strip_prefix(b"\r").unwrap_or(rest);
    let rest = rest.strip_prefix(CLEAR).unwrap_or(rest);
    let received = i64::try_from(seconds).ok()?.checked_mul(1_000_000_000);
    // A section that ends shows nothing; its name is then all that the line says.
    let shown = if rest.trim_ascii().is_empty() { name.get(..length)? } else { rest };
    Some(Peeled { received, ..Peeled::marked(shown, marker) })
}
