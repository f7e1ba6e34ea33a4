//! GitHub Actions: the receipt time before every line, and workflow commands.

use memchr::memmem;

use super::super::{Level, Marker, scan, times};
use super::Peeled;

/// The mark that some tools put at the start of a UTF-8 file.
pub const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The colour in which the runner echoes the script of a step.
const SCRIPT_COLOUR: &[u8] = b"\x1b[36;1m";

pub fn peel(text: &[u8]) -> Option<Peeled<'_>> {
    match text.first()? {
        b'0'..=b'9' => time(text),
        b'#' => hashes(text),
        b':' => colons(text),
        b'[' => text.strip_prefix(b"[command]").map(|rest| Peeled::marked(rest, Marker::Command)),
        0x1b => script(text),
        _ => text.strip_prefix(BYTE_ORDER_MARK).map(Peeled::plain),
    }
}

/// `2026-11-22T10:14:52.0560358Z ` and, as an empty line has no blank, the time alone.
fn time(text: &[u8]) -> Option<Peeled<'_>> {
    let nanos = times::github(text)?;
    let rest = text.get(times::GITHUB_LENGTH..)?;
    Some(Peeled::received(scan::skip_blank(rest), nanos))
}

/// `##[error]…` as logs show workflow commands.
fn hashes(text: &[u8]) -> Option<Peeled<'_>> {
    let inside = text.strip_prefix(b"##[")?;
    let end = inside.iter().take(16).position(|&byte| byte == b']')?;
    command(inside.get(..end)?, inside.get(end + 1..)?)
}

/// `::error file=ring.c,line=7::…` as programs write workflow commands.
fn colons(text: &[u8]) -> Option<Peeled<'_>> {
    let inside = text.strip_prefix(b"::")?;
    let end = memmem::find(inside, b"::")?;
    let head = inside.get(..end)?;
    let name = head.get(..scan::run(head, |byte| byte != b' '))?;
    command(name, inside.get(end + 2..)?)
}

fn command<'a>(name: &[u8], rest: &'a [u8]) -> Option<Peeled<'a>> {
    Some(match name {
        b"group" => Peeled::marked(rest, Marker::Begin),
        b"endgroup" => Peeled::marked(rest, Marker::End),
        b"error" => Peeled::marked(rest, Marker::Error),
        b"warning" => Peeled::marked(rest, Marker::Warning),
        b"command" => Peeled::marked(rest, Marker::Command),
        b"notice" => Peeled::level(rest, Level::Info),
        b"debug" => Peeled::level(rest, Level::Debug),
        _ => return None,
    })
}

/// A script line that the runner echoes before it runs the script: wholly in one colour.
fn script(text: &[u8]) -> Option<Peeled<'_>> {
    let inside = text.strip_prefix(SCRIPT_COLOUR)?;
    let end = inside.trim_ascii_end().strip_suffix(b"\x1b[0m")?;
    memchr::memchr(0x1b, end).is_none().then(|| Peeled::marked(end, Marker::Command))
}
