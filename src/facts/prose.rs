//! The words of a line that state something: without names of tests, paths, files, addresses of pages and
//! arguments of commands, for a name is no statement.

/// What stands in the place of a name.
const NAME: &[u8] = b"~";

/// Endings of files that hold sources, settings or logs.
const FILES: [&str; 44] = [
    "c", "h", "cc", "cpp", "cxx", "hpp", "go", "rs", "py", "pyx", "js", "jsx", "mjs", "cjs", "ts", "tsx",
    "java", "kt", "scala", "rb", "lua", "sh", "toml", "yaml", "yml", "json", "xml", "cmake", "html", "md",
    "so", "a", "o", "class", "php", "cs", "swift", "mm", "pl", "ex", "exs", "erl", "hs", "sql",
];

/// Writes to `into`, which is emptied first, the words of `message` with a placeholder for each name. `tests` are
/// those that it may name.
pub fn prose(message: &[u8], tests: [Option<&str>; 2], into: &mut Vec<u8>) {
    into.clear();
    let mut rest = message;
    let mut after_argument = false;
    while let Some(&byte) = rest.first() {
        if is_between(byte) {
            into.push(byte);
            rest = rest.get(1..).unwrap_or_default();
            continue;
        }
        let name =
            tests.into_iter().flatten().find(|name| name.len() > 3 && rest.starts_with(name.as_bytes()));
        let end = rest.iter().position(|byte| is_between(*byte)).unwrap_or(rest.len());
        let (word, is_name) = match name {
            Some(name) => (rest.get(..name.len()).unwrap_or(rest), true),
            None => (rest.get(..end).unwrap_or(rest), false),
        };
        let is_argument = is_argument(word);
        if is_name || is_argument || after_argument && is_length(word) {
            into.extend_from_slice(NAME);
        } else {
            without_name(word, into);
        }
        after_argument = is_argument && !word.contains(&b'=');
        rest = rest.get(word.len()..).unwrap_or_default();
    }
}

/// Returns true for what stands between words.
fn is_between(byte: u8) -> bool {
    byte.is_ascii_whitespace()
        || matches!(
            byte,
            b'"' | b'\'' | b'`' | b'(' | b')' | b'{' | b'}' | b'[' | b']' | b',' | b';' | b'<' | b'>' | b'|'
        )
}

/// Returns true for `--limit`, `-timeout=3s`.
fn is_argument(word: &[u8]) -> bool {
    let name = word.strip_prefix(b"--").or_else(|| word.strip_prefix(b"-"));
    name.is_some_and(|name| name.first().is_some_and(u8::is_ascii_alphabetic))
}

/// Returns true for a number with or without a unit.
fn is_length(word: &[u8]) -> bool {
    word.first().is_some_and(u8::is_ascii_digit)
}

/// Writes a word, or what is left of it where it is a name.
fn without_name(word: &[u8], into: &mut Vec<u8>) {
    let end = word.iter().rposition(|byte| !CLOSING.contains(byte)).map_or(0, |last| last + 1);
    let (Some(bare), Some(after)) = (word.get(..end), word.get(end..)) else { return };
    match page(bare) {
        Some(host) => into.extend_from_slice(host),
        None if is_path(bare) || is_file(bare) || is_test(bare) => into.extend_from_slice(NAME),
        None => into.extend_from_slice(bare),
    }
    into.extend_from_slice(after);
}

/// What ends a word and does not belong to it.
const CLOSING: &[u8] = b":.!?";

/// Returns the scheme and host of a page's address.
fn page(word: &[u8]) -> Option<&[u8]> {
    let at = memchr::memmem::find(word, b"://")? + 3;
    let host = word.get(at..)?.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#'));
    word.get(..host.map_or(word.len(), |length| at + length))
}

/// Returns true for `/var/log/ring`, `./ring`, `a/b/c`, `C:\ring`.
fn is_path(word: &[u8]) -> bool {
    let begins =
        [&b"/"[..], b"./", b"../", b"~/"].iter().any(|begin| word.starts_with(begin) && word.len() > 2);
    let slashes = word.iter().filter(|byte| matches!(byte, b'/' | b'\\')).count();
    let letters = word.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    (begins || slashes >= 2) && letters >= 2
}

/// Returns true for `ring.c`, `ring.py:31`.
fn is_file(word: &[u8]) -> bool {
    let path = word.split(|byte| *byte == b':').next().unwrap_or(word);
    let Some(dot) = memchr::memrchr(b'.', path).filter(|dot| *dot > 0) else { return false };
    path.get(dot + 1..).is_some_and(|ending| FILES.iter().any(|file| file.as_bytes() == ending))
}

/// Returns true for `test_ring`, `RingTest`, `TestRing/push`, `ring::tests::push`, and not for a plain word.
fn is_test(word: &[u8]) -> bool {
    let lower = word.to_ascii_lowercase();
    let has = |part: &[u8]| memchr::memmem::find(&lower, part).is_some();
    let speaks = has(b"test") || has(b"fixture") || lower.ends_with(b"spec");
    let plain = word.iter().all(u8::is_ascii_alphabetic) && word.iter().skip(1).all(u8::is_ascii_lowercase);
    speaks && !plain && !lower.ends_with(b"error") && !lower.ends_with(b"exception")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(message: &str, test: Option<&str>) -> String {
        let mut into = Vec::new();
        prose(message.as_bytes(), [test, None], &mut into);
        String::from_utf8(into).unwrap()
    }

    #[test]
    fn names_go_and_statements_stay() {
        for (message, expected, why) in [
            ("FAILED test_timeout_of_ring in 3 s", "FAILED ~ in 3 s", "the name of a test"),
            ("RingTimeoutTest.push: the ring is torn", "~: the ring is torn", "the name of a class of tests"),
            ("go test -timeout 20m ./ring", "go test ~ ~ ~", "an argument with its value"),
            ("kernel/lockdep.c:31: the ring", "~: the ring", "a file"),
            ("cannot write /home/runner/work/space", "cannot write ~", "a path"),
            ("see https://a.example/timeout/x for it", "see https://a.example for it", "a page"),
            (
                "java.util.concurrent.TimeoutException: 3",
                "java.util.concurrent.TimeoutException: 3",
                "a class that states",
            ),
            ("read: i/o timeout", "read: i/o timeout", "one slash is no path"),
            ("- true", "- true", "a difference"),
            ("testing the ring: race", "testing the ring: race", "a plain word"),
            ("std::bad_alloc in ring", "std::bad_alloc in ring", "no test"),
        ] {
            assert_eq!(left(message, None), expected, "{why}");
        }
        assert_eq!(left("Ring.Stalled (3 ms): torn", Some("Ring.Stalled")), "~ (3 ms): torn");
    }

    #[test]
    fn any_bytes_are_read() {
        let mut into = Vec::new();
        for message in [&b""[..], b"\xff\xfe /", b"(", b"--", b"://", b".", b"a.c:", b"'\"`"] {
            prose(message, [Some("("), None], &mut into);
        }
    }
}
