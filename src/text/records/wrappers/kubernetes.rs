//! Kubernetes and its container runtimes: pod prefixes, and the time of receipt in nanoseconds.

use super::super::{scan, times};
use super::Peeled;

pub fn peel(text: &[u8]) -> Option<Peeled<'_>> {
    match text.first()? {
        b'[' => pod(text),
        _ => time(text),
    }
}

/// `[pod/ring-0/worker] ` of `kubectl logs --prefix`.
fn pod(text: &[u8]) -> Option<Peeled<'_>> {
    let inside = text.strip_prefix(b"[pod/")?;
    let end = memchr::memchr(b']', inside)?;
    let rest = scan::skip_blank(inside.get(end + 1..)?);
    Some(Peeled { service: inside.get(..end), ..Peeled::plain(rest) })
}

/// `2026-11-22T10:14:52.056035801Z ` of `docker logs -t` and `kubectl logs --timestamps`, and
/// `stdout F ` after it in the runtime's own files. Only runtimes write exactly nine digits.
fn time(text: &[u8]) -> Option<Peeled<'_>> {
    let stamp = times::iso(text)?;
    let plausible = stamp.length >= 30 && text.get(10) == Some(&b'T') && text.get(19) == Some(&b'.');
    let rest = text.get(stamp.length..)?;
    let rest = scan::skip_blank(rest);
    let stream = rest.strip_prefix(b"stdout ").or_else(|| rest.strip_prefix(b"stderr "));
    let tagged = stream.and_then(|rest| rest.strip_prefix(b"F ").or_else(|| rest.strip_prefix(b"P ")));
    (plausible || tagged.is_some()).then(|| Peeled::received(tagged.unwrap_or(rest), stamp.nanos))
}
