//! Taskcluster, Mozilla's CI: `[task 2026-11-22T10:14:52.056Z] `, and `[taskcluster:error] ` in words of its own.

use super::super::{Marker, scan, times};
use super::Peeled;

pub fn peel(text: &[u8]) -> Option<Peeled<'_>> {
    let inside = text.strip_prefix(b"[")?;
    let source = scan::run(inside, |byte| byte.is_ascii_lowercase() || byte == b':');
    if !inside.starts_with(b"task") && !inside.starts_with(b"setup") && !inside.starts_with(b"fetches") {
        return None;
    }
    let (name, rest) = inside.split_at(source);
    let (rest, received) = match rest.strip_prefix(b" ") {
        Some(time) => {
            let stamp = times::iso(time)?;
            (time.get(stamp.length..)?, Some(stamp.nanos))
        }
        None => (rest, None),
    };
    let rest = scan::skip_blank(rest.strip_prefix(b"]")?);
    match name {
        b"taskcluster:error" => Some(Peeled { received, ..Peeled::marked(rest, Marker::Error) }),
        b"taskcluster:warn" => Some(Peeled { received, ..Peeled::marked(rest, Marker::Warning) }),
        _ => received.map(|nanos| Peeled::received(rest, nanos)),
    }
}
