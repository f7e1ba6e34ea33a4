//! Tells by a source's first bytes whether it is text, and of which kind.

use serde::de::IgnoredAny;

use super::{SourceKind, xml};
use crate::error::Problem;

/// How many bytes are looked at.
const LOOK: usize = 64 << 10;

/// What the first bytes of a file that is no log say, and how to call it.
const MAGIC: [(&[u8], &str); 23] = [
    (b"\x7fELF", "an ELF program, library or core dump"),
    (b"\xcf\xfa\xed\xfe", "a Mach-O program"),
    (b"\xca\xfe\xba\xbe", "a Java class or Mach-O program"),
    (b"!<arch>\n", "a static library"),
    (b"\0asm", "a WebAssembly module"),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF-", "a PDF document"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"PAR1", "a Parquet table"),
    (b"ARROW1\0\0", "an Arrow table"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive: unpack it and give the folder"),
    (b"Rar!\x1a\x07", "a RAR archive: unpack it and give the folder"),
    (b"MSCF\0\0\0\0", "a CAB archive: unpack it and give the folder"),
    (b"\x04\x22\x4d\x18", "LZ4 data: pipe it in with `lz4 -dc FILE | ndlog cluster -`"),
    (b"LZIP\x01", "lzip data: pipe it in with `lzip -dc FILE | ndlog cluster -`"),
    (b"\x1f\x9d", "compress(1) data: pipe it in with `zcat FILE | ndlog cluster -`"),
    (b"\xed\xab\xee\xdb", "an RPM package"),
    (b"LPKSHHRH", "a systemd journal: pipe it in with `journalctl --file FILE | ndlog cluster -`"),
    (b"wOF2", "a font"),
];

/// Returns what `bytes` are if their first ones say that they are no log, in words that end with
/// the next step if there is one.
pub(super) fn foreign(bytes: &[u8]) -> Option<&'static str> {
    MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, what)| *what)
}

/// Returns true if and only if `bytes` are no text in any encoding. Text may hold NULs, where a
/// machine crashed while writing, and some broken characters.
pub(super) fn is_binary(bytes: &[u8]) -> bool {
    let look = bytes.get(..LOOK).unwrap_or(bytes);
    let (mut nuls, mut controls, mut newlines) = (0, 0, 0);
    for &byte in look {
        match byte {
            0 => nuls += 1,
            b'\n' => newlines += 1,
            _ if is_control(byte) => controls += 1,
            _ => {}
        }
    }
    let others = look.len() - nuls;
    // Random bytes are one in ten control characters; serial consoles stay below one in fifty.
    controls * 20 > others || (nuls * 10 > look.len() * 3 && newlines == 0)
}

/// Returns the kind of text that `bytes` are, of a file that the user named or that was found in a folder or archive.
pub(super) fn kind(bytes: &[u8], named: bool) -> SourceKind {
    let look = bytes.get(..LOOK).unwrap_or(bytes).trim_ascii_start();
    let look = look.strip_prefix(b"\xef\xbb\xbf").unwrap_or(look).trim_ascii_start();
    if xml::is_test_report(look) {
        SourceKind::JUnit
    } else if look.starts_with(b"[") && is_annotations(look) {
        SourceKind::Annotations
    } else if look.starts_with(b"{") && is_answer(look) {
        SourceKind::Answer
    } else if is_json(bytes, named) || !named && xml::is_document(bytes) {
        SourceKind::Document
    } else {
        SourceKind::Log
    }
}

/// Bytes from which on a single value of JSON is a document, even if the user named it: a shorter one may be all that a
/// program printed.
const DOCUMENT: usize = 2 << 10;

/// Returns true if and only if the bytes are one value of JSON and no log. A value on one line may be a log's only one.
fn is_json(bytes: &[u8], named: bool) -> bool {
    let text = bytes.trim_ascii();
    let opens = text.first().is_some_and(|first| matches!(first, b'{' | b'['));
    let is_large = text.len() > DOCUMENT || !named && text.contains(&b'\n');
    opens && is_large && serde_json::from_slice::<IgnoredAny>(text).is_ok()
}

/// Returns the remark that a source is a document.
pub(super) fn document(name: &str) -> Problem {
    Problem::remark(name, "is one document of JSON, XML or HTML and no log: it does not count as a run")
}

/// Returns true for bytes that text does not hold; escapes and backspaces of terminals it does.
fn is_control(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, 0x07..=0x0d | 0x1b) || byte == 0x7f
}

