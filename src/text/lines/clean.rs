//! What a line says once the terminal's own language is taken out.

use std::borrow::Cow;

use memchr::{memchr2, memmem, memrchr};

use crate::text::work;

/// Returns the text that a terminal would leave standing: escapes removed, and of the pieces that
/// carriage returns overwrote only the last one that is not empty.
///
/// Borrows when there is nothing to do.
///
/// ```
/// # use ndlog::inner::clean;
/// assert_eq!(&*clean(b"\x1b[31mFAILED\x1b[0m test_ring\r"), b"FAILED test_ring");
/// assert_eq!(&*clean(b" 10%\r 50%\r100% done"), b"100% done");
/// ```
pub fn clean(bytes: &[u8]) -> Cow<'_, [u8]> {
    work::add(bytes.len());
    match memchr2(0x1b, b'\r', bytes) {
        None => Cow::Borrowed(bytes),
        Some(_) => {
            let shown = last_overwrite(bytes);
            if memchr::memchr(0x1b, shown).is_none() {
                Cow::Borrowed(shown)
            } else {
                Cow::Owned(strip_escapes(shown))
            }
        }
    }
}

/// Returns the last piece between carriage returns that shows anything.
fn last_overwrite(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes;
    while let Some((before, piece)) = memrchr(b'\r', rest).and_then(|at| rest.split_at_checked(at)) {
        let piece = piece.strip_prefix(b"\r").unwrap_or(piece);
        if shows(piece) {
            return piece;
        }
        rest = before;
    }
    rest
}

/// Returns true if and only if something other than blanks and escapes is in `piece`.
fn shows(piece: &[u8]) -> bool {
    match memchr::memchr(0x1b, piece) {
        None => !piece.trim_ascii().is_empty(),
        Some(_) => !strip_escapes(piece).trim_ascii().is_empty(),
    }
}

fn strip_escapes(bytes: &[u8]) -> Vec<u8> {
    strip_colours(bytes).unwrap_or_else(|| strip_any(bytes))
}

/// Returns `bytes` without escapes if all of them are of the common form, `ESC [ numbers letter`,
/// round plain text: the same as [`strip_any`] returns, which looks at each byte.
fn strip_colours(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(escape) = memchr::memchr(0x1b, rest) {
        let (plain, behind) = rest.split_at_checked(escape)?;
        out.extend_from_slice(plain);
        rest = behind.get(colour(behind)?..)?;
    }
    out.extend_from_slice(rest);
    is_plain(&out).then_some(out)
}

/// Returns true if a terminal shows all of a text.
fn is_plain(text: &[u8]) -> bool {
    // No byte ends the look at the others, so that many are looked at at once.
    let all = |plain: fn(&u8) -> bool| text.iter().fold(true, |all, byte| all & plain(byte));
    all(|byte| matches!(byte, b' '..=b'~' | b'\t'))
        || all(|byte| matches!(byte, b' '..=b'~' | b'\t' | 0x80..))
            && str::from_utf8(text)
                .is_ok_and(|text| !text.contains(|letter| ('\u{80}'..='\u{9f}').contains(&letter)))
}

/// Returns the length of an escape of the form `ESC [ numbers letter` that `bytes` begin with.
pub(super) fn colour(bytes: &[u8]) -> Option<usize> {
    let sequence = bytes.strip_prefix(b"\x1b[")?;
    let end = sequence.iter().position(|byte| !matches!(byte, b'0'..=b'9' | b';'))?;
    sequence.get(end).filter(|end| end.is_ascii_alphabetic()).map(|_| b"\x1b[".len() + end + 1)
}

fn strip_any(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    // Buildkite ends an application command with a bell, at which a terminal's parser goes on
    // and swallows the line.
    while let Some((before, command)) = memmem::find(rest, b"\x1b_").and_then(|at| rest.split_at_checked(at))
        && let Some(behind) = memchr::memchr(0x07, command).and_then(|end| command.get(end + 1..))
    {
        strip_into(&mut out, before);
        rest = behind;
    }
    strip_into(&mut out, rest);
    out
}

fn strip_into(out: &mut Vec<u8>, bytes: &[u8]) {
    for piece in anstream::adapter::strip_bytes(bytes) {
        out.extend_from_slice(piece);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PARTS: &[&str] = &[
        "\x1b[31m",
        "\x1b[0m",
        "\x1b[1;32m",
        "\x1b[K",
        "\x1b[?25l",
        "\x1b[",
        "\x1b",
        "\x1b]0;t\x07",
        "\x1b_bk;t=1\x07",
        "\x1b[3\t1m",
        "\x1b(B",
        "plain",
        " ",
        "\t",
        "\x08",
        "\x7f",
        "é",
        "✓",
        "m",
        "[",
        ";",
    ];

    proptest! {
        #[test]
        fn the_quick_way_and_the_long_way_agree(
            parts in prop::collection::vec(prop::sample::select(PARTS), 0..12),
            noise in prop::collection::vec(any::<u8>(), 0..3),
        ) {
            let text = [parts.concat().as_bytes(), &noise].concat();
            if let Some(quick) = strip_colours(&text) {
                prop_assert_eq!(quick, strip_any(&text));
            }
        }
    }
}
