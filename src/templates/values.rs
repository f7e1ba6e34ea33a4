//! Tells values from words by their form alone: what has it is variable in any log.

use bstr::ByteSlice;

/// Hexadecimal letters without a digit are a number from this length on; no common word is so long.
const HEXADECIMAL_WORD: usize = 8;
/// Colons in the shortest hardware or IPv6 address, and in a time of day.
const ADDRESS_COLONS: usize = 2;

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

/// Returns the length of the URL, the path with a query, or the hardware or IPv6 address at the start
/// of `text`, all of which hold separators of their own; 0 if there is none.
pub(super) fn compound_length(text: &[u8]) -> usize {
    let address = address_length(text);
    if address > 0 {
        return address;
    }
    let end = text.iter().position(|byte| b"\"'<>)]}".contains(byte)).unwrap_or(text.len());
    let closing = text[..end].iter().rev().take_while(|byte| b".,;:".contains(byte)).count();
    let body = &text[..end - closing];
    let has_scheme = memchr::memmem::find(body, b"://").is_some();
    let has_query = body.starts_with(b"/") && body.contains(&b'?');
    if has_scheme || has_query { body.len() } else { 0 }
}

/// Returns the length of the hexadecimal groups, joined by colons and at least one with a digit, at
/// the start of `text`.
fn address_length(text: &[u8]) -> usize {
    let end = text.iter().position(|&byte| byte != b':' && !byte.is_ascii_hexdigit()).unwrap_or(text.len());
    let ends_there = !text.get(end).is_some_and(u8::is_ascii_alphanumeric);
    let address = text[..end].trim_end_with(|character| character == ':');
    let colons = address.iter().filter(|&&byte| byte == b':').count();
    let is_address = ends_there && colons >= ADDRESS_COLONS && address.iter().any(u8::is_ascii_digit);
    if is_address { address.len() } else { 0 }
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
            ("12:30:05]", "12:30:05"),
            ("fe80::1%eth0", "fe80::1"),
            ("add::bad", ""),
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
