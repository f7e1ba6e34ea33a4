//! Tells by a source's first bytes whether it is text, and of which kind.

use super::SourceKind;

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

/// Returns what `bytes` are if they are no text, in words that end with the next step if there
/// is one; `None` for text, also where NUL bytes or broken characters stand in it.
pub(super) fn binary(bytes: &[u8]) -> Option<&'static str> {
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some(what);
    }
    let look = &bytes[..bytes.len().min(LOOK)];
    let control = look.iter().filter(|&&byte| is_control(byte)).count();
    // A crashed disk pads a text log with NULs; a third of control bytes is no text any more.
    (control * 10 > look.len() * 3 && !is_padded_text(look)).then_some("binary data")
}

/// Returns the kind of text that `bytes` are.
pub(super) fn kind(bytes: &[u8]) -> SourceKind {
    let look = bytes[..bytes.len().min(LOOK)].trim_ascii_start();
    let look = look.strip_prefix(b"\xef\xbb\xbf").unwrap_or(look).trim_ascii_start();
    if look.starts_with(b"<") && has_suite_root(look) {
        SourceKind::JUnit
    } else if look.starts_with(b"[") && is_annotations(look) {
        SourceKind::Annotations
    } else {
        SourceKind::Log
    }
}

/// Returns true for bytes that text does not hold, except those of terminal escapes and UTF-8.
fn is_control(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t'..=b'\r' | 0x1b) || byte == 0x7f
}

/// Returns true if and only if the bytes are text once runs of NULs are taken out.
fn is_padded_text(look: &[u8]) -> bool {
    let kept = look.iter().filter(|&&byte| byte != 0);
    let (mut control, mut other, mut newlines) = (0, 0, 0);
    for &byte in kept {
        match byte {
            b'\n' => newlines += 1,
            _ if is_control(byte) || !byte.is_ascii() => control += 1,
            _ => other += 1,
        }
    }
    newlines > 0 && control * 20 < other
}

/// Returns true if and only if the first element, past declarations and comments, is a test suite.
fn has_suite_root(look: &[u8]) -> bool {
    let mut rest = look;
    loop {
        rest = rest.trim_ascii_start();
        let end: &[u8] = match rest {
            _ if rest.starts_with(b"<?") => b"?>",
            _ if rest.starts_with(b"<!--") => b"-->",
            _ if rest.starts_with(b"<!") => b">",
            _ => return rest.starts_with(b"<testsuite"),
        };
        match memchr::memmem::find(rest, end) {
            Some(at) => rest = &rest[at + end.len()..],
            None => return false,
        }
    }
}

/// Returns true if and only if the array's first object has the fields of a check-run annotation.
fn is_annotations(look: &[u8]) -> bool {
    let first = look[1..].trim_ascii_start();
    first.starts_with(b"{")
        && memchr::memmem::find(first, b"\"annotation_level\"").is_some()
        && memchr::memmem::find(first, b"\"message\"").is_some()
}
