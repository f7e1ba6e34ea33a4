//! colcon: the events of a build, with what the tools printed quoted as Python's bytes.

use super::super::scan;
use super::Peeled;

/// The two ends of a quotation: Python takes the other mark where the text holds the first.
const QUOTES: [(&[u8], &[u8]); 2] = [(b"b'", b"'}"), (b"b\"", b"\"}")];

/// `[0.311323] (ring_msg) StderrLine: {'line': b'no link\n'}`. What is quoted is still escaped.
pub fn peel(text: &[u8]) -> Option<Peeled<'_>> {
    let time = scan::bracketed(text)?;
    let seconds = scan::digits(time);
    let counted = time.get(seconds) == Some(&b'.') && scan::whole_number(time.get(seconds + 1..)?).is_some();
    let rest = text.get(time.len() + 2..)?.strip_prefix(b" (").filter(|_| counted)?;
    let package = rest.get(..scan::run(rest, |byte| byte.is_ascii_graphic() && byte != b')'))?;
    let event = rest.get(package.len()..)?.strip_prefix(b") ")?;
    let stream = event.strip_prefix(b"StderrLine: ").or_else(|| event.strip_prefix(b"StdoutLine: "))?;
    let bytes = stream.strip_prefix(b"{'line': ")?.trim_ascii_end();
    let inside = QUOTES.iter().find_map(|(open, close)| bytes.strip_prefix(*open)?.strip_suffix(*close))?;
    let line = inside.strip_suffix(b"\\n").unwrap_or(inside);
    Some(Peeled { service: Some(package), ..Peeled::plain(line) })
}

/// Returns what Python's escapes in `text` stand for.
pub fn unescape(text: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        let (meant, taken) = if byte == b'\\' { escape(after) } else { (byte, 0) };
        plain.push(meant);
        rest = after.get(taken..).unwrap_or_default();
    }
    plain
}

/// The byte that an escape stands for, and how many bytes follow its backslash.
fn escape(after: &[u8]) -> (u8, usize) {
    match after {
        [b'n', ..] => (b'\n', 1),
        [b't', ..] => (b'\t', 1),
        [b'r', ..] => (b'\r', 1),
        [mark @ (b'\\' | b'\'' | b'"'), ..] => (*mark, 1),
        [b'x', high, low, ..] => match (hex(*high), hex(*low)) {
            (Some(high), Some(low)) => (high * 16 + low, 3),
            _ => (b'\\', 0),
        },
        _ => (b'\\', 0),
    }
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
