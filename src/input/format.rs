//! How bytes are wrapped, told by their magic and never by a file's name.

words! {
    /// A wrapping that is taken off before anything is read.
    Format {
        Gzip = "gzip",
        Zstd = "zstd",
        Xz = "xz",
        Bzip2 = "bzip2",
        Tar = "tar",
        Zip = "zip",
    }
}

impl Format {
    /// How many first bytes tell the format.
    pub(super) const LOOK: usize = 512;

    /// Returns the format of data that begins with `head`, or `None` for anything else.
    pub(super) fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x1f, 0x8b, 8, ..] => Some(Self::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstd),
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Self::Xz),
            [b'B', b'Z', b'h', b'1'..=b'9', rest @ ..] if begins_bzip2_block(rest) => Some(Self::Bzip2),
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Some(Self::Zip),
            _ if is_tar_header(head) => Some(Self::Tar),
            _ => None,
        }
    }
}

/// A block begins with the digits of pi, the end of an empty stream with those of its root.
fn begins_bzip2_block(rest: &[u8]) -> bool {
    rest.starts_with(b"\x31\x41\x59\x26\x53\x59") || rest.starts_with(b"\x17\x72\x45\x38\x50\x90")
}

/// Returns true if and only if the header's checksum is right: the sum of its 512 bytes, with
/// blanks where the checksum itself stands (POSIX.1-1988, pax interchange format).
fn is_tar_header(head: &[u8]) -> bool {
    let Some(header) = head.first_chunk::<512>() else { return false };
    let (before, rest) = header.split_at(148);
    let (field, after) = rest.split_at(8);
    let digits = field.trim_ascii_start();
    let length = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let stored = std::str::from_utf8(digits.get(..length).unwrap_or_default())
        .ok()
        .and_then(|text| u32::from_str_radix(text, 8).ok());
    let sum: u32 = before.iter().chain(after).map(|&byte| u32::from(byte)).sum();
    stored == Some(sum + 8 * u32::from(b' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_looks_a_little_like_an_archive_is_text() {
        for text in ["", "BZh9 is how bzip2 begins", "PK", "ustar", "7zXZ"] {
            assert_eq!(Format::of(text.as_bytes()), None, "{text}");
        }
        assert_eq!(Format::of(&[0; 512]), None);
        assert_eq!(Format::of(&[b'0'; 512]), None);
    }
}
