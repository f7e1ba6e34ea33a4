//! Lines of XML within a log, as tools print their JUnit reports: what they say without their tags.

use memchr::{memchr, memmem};

/// Returns true if and only if the line holds tags and no text, and none that says why a test failed.
pub fn only_tags(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    let tells = |tag: &&[u8]| memmem::find(text, tag).is_some();
    is_markup(text) && !TELLING.iter().any(tells) && words(text).next().is_none()
}

/// The tags of JUnit that bear a message.
const TELLING: [&[u8]; 3] = [b"<failure ", b"<error ", b"message="];

/// Returns the message that a line of markup bears: that of its tag, or the text between the tags.
pub fn message(text: &[u8]) -> Option<String> {
    let text = text.trim_ascii();
    if !is_markup(text) {
        return None;
    }
    let plain = |bytes: &[u8]| unescape(String::from_utf8_lossy(bytes).trim()).trim().to_owned();
    let own = attribute(text, b" message=\"").map(plain);
    let between = || words(text).map(plain).find(|words| !words.is_empty());
    own.filter(|message| !message.is_empty()).or_else(between)
}

/// A line that begins with a tag or a piece of one.
fn is_markup(text: &[u8]) -> bool {
    let [b'<', second, ..] = text else { return false };
    let opens = second.is_ascii_alphabetic() || matches!(second, b'/' | b'?' | b'!');
    // A program's name in angle brackets is no tag: `<ring> failed`.
    opens
        && (text.starts_with(b"</")
            || text.starts_with(b"<?")
            || text.starts_with(b"<!")
            || has_attribute(text))
}

fn has_attribute(text: &[u8]) -> bool {
    let tag = memchr(b'>', text).and_then(|end| text.get(..end)).unwrap_or(text);
    memmem::find(tag, b"=\"").is_some() || tag.ends_with(b"/")
}

/// Returns the text of an attribute up to its closing quote, or to the end of a line that was cut.
fn attribute<'t>(text: &'t [u8], begin: &[u8]) -> Option<&'t [u8]> {
    let rest = text.get(memmem::find(text, begin)? + begin.len()..)?;
    rest.get(..memchr(b'"', rest).unwrap_or(rest.len()))
}

/// The pieces of text between tags that hold a letter or a digit.
fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| *byte == b'<')
        .map(|piece| piece.get(memchr(b'>', piece).map_or(piece.len(), |end| end + 1)..).unwrap_or_default())
        .filter(|piece| piece.iter().any(u8::is_ascii_alphanumeric))
}

/// Returns the text with XML's five names for letters written out, and line breaks as blanks.
fn unescape(text: &str) -> String {
    const NAMES: [(&str, &str); 7] = [
        ("&#10;", " "),
        ("&#xA;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&amp;", "&"),
    ];
    NAMES.iter().fold(text.to_owned(), |text, (name, letter)| text.replace(name, letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_without_text_tell_of_nothing() {
        for line in [
            "<testsuite name=\"ring\" tests=\"2\" failures=\"1\" errors=\"0\">",
            "</failure></testcase>",
            "  <testcase name=\"fails\" classname=\"ring\" time=\"0.01\"/>",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
        ] {
            assert!(only_tags(line.as_bytes()), "{line}");
        }
        for line in [
            "<ring> failed",
            "<failure message=\"torn\"/>",
            "</failure> the ring is torn",
            "error: a < b",
            "<error type=\"E\" message=\"\">",
        ] {
            assert!(!only_tags(line.as_bytes()), "{line}");
        }
    }

    #[test]
    fn the_message_stands_in_its_tag_or_between_tags() {
        for (line, expected) in [
            (
                "<testcase name=\"a\"><failure message=\"expected 3, got &lt;2&gt;\" type=\"E\">ring.py:3",
                Some("expected 3, got <2>"),
            ),
            ("<failure type=\"E\">the ring is torn</failure>", Some("the ring is torn")),
            ("<failure message=\"\" type=\"E\">torn", Some("torn")),
            ("<error message=\"cut off in the mid", Some("cut off in the mid")),
            ("</testcase>", None),
            ("the ring is <torn>", None),
            ("<ring> failed", None),
        ] {
            assert_eq!(message(line.as_bytes()).as_deref(), expected, "{line}");
        }
    }
}
