//! Messages that are drawn beside a bar: what stands below the head of a warning is part of the warning.

use crate::facts::failures::{Passage, Piece};

const BAR: &[u8] = "│".as_bytes();

/// Lines of one message.
const LONGEST: usize = 30;

/// Returns true if and only if the line belongs to a warning beside a bar.
pub fn is_of_warning(pieces: &[Piece<'_>], at: usize) -> bool {
    let upwards = (at.saturating_sub(LONGEST)..=at).rev().map_while(|line| words(pieces, line));
    upwards.last().is_some_and(|head| head.starts_with(b"Warning: "))
}

/// Returns what stands behind the bar of a line; `None` where it has none.
fn words<'p>(pieces: &'p [Piece<'_>], at: usize) -> Option<&'p [u8]> {
    pieces.text(at).trim_ascii_start().strip_prefix(BAR).map(<[u8]>::trim_ascii_start)
}

#[cfg(test)]
mod tests {
    use crate::facts::failures::events_in;

    #[test]
    fn what_a_warning_says_below_its_head_is_no_failure() {
        for (log, expected) in [
            ("╷\n│ Warning: Old ring\n│ \n│ The ring at \"/w/ring\" does not exist.\n╵\nok\n", 0),
            ("╷\n│ Error: No ring\n│ \n│ The ring at \"/w/ring\" does not exist.\n╵\nok\n", 1),
            ("│ Warning: Old ring\n╵\n│ The ring at \"/w/ring\" does not exist.\n╵\nok\n", 1),
        ] {
            let found = events_in(log);
            assert_eq!(found.len().min(1), expected, "{log}");
        }
    }
}
