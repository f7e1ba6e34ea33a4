//! What may follow the last word on how a log ended and says nothing of it: how long it took, where its logs lie, how the
//! program is called, cleaning up. The lines are the rows of `epilogue.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::rules::{Embedded, Wordings, table};
use crate::text::lines::Line;
use crate::text::records::parse;

const DATA: Embedded = table!("epilogue");

static TABLE: LazyLock<Wordings<Row>> = LazyLock::new(|| Wordings::embedded(DATA));

#[derive(Deserialize)]
struct Row {
    /// True if all lines behind it belong to it.
    #[serde(default)]
    to_the_end: bool,
}

/// Returns those of some lines of a log's end that are no epilogue and hold a word.
pub fn without<'l>(lines: impl Iterator<Item = Line<'l>>) -> impl Iterator<Item = Line<'l>> {
    let with_words = lines.filter(|line| line.bytes.iter().any(u8::is_ascii_alphabetic));
    let kinds = with_words.map(|line| (line, Part::of(line)));
    kinds
        .take_while(|(_, part)| *part != Part::Rest)
        .filter(|(_, part)| *part == Part::Other)
        .map(|(line, _)| line)
}

/// What a line is to an epilogue.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Line,
    /// It and all that follows.
    Rest,
    Other,
}

impl Part {
    fn of(line: Line<'_>) -> Self {
        let message = parse(line).message;
        let row = TABLE.fitting(behind_columns(&message)).next();
        row.map_or(Self::Other, |row| if row.to_the_end { Self::Rest } else { Self::Line })
    }
}

/// Columns in front of words that are left out at the most.
const COLUMNS: usize = 6;

/// Returns the words of a line behind columns of numbers and of names in brackets.
fn behind_columns(message: &[u8]) -> &[u8] {
    let mut words = message.trim_ascii();
    for _ in 0..COLUMNS {
        let Some(length) = column(words) else { break };
        words = words.get(length..).unwrap_or_default().trim_ascii_start();
    }
    words
}

fn column(words: &[u8]) -> Option<usize> {
    if words.starts_with(b"[") {
        return memchr::memchr(b']', words).map(|end| end + 1);
    }
    let length = memchr::memchr(b' ', words)?;
    let is_number = |byte: &u8| byte.is_ascii_digit() || b"-:./".contains(byte);
    words.get(..length)?.iter().all(is_number).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::check_lines;
    use crate::text::lines::Index;

    #[test]
    fn each_row_takes_its_lines_and_leaves_the_others() {
        check_lines(DATA, |text| TABLE.fitting(text).next().is_some());
    }

    #[test]
    fn what_is_left_are_the_lines_that_say_something() {
        for (log, expected, why) in [
            ("Total time: 3 s\n\nring\n", 1, "a time, and a line"),
            ("ring\nUsage: ring [OPTIONS]\n  -h  help\n  -v  more\n", 1, "all of the usage"),
            ("12:04:11 Cleaning up\n----\n", 0, "behind a time, and no word"),
            ("ring\nrope\n", 2, "none"),
            ("3 15-08-20 [3/9] [ring] Elapsed time 00:31:27\n", 0, "behind columns"),
        ] {
            let index = Index::new(log.as_bytes());
            assert_eq!(without(index.range(1, index.lines())).count(), expected, "{why}: {log}");
        }
    }
}
