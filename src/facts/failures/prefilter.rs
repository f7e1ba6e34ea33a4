//! The strings of which a line that may say that something went wrong holds one.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::rules::{Embedded, table};
use crate::text::lines::{Index, Line, Literals, Plain};

const DATA: Embedded = table!("prefilter");

#[derive(Deserialize)]
pub struct Strings {
    /// Of which every line worth a second look holds one.
    pub words: Vec<String>,
    /// Words that healthy runs hardly print.
    pub loud: Vec<String>,
    /// With which a report may begin in a line without such words.
    marks: Vec<String>,
}

/// The strings as `prefilter.toml` tells them, each in its own case.
pub static STRINGS: LazyLock<Strings> = LazyLock::new(|| DATA.read());

static WORDS_SOUGHT: LazyLock<Literals> = LazyLock::new(|| Literals::new(&STRINGS.words));
#[cfg(test)]
static LOUD_SOUGHT: LazyLock<Literals> = LazyLock::new(|| Literals::new(&STRINGS.loud));
static MARKS_SOUGHT: LazyLock<Literals> = LazyLock::new(|| Literals::new(&STRINGS.marks));

/// Returns true if and only if one of the words is in `line`, whatever its colours.
pub fn is_hot(line: &[u8]) -> bool {
    WORDS_SOUGHT.are_in(&Plain::of(line).text)
}

/// Returns true if and only if `line` holds words which healthy runs hardly print.
#[cfg(test)]
pub fn is_loud(line: &[u8]) -> bool {
    LOUD_SOUGHT.are_in(line)
}

/// Returns those of some lines of a log, from the one to the other, that have a mark.
pub fn marked_lines<'i, 'a>(
    index: &'i Index<'a>,
    first: Line<'a>,
    last: Line<'a>,
) -> impl Iterator<Item = Line<'a>> + use<'i, 'a> {
    MARKS_SOUGHT.lines(index, first.start as usize..last.end() as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_hot_or_marked_by_their_strings() {
        #[derive(Deserialize)]
        struct Lines {
            hot: Vec<String>,
            cold: Vec<String>,
            marked: Vec<String>,
            unmarked: Vec<String>,
        }
        let lines: Lines = DATA.read();
        assert_eq!(lines.hot.iter().find(|line| !is_hot(line.as_bytes())), None);
        assert_eq!(lines.cold.iter().find(|line| is_hot(line.as_bytes())), None);
        assert_eq!(lines.marked.iter().find(|line| !MARKS_SOUGHT.are_in(line.as_bytes())), None);
        assert_eq!(lines.unmarked.iter().find(|line| MARKS_SOUGHT.are_in(line.as_bytes())), None);
    }
}
