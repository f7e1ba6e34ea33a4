//! Marks that a console read in the wrong code page: `Γ£ô` and `âœ“` for `✓`. Windows' shells do so with what a
//! program writes as UTF-8, and write what they read as UTF-16.

/// A code page in which the first byte of most marks is this letter, with its letters from 0x80 to 0xbf.
struct CodePage {
    lead: char,
    letters: &'static str,
}

const CODE_PAGES: [CodePage; 3] = [
    // 437, 850 and 1252.
    CodePage {
        lead: '\u{393}', letters: "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐"
    },
    CodePage {
        lead: '\u{d4}', letters: "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐"
    },
    CodePage {
        lead: '\u{e2}',
        letters: "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ\u{a0}¡¢£¤¥¦§¨©ª«¬\u{ad}®¯°±²³´µ¶·¸¹º»¼½¾¿",
    },
];

/// The multiplication sign, which stands for a cross, as code pages read its two bytes.
const CROSSES: [[char; 2]; 2] = [['├', 'ù'], ['Ã', '—']];

/// Gives characters with such marks mended.
pub(super) struct Mended<I> {
    characters: I,
    /// Characters that were looked at and not given yet, the next one last.
    ahead: Vec<char>,
}

impl<I: Iterator<Item = char>> Mended<I> {
    pub(super) fn new(characters: I) -> Self {
        Self { characters, ahead: Vec::new() }
    }

    fn take(&mut self) -> Option<char> {
        self.ahead.pop().or_else(|| self.characters.next())
    }

    /// Returns the mark that begins with `first`, or `first` itself.
    fn mark(&mut self, first: char) -> char {
        let Some(second) = self.take() else { return first };
        if CROSSES.contains(&[first, second]) {
            return '×';
        }
        let third = self.take();
        if let Some(mark) = third.and_then(|third| three(first, second, third)) {
            return mark;
        }
        self.ahead.extend(third);
        self.ahead.push(second);
        first
    }
}

impl<I: Iterator<Item = char>> Iterator for Mended<I> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        let first = self.take()?;
        let leads =
            CODE_PAGES.iter().any(|page| page.lead == first) || CROSSES.iter().any(|cross| cross[0] == first);
        Some(if leads { self.mark(first) } else { first })
    }
}

/// Returns the character whose three bytes a code page reads as these letters.
fn three(first: char, second: char, third: char) -> Option<char> {
    let page = CODE_PAGES.iter().find(|page| page.lead == first)?;
    let bits = |letter: char| page.letters.chars().position(|own| own == letter).map(|bits| bits as u32);
    // 0xe2 is the first byte of three for U+2000 to U+2fff.
    char::from_u32(0x2000 | bits(second)? << 6 | bits(third)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_mended_and_all_else_stays() {
        for (read, expected) in [
            ("Γ£ô 3 passed", "✓ 3 passed"),
            ("âœ“ 3 passed", "✓ 3 passed"),
            ("Γ£û 4 problems", "✖ 4 problems"),
            ("ÔùÅ ring ÔÇ║ pops", "● ring › pops"),
            ("├ù pops Ã— closes", "× pops × closes"),
            ("ΓöÇΓöÇ", "──"),
            ("├── ring", "├── ring"),
            ("mâcher, Γ-function, Ô", "mâcher, Γ-function, Ô"),
            ("Γ£", "Γ£"),
            ("Γ£Γ£ô", "Γ£✓"),
            ("", ""),
        ] {
            assert_eq!(Mended::new(read.chars()).collect::<String>(), expected, "{read}");
        }
    }
}
