//! The frames of a kernel's report, in the order in which they were printed.

use std::sync::OnceLock;

use regex::bytes::Regex;

use crate::facts::failures::event::Frame;
use crate::facts::failures::frames::frame;
use crate::facts::failures::line_view::Piece;

/// What stands over a stack.
const TITLES: &[&[u8]] = &[b"Call Trace", b"Call trace", b"acktrace:"];

/// Reads the frames the kernel is sure of, innermost first, the instruction pointer's among them.
/// Frames without the title of a stack over them were torn from another report.
pub fn trace(pieces: &[Piece<'_>]) -> Vec<Frame> {
    let mut found = Vec::new();
    let mut titled = false;
    for piece in pieces {
        let text = piece.text();
        titled |= TITLES.iter().any(|title| memchr::memmem::find(text, title).is_some());
        if let Some(function) = pointer(text) {
            found.push(Frame { function, ..Frame::default() });
        } else if titled && is_frame(text) {
            found.extend(sure(text));
        }
    }
    found
}

/// Returns the function of the instruction pointer, where it was in the kernel.
fn pointer(text: &[u8]) -> Option<String> {
    static FORM: OnceLock<Regex> = OnceLock::new();
    let form = FORM.get_or_init(|| {
        regex(r"(?-u)(?:\bN?IP:? |\bRIP: |\bPC is at |\bpc : |\bepc : )(?:[0-9a-f]{4}:|\d+:)?(?:\[<? ?[0-9a-f]+>?\] *|\[<\(null\)>\] *)*(?P<function>[A-Za-z_][\w.]*)\+0x[0-9a-f]+/")
    });
    let found = form.captures(text)?.name("function")?;
    Some(plain(&String::from_utf8_lossy(found.as_bytes())))
}

fn is_frame(text: &[u8]) -> bool {
    let named = memchr::memmem::find(text, b"+0x").is_some();
    let label = text.starts_with(b"RIP") || text.starts_with(b"LR is") || text.starts_with(b"lr :");
    named && !label && frame(text).is_some()
}

/// A frame with a question mark was only found on the stack.
fn sure(text: &[u8]) -> Option<Frame> {
    let guessed = text.trim_ascii_start().starts_with(b"? ") || memchr::memmem::find(text, b"] ? ").is_some();
    let found = frame(text).filter(|_| !guessed)?;
    Some(Frame { function: plain(&found.function), ..found })
}

/// A function's name without what the compiler adds to its clones.
pub fn plain(function: &str) -> String {
    let ends = [".isra.", ".part.", ".constprop.", ".cold", ".llvm."];
    let end = ends.iter().filter_map(|end| function.find(end)).min().unwrap_or(function.len());
    function[..end].to_owned()
}

fn regex(form: &str) -> Regex {
    Regex::new(form).unwrap_or_else(|error| panic!("{form}: {error}"))
}
