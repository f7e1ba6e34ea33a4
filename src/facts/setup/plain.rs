//! A line as the CI system shows it: cleaned, without the time of receipt, and with its markers.

use std::borrow::Cow;

use crate::text::lines::{Line, clean};

/// Returns the words of a line, its CI time stamp taken off, its CI markers left on.
pub fn plain(line: Line<'_>) -> Cow<'_, str> {
    let text = match clean(line.bytes) {
        Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
        Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
    };
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(without_stamp(text)),
        Cow::Owned(text) => Cow::Owned(without_stamp(&text).to_owned()),
    }
}

/// Returns the text after the time of receipt that GitHub Actions writes: `2026-11-22T10:14:52.0560358Z `.
fn without_stamp(text: &str) -> &str {
    const SHAPE: &[u8] = b"0000-00-00T00:00:00.0000000Z";
    let text = text.trim_start_matches('\u{feff}');
    let fits = |(byte, shape): (&u8, &u8)| if *shape == b'0' { byte.is_ascii_digit() } else { byte == shape };
    match text.as_bytes().get(..SHAPE.len()) {
        Some(stamp) if stamp.iter().zip(SHAPE).all(fits) => {
            let rest = text.get(SHAPE.len()..).unwrap_or_default();
            rest.strip_prefix(' ').unwrap_or(rest).trim_end()
        }
        _ => text.trim_end(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::lines::split;

    #[test]
    fn the_receipt_time_and_colours_go_and_markers_stay() {
        for (line, text) in [
            ("2026-11-22T10:14:52.0560358Z ##[group]Run make", "##[group]Run make"),
            ("\u{feff}2026-11-22T10:14:52.0560358Z \x1b[36;1mmake\x1b[0m\r", "make"),
            ("2026-11-22T10:14:52.0560358Z", ""),
            ("2026-11-22 10:14:52 INFO x", "2026-11-22 10:14:52 INFO x"),
            ("  indented ", "  indented"),
        ] {
            assert_eq!(plain(split(line.as_bytes()).next().unwrap()), text);
        }
    }
}
