//! Text of a log made safe to show: whatever would act instead of being read is written out.

use std::borrow::Cow;

use super::runner_commands::defused;

/// Returns `text` with control characters as pictures (`␛`, `␍`), with characters that hide or turn text around as
/// `\u{202e}`, and with commands to the runner of a CI system taken apart; a tab becomes a space. Borrows when
/// there is nothing to do.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(acts) {
        return defused(text);
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
    Cow::Owned(defused(&shown).into_owned())
}

/// Returns true for characters that a terminal or a page obeys, that cannot be seen, or that no XML may hold.
///
/// These are the C0 and C1 controls, the bidirectional controls of Unicode Annex 9 ("Trojan Source",
/// CVE-2021-42574), zero-width, filling and line-separating characters, those that only change others, tags, and
/// noncharacters. The two variation selectors of symbols stay: they choose between a symbol and its picture.
pub(super) fn acts(character: char) -> bool {
    let code = character as u32;
    matches!(
        character,
        '\0'..='\x1f'
            | '\x7f'..='\u{9f}'
            | '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fdd0}'..='\u{fdef}'
            | '\u{fe00}'..='\u{fe0d}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{13430}'..='\u{1343f}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    ) || code & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_acts_is_written_out() {
        for (text, shown, why) in [
            ("plain ✓ 日本 ⚠\u{fe0f}", "plain ✓ 日本 ⚠\u{fe0f}", "ordinary text stays as it is"),
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
            ("pass\u{ad}word\u{34f}", "pass\\u{ad}word\\u{34f}", "a soft hyphen is not seen"),
            (
                "\u{3164}\u{115f}\u{ffa0}\u{2800}",
                "\\u{3164}\\u{115f}\\u{ffa0}\\u{2800}",
                "fillers look like nothing",
            ),
            ("\u{fffe}\u{ffff}\u{1ffff}", "\\u{fffe}\\u{ffff}\\u{1ffff}", "noncharacters are no XML"),
            ("\u{e0041}\u{e0100}", "\\u{e0041}\\u{e0100}", "tags and selectors hide text in text"),
            ("\u{fffd} stays", "\u{fffd} stays", "the replacement character is seen"),
        ] {
            assert_eq!(visible(text), shown, "{why}");
        }
    }
}
