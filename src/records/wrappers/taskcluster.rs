//! Taskcluster, Mozilla's CI: `[task 2026-11-22T10:14:52.056Z] `.

use super::super::{scan, times};
use super::Peeled;

pub fn peel(text: &[u8]) -> Option<Peeled<'_>> {
    let inside = text.strip_prefix(b"[")?;
    let source = scan::run(inside, |byte| byte.is_ascii_lowercase() || byte == b':');
    if !inside.starts_with(b"task") && !inside.starts_with(b"setup") && !inside.starts_with(b"fetches") {
        return None;
    }
    let time = inside.get(source..)?.strip_prefix(b" ")?;
    let stamp = times::iso(time)?;
    let rest = time.get(stamp.length..)?.strip_prefix(b"]")?;
    Some(Peeled::received(scan::skip_blank(rest), stamp.nanos))
}
