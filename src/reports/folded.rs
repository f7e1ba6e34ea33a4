//! The stamp that CI systems put before every line, taken off: it is shown once, not in front of each line.

/// Returns the time of day to the second and the rest of a line that begins with the stamp that CI systems put before
/// every line, such as `2026-10-04T12:30:01.1234567Z `; any other line as it is.
pub fn folded(line: &str) -> (Option<&str>, &str) {
    const SHAPE: &[u8] = b"0000-00-00T00:00:00";
    let fits = |(byte, shape): (u8, &u8)| if *shape == b'0' { byte.is_ascii_digit() } else { byte == *shape };
    if line.len() <= SHAPE.len() || !line.bytes().zip(SHAPE).all(fits) {
        return (None, line);
    }
    let rest = line.get(SHAPE.len()..).unwrap_or_default();
    let fraction = rest.trim_start_matches(|letter: char| letter == '.' || letter.is_ascii_digit());
    match (line.get(11..19), fraction.strip_prefix("Z")) {
        (Some(time), Some("")) => (Some(time), ""),
        (Some(time), Some(text)) => text.strip_prefix(' ').map_or((None, line), |text| (Some(time), text)),
        _ => (None, line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_stamp_of_a_ci_system_is_folded() {
        for (line, time, text) in [
            ("2026-10-04T12:30:01.1234567Z   ok", Some("12:30:01"), "  ok"),
            ("2026-10-04T12:30:01Z x", Some("12:30:01"), "x"),
            ("2026-10-04T12:30:01.12Z", Some("12:30:01"), ""),
            ("2026-10-04T12:30:01+02:00 x", None, "2026-10-04T12:30:01+02:00 x"),
            ("2026-10-04T12:30:01Zulu", None, "2026-10-04T12:30:01Zulu"),
            ("2026-10-04 12:30:01 x", None, "2026-10-04 12:30:01 x"),
            ("2026-10-04T12:30:01", None, "2026-10-04T12:30:01"),
            ("äöü-10-04T12:30:01Z x", None, "äöü-10-04T12:30:01Z x"),
        ] {
            assert_eq!(folded(line), (time, text));
        }
    }
}
