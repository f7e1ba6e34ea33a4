//! The first pass: a line with everything that is a value by its form masked.
//!
//! It is the hot loop. It keeps no state between lines and makes most lines equal, so that all
//! that follows runs once for each distinct masked line.

use super::pieces::{Piece, VARIABLE, pieces};
use super::values::{compound_length, is_value};

/// Bytes of a line that are looked at. No template of the measured systems is half as long, and one
/// line of gigabytes must not cost its own size again.
const LONGEST: usize = 4 << 10;

/// Writes the masked form of `line` to `out`, whose former content is dropped: blanks and control
/// bytes are single spaces, none at the ends, and values are zero bytes.
pub fn mask(line: &[u8], out: &mut Vec<u8>) {
    out.clear();
    let shown = line.get(..LONGEST).unwrap_or(line);
    for chunk in shown.split(|byte| *byte <= b' ' || *byte == 0x7f).filter(|chunk| !chunk.is_empty()) {
        if !out.is_empty() {
            out.push(b' ');
        }
        mask_chunk(chunk, out);
    }
    if shown.len() < line.len() {
        out.push(VARIABLE);
    }
}

fn mask_chunk(chunk: &[u8], out: &mut Vec<u8>) {
    let opening = chunk.iter().take_while(|byte| b"\"'([<".contains(byte)).count();
    let (opening, rest) = chunk.split_at(opening);
    out.extend_from_slice(opening);
    let compound = compound_length(rest);
    if compound > 0 {
        out.push(VARIABLE);
    }
    for piece in pieces(&rest[compound..]) {
        match piece {
            Piece::Word(word) if is_value(word) => out.push(VARIABLE),
            other => out.extend_from_slice(other.bytes()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bstr::ByteSlice;

    fn check(line: &[u8], expected: &str) {
        let mut out = Vec::new();
        mask(line, &mut out);
        assert_eq!(out.to_str_lossy().replace('\0', "<*>"), expected);
    }

    #[test]
    fn values_are_masked_and_words_stay() {
        check(b"", "");
        check(b"  two  words\t", "two words");
        check(b"Took 3.5 s (pid=77)", "Took <*> s (pid=<*>)");
        check(b"from 00:1b:44:11:3a:b7: lost", "from <*>: lost");
        check(b"GET \"/a?x=1&y=2\" ok", "GET \"<*>\" ok");
        check(b"retry 3... failed!", "retry <*>... failed!");
    }

    #[test]
    fn binary_bytes_are_blanks_or_words() {
        check(b"\x00\x01a\x00b\x7f", "a b");
        check(b"\xff\xfe", "\u{fffd}\u{fffd}");
    }

    #[test]
    fn a_line_without_end_is_cut() {
        check(&b"ab ".repeat(LONGEST), &format!("{}a<*>", "ab ".repeat(LONGEST / 3)));
    }
}
