//! Tells values from words by their form alone: what has it is variable in any log.

/// Hexadecimal letters without a digit are a number from this length on; no common word is so long.
const HEXADECIMAL_WORD: usize = 8;
/// Pairs of hexadecimal digits, joined by colons, that make a hardware address.
const ADDRESS_PAIRS: usize = 4;

/// Returns true if and only if `word` is a value by its form: it holds a digit, is a truth value, a
/// path, a host or package name of at least three parts, a mail address, or hexadecimal.
pub(super) fn is_value(word: &[u8]) -> bool {
    let form = Form::of(word);
    form.digits
        || form.is_path(word)
        || (form.dots >= 2 && !form.capitals)
        || (form.at && word.len() > 3 && !word.starts_with(b"@"))
        || (form.hexadecimal && word.len() >= HEXADECIMAL_WORD)
        || word.eq_ignore_ascii_case(b"true")
        || word.eq_ignore_ascii_case(b"false")
}

/// Returns the length of the URL, the path with a query, or the hardware address at the start of
/// `text`, all of which hold separators of their own; 0 if there is none.
pub(super) fn compound_length(text: &[u8]) -> usize {
    let pairs = address_pairs(text);
    if pairs >= ADDRESS_PAIRS {
        return pairs * 3 - 1;
    }
    let end = text.iter().position(|byte| b"\"'<>)]}".contains(byte)).unwrap_or(text.len());
    let closing = text[..end].iter().rev().take_while(|byte| b".,;:".contains(byte)).count();
    let body = &text[..end - closing];
    let has_scheme = memchr::memmem::find(body, b"://").is_some();
    let has_query = body.starts_with(b"/") && body.contains(&b'?');
    if has_scheme || has_query { body.len() } else { 0 }
}

/// Returns how many pairs of hexadecimal digits, joined by colons, `text` starts with.
fn address_pairs(text: &[u8]) -> usize {
    let joined = text.chunks(3).take_while(|chunk| is_pair(chunk) && chunk.ends_with(b":")).count();
    let last = text.get(joined * 3..).and_then(|rest| rest.chunks(3).next()).is_some_and(is_pair);
    joined + usize::from(last)
}

/// Returns true if and only if the chunk is two hexadecimal digits that end there.
fn is_pair(chunk: &[u8]) -> bool {
    matches!(chunk, [a, b, rest @ ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit()
        && rest.first().is_none_or(|byte| !byte.is_ascii_alphanumeric()))
}

/// What occurs in a word.
#[derive(Default)]
struct Form {
    digits: bool,
    capitals: bool,
    at: bool,
    hexadecimal: bool,
    dots: usize,
    slashes: usize,
    backslashes: usize,
}

impl Form {
    fn of(word: &[u8]) -> Self {
        let mut form = Self { hexadecimal: true, ..Self::default() };
        for &byte in word {
            form.digits |= byte.is_ascii_digit();
            form.capitals |= byte.is_ascii_uppercase();
            form.at |= byte == b'@';
            form.hexadecimal &= byte.is_ascii_hexdigit();
            form.dots += usize::from(byte == b'.');
            form.slashes += usize::from(byte == b'/');
            form.backslashes += usize::from(byte == b'\\');
        }
        form
    }

    /// One slash inside plain words (`read/write`) does not make a path.
    fn is_path(&self, word: &[u8]) -> bool {
        (word.starts_with(b"/") && word.len() > 1)
            || self.slashes >= 2
            || self.backslashes >= 2
            || (self.slashes == 1 && self.dots > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_tells_values_from_words() {
        for (word, expected, why) in [
            ("17", true, "a number"),
            ("blk_-89", true, "an identifier with a number"),
            ("10.0.0.7", true, "an address"),
            ("deadbeef", true, "hexadecimal without a digit"),
            ("facade", false, "a word of hexadecimal letters"),
            ("/var/log/messages", true, "a path"),
            ("a/b.c", true, "a relative file"),
            ("read/write", false, "two words"),
            ("C\\\\build\\\\out", true, "a Windows path"),
            ("node.rack.example", true, "a host"),
            ("java.lang.IllegalStateException", false, "a class tells what happened"),
            ("rpc.statd", false, "a program"),
            ("ann@example", true, "a mail address"),
            ("FALSE", true, "a truth value"),
            ("failed", false, "a word"),
        ] {
            assert_eq!(is_value(word.as_bytes()), expected, "{word}: {why}");
        }
    }

    #[test]
    fn compounds_end_where_they_end() {
        for (text, expected) in [
            ("00:1b:44:11:3a:b7,", "00:1b:44:11:3a:b7"),
            ("12:30:05", ""),
            ("12:30:05:11x", ""),
            ("https://example.org/a?b=1&c=2).", "https://example.org/a?b=1&c=2"),
            ("/search?q=a=b\"", "/search?q=a=b"),
            ("/plain/path", ""),
            ("why?", ""),
        ] {
            assert_eq!(compound_length(text.as_bytes()), expected.len(), "{text}");
        }
    }
}
