//! Cuts text into words, the punctuation between them, blanks and variable parts.

/// The byte that stands for a variable part in masked text. Control bytes of the log are blanks
/// there, so it cannot be confused with one of its own.
pub(super) const VARIABLE: u8 = 0;

/// A stretch of masked text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// A run of bytes that are neither blank nor punctuation, without its closing `.`, `!`, `?`, `*`.
    Word(&'a [u8]),
    /// One separator, a run of dots, or what closes a word.
    Punctuation(&'a [u8]),
    Variable,
    Blank,
}

impl<'a> Piece<'a> {
    /// Returns the bytes it stands for.
    pub(super) fn bytes(self) -> &'a [u8] {
        match self {
            Self::Word(bytes) | Self::Punctuation(bytes) => bytes,
            Self::Variable => &[VARIABLE],
            Self::Blank => b" ",
        }
    }
}

/// Returns the pieces of `text` in order; together they are the text.
pub(super) fn pieces(text: &[u8]) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    let mut closing: &[u8] = &[];
    std::iter::from_fn(move || {
        if !closing.is_empty() {
            return Some(Piece::Punctuation(std::mem::take(&mut closing)));
        }
        let length = piece_length(rest)?;
        let (piece, after) = rest.split_at(length);
        rest = after;
        Some(match piece {
            [VARIABLE] => Piece::Variable,
            [b' '] => Piece::Blank,
            [first, ..] if is_separator(*first) || starts_with_dots(piece) => Piece::Punctuation(piece),
            _ => {
                let (word, end) = piece.split_at(core_length(piece));
                closing = end;
                Piece::Word(word)
            }
        })
    })
}

fn piece_length(text: &[u8]) -> Option<usize> {
    let (&first, _) = text.split_first()?;
    Some(if starts_with_dots(text) {
        text.iter().take_while(|&&byte| byte == b'.').count()
    } else if ends_word(first) {
        1
    } else {
        word_length(text)
    })
}

/// Returns the length of the word that `text` begins with: up to a blank, a separator, or two dots.
fn word_length(text: &[u8]) -> usize {
    let end = text.iter().position(|&byte| ends_word(byte)).unwrap_or(text.len());
    let word = &text[..end];
    memchr::memmem::find(word, b"..").filter(|&dots| dots > 0).unwrap_or(end)
}

/// Returns the length without closing marks; a word of nothing but marks is left whole.
fn core_length(word: &[u8]) -> usize {
    let closing = word.iter().rev().take_while(|byte| matches!(byte, b'.' | b'!' | b'?' | b'*')).count();
    if closing == word.len() { closing } else { word.len() - closing }
}

fn starts_with_dots(text: &[u8]) -> bool {
    text.starts_with(b"..")
}

fn ends_word(byte: u8) -> bool {
    byte <= b' ' || byte == 0x7f || is_separator(byte)
}

fn is_separator(byte: u8) -> bool {
    matches!(
        byte,
        b'[' | b']'
            | b'('
            | b')'
            | b'{'
            | b'}'
            | b'<'
            | b'>'
            | b'"'
            | b'\''
            | b','
            | b';'
            | b'='
            | b'|'
            | b':'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use bstr::ByteSlice;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<_> = pieces(text.as_bytes()).map(|piece| piece.bytes().to_str_lossy()).collect();
        assert_eq!(found, expected, "{text}");
        assert_eq!(found.concat(), text, "the pieces are the text");
    }

    #[test]
    fn words_end_where_a_reader_would_end_them() {
        check("", &[]);
        check("link up.", &["link", " ", "up", "."]);
        check("core[7]:done", &["core", "[", "7", "]", ":", "done"]);
        check("wait...... 3", &["wait", "......", " ", "3"]);
        check("rpc.statd *** ..", &["rpc.statd", " ", "***", " ", ".."]);
        check("\0,\0", &["\0", ",", "\0"]);
    }
}
