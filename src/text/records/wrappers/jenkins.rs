//! Jenkins: the timestamper's brackets, pipeline steps and hidden notes.

use memchr::memmem;

use super::super::{Marker, scan, times};
use super::Peeled;

pub fn peel(text: &[u8]) -> Option<Peeled<'_>> {
    note(text).or_else(|| time(text)).or_else(|| pipeline(text))
}

/// `\x1b[8mha:////…\x1b[0m`: a note that the web page shows as a link and a terminal not at all.
fn note(text: &[u8]) -> Option<Peeled<'_>> {
    let inside = text.strip_prefix(b"\x1b[8mha:")?;
    let end = memmem::find(inside, b"\x1b[0m")?;
    inside.get(end + 4..).map(Peeled::plain)
}

/// `[2026-11-22T10:14:52.056Z] `.
fn time(text: &[u8]) -> Option<Peeled<'_>> {
    let inside = text.strip_prefix(b"[")?;
    if inside.get(10) != Some(&b'T') {
        return None;
    }
    let stamp = times::iso(inside)?;
    let rest = inside.get(stamp.length..)?.strip_prefix(b"]")?;
    Some(Peeled::received(scan::skip_blank(rest), stamp.nanos))
}

/// `[Pipeline] stage`, `[Pipeline] { (Build)`, `[Pipeline] }`, `[Pipeline] // stage`.
fn pipeline(text: &[u8]) -> Option<Peeled<'_>> {
    let rest = text.strip_prefix(b"[Pipeline] ")?;
    let marker = match rest.first() {
        Some(b'{') => Some(Marker::Begin),
        Some(b'}') => Some(Marker::End),
        _ => None,
    };
    Some(Peeled { marker, ..Peeled::plain(rest) })
}
