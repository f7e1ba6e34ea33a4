//! Text of a log made safe to show: whatever would act instead of being read is written out.

use std::borrow::Cow;

/// Returns `text` with control characters as pictures (`␛`, `␍`) and with characters that hide
/// or turn text around as `\u{202e}`; a tab becomes a space. Borrows when there is nothing to do.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '\t' => shown.push(' '),
            '\0'..='\x1f' => shown.extend(char::from_u32(0x2400 + character as u32)),
            '\x7f' => shown.push('\u{2421}'),
            _ if acts(character) => shown.extend(character.escape_unicode()),
            _ => shown.push(character),
        }
    }
    Cow::Owned(shown)
}

/// Returns true for characters that a terminal or a page obeys, or that cannot be seen.
///
/// These are the C0 and C1 controls, the bidirectional controls of Unicode Annex 9 ("Trojan
/// Source", CVE-2021-42574), zero-width and line-separating characters, and tag characters.
fn acts(character: char) -> bool {
    matches!(
        character,
        '\0'..='\x1f'
            | '\x7f'..='\u{9f}'
            | '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_acts_is_written_out() {
        for (text, shown, why) in [
            ("plain ✓ 日本", "plain ✓ 日本", "ordinary text stays as it is"),
            ("a\tb", "a b", "a tab would break columns"),
            ("\x1b[2J\x1b]0;t\x07", "␛[2J␛]0;t␇", "escapes clear screens and set titles"),
            ("ok\rFAIL\n", "ok␍FAIL␊", "a carriage return forges a line"),
            ("\u{9b}31m", "\\u{9b}31m", "C1 is an escape in one character"),
            ("a\u{202e}b\u{2066}", "a\\u{202e}b\\u{2066}", "bidi controls turn text around"),
            (
                "a\u{200b}\u{feff}",
                "a\\u{200b}\\u{feff}",
                "zero-width characters make unlike things look alike",
            ),
        ] {
            assert_eq!(visible(text), shown, "{why}");
        }
    }
}