/// Returns true if and only if the array's first object has the fields of a check-run annotation.
fn is_annotations(look: &[u8]) -> bool {
    let first = look.get(1..).unwrap_or_default().trim_ascii_start();
    first.starts_with(b"{")
        && memchr::memmem::find(first, b"\"annotation_level\"").is_some()
        && memchr::memmem::find(first, b"\"message\"").is_some()
}

/// Fields of which GitHub's answer about jobs, and about one run of a workflow, has all of a set.
const ANSWERS: [&[&str]; 3] = [
    &["\"jobs\"", "\"run_id\"", "\"conclusion\""],
    &["\"jobs\"", "\"databaseId\"", "\"conclusion\""],
    &["\"workflow_id\"", "\"run_number\"", "\"head_sha\""],
];

/// Returns true if and only if the object has the fields of an answer about a run or its jobs.
fn is_answer(look: &[u8]) -> bool {
    let has = |field: &&str| memchr::memmem::find(look, field.as_bytes()).is_some();
    let first = look.get(1..).unwrap_or_default().trim_ascii_start();
    first.starts_with(b"\"") && ANSWERS.iter().any(|fields| fields.iter().all(has))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_with_some_dirt_is_text_and_noise_is_not() {
        let noise: Vec<u8> = (0..5000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        let cases: [(&str, &[u8], bool); 8] = [
            ("nothing at all", b"", false),
            ("plain text", b"test_a PASSED\n", false),
            ("a block of NULs after a crash", &[b"booting\n".as_slice(), &[0; 4096]].concat(), false),
            ("Latin-1", b"Pr\xfcfung fehlgeschlagen\n", false),
            ("a progress bar of backspaces", b"10%\x08\x08\x0820%\x08\x08\x0830%", false),
            ("colours", b"\x1b[31mFAILED\x1b[0m", false),
            ("noise", &noise, true),
            ("zeros", &[0; 4096], true),
        ];
        for (name, bytes, expected) in cases {
            assert_eq!(is_binary(bytes), expected, "{name}");
        }
    }

    #[test]
    fn the_kind_is_told_by_the_root_and_not_by_words_in_the_text() {
        let cases: [(&str, SourceKind); 8] = [
            ("\u{feff}<testsuite name=\"a\">", SourceKind::JUnit),
            ("running <testsuite>", SourceKind::Log),
            (
                "[{\"path\":\".github\",\"annotation_level\":\"notice\",\"message\":\"\"}]",
                SourceKind::Annotations,
            ),
            ("[ { \"level\": 1 } ]", SourceKind::Log),
            ("[gw0] annotation_level message", SourceKind::Log),
            ("{\"total_count\":1,\"jobs\":[{\"run_id\":7,\"conclusion\":null}]}", SourceKind::Answer),
            (
                "{\n \"id\": 7, \"head_sha\": \"0\", \"run_number\": 1, \"workflow_id\": 2}",
                SourceKind::Answer,
            ),
            ("{\"msg\":\"2 jobs\",\"run_id\":7}\n{\"msg\":\"conclusion\"}", SourceKind::Log),
        ];
        for (text, expected) in cases {
            assert_eq!(kind(text.as_bytes(), true), expected, "{text}");
        }
    }

    #[test]
    fn a_document_is_no_log_unless_it_may_be_all_that_a_program_printed() {
        let long = format!("{{\n \"runs\": [{}1]\n}}\n", "1, ".repeat(DOCUMENT));
        let cases: [(&str, &str, SourceKind, SourceKind); 7] = [
            (
                "a page kept beside logs",
                "<!DOCTYPE html>\n<p>1 failed</p>\n",
                SourceKind::Log,
                SourceKind::Document,
            ),
            ("results kept beside logs", "{\n \"failed\": 12\n}\n", SourceKind::Log, SourceKind::Document),
            ("a long one", &long, SourceKind::Document, SourceKind::Document),
            ("a log of one line", "{\"level\":\"error\"}\n", SourceKind::Log, SourceKind::Log),
            ("a line, a value each", "{\"a\":1}\n{\"a\":2}\n", SourceKind::Log, SourceKind::Log),
            ("a log that begins like one", "[gw0] linux\nrunning\n", SourceKind::Log, SourceKind::Log),
            ("one that was cut", "{\n \"failed\": 12,\n", SourceKind::Log, SourceKind::Log),
        ];
        for (name, text, named, found) in cases {
            assert_eq!(kind(text.as_bytes(), true), named, "{name}, named");
            assert_eq!(kind(text.as_bytes(), false), found, "{name}, found in a folder");
        }
    }
}
