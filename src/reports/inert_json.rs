//! JSON whose text cannot act on a terminal or a runner that shows it: the same values, written with escapes.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

use super::visible::acts;

/// Writes `value` as one line of JSON, without the newline.
///
/// # Errors
/// If `out` fails.
pub(super) fn write_json<T: Serialize + ?Sized>(value: &T, out: &mut dyn Write) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(out, Inert)).map_err(io::Error::from)
}

/// Compact JSON in which every character that acts is an escape.
struct Inert;

impl Formatter for Inert {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        let mut copied = 0;
        let mut before = '\0';
        for (at, character) in fragment.char_indices() {
            // `##[` and `##vso[` are commands of runners wherever they stand, `::` where a line begins.
            if acts(character) || (character == '#' && before == '#') {
                out.write_all(fragment.get(copied..at).unwrap_or_default().as_bytes())?;
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}")?;
                }
                copied = at + character.len_utf8();
            }
            before = character;
        }
        out.write_all(fragment.get(copied..).unwrap_or_default().as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_is_the_same_and_nothing_acts() {
        for text in [
            "plain ✓",
            "\u{9b}31m",
            "\u{202e}x",
            "##[error]x",
            "\"quoted\\\u{1b}",
            "\u{e0041}\u{ffff}",
            "a\nb",
        ] {
            let mut out = Vec::new();
            write_json(text, &mut out).unwrap();
            let written = String::from_utf8(out).unwrap();
            assert!(!written.chars().any(acts) && !written.contains("##["), "{written:?}");
            assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
        }
    }
}
