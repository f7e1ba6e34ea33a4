//! The commands of a job, recipes and tasks of its tools among them, as the log shows where each begins: what failed last
//! stands in the output of the command that failed.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use serde::Deserialize;

use super::event::Event;
use crate::rules::{Embedded, Wordings, table};
use crate::text::lines::{Index, clean};
use crate::text::records::Reader;

const DATA: Embedded = table!("commands");

#[derive(Deserialize)]
struct Row {
    /// A line that the row takes holds one of these.
    strings: Vec<String>,
}

static TABLE: LazyLock<Wordings<Row>> = LazyLock::new(|| Wordings::embedded(DATA));

/// The strings of which a line that begins a command holds one. They are too short to be sought in the pass over all
/// bytes, and are sought between failures only.
static STRINGS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let strings = TABLE.rows().flat_map(|row| &row.strings);
    AhoCorasick::new(strings).unwrap_or_else(|error| unreachable!("a test makes the search: {error}"))
});

/// Bytes that are looked at from either end of what stands between two failures, and of a whole log. What lies beyond
/// counts as one command at the most: near a failure they tell most.
const REACH: usize = 64 << 10;
const MOST: usize = 4 << 20;

/// Notes of each event how many commands began before it and how many after it.
///
/// `events` are in the order of their lines.
pub fn note(index: &Index<'_>, reader: &Reader, events: &mut [Event]) {
    let reach = REACH.min(MOST / (2 * events.len() + 2));
    let (mut begun, mut from) = (0, 0);
    for event in events.iter_mut() {
        let start = (event.byte_start as usize).max(from);
        begun += between(index, reader, from..start, reach);
        from = start;
        event.look.commands_before = begun;
    }
    let all = begun + between(index, reader, from..index.bytes().len(), reach);
    for event in events {
        event.look.commands_after = all - event.look.commands_before;
    }
}

/// Returns how many commands begin in a part of a log, of whose middle nothing is known where it is long.
fn between(index: &Index<'_>, reader: &Reader, part: Range<usize>, reach: usize) -> u32 {
    if part.len() <= 2 * reach {
        return count(index, reader, part);
    }
    let (head, tail) = (part.start..part.start + reach, part.end - reach..part.end);
    count(index, reader, head) + count(index, reader, tail)
}

/// Returns how many commands begin in a part of a log.
fn count(index: &Index<'_>, reader: &Reader, part: Range<usize>) -> u32 {
    let bytes = index.bytes().get(part.clone()).unwrap_or_default();
    let (mut begun, mut behind) = (0, 0);
    for hit in STRINGS.find_iter(bytes) {
        let at = part.start + hit.start();
        if at < behind {
            continue;
        }
        let Some(line) = index.at_offset(at) else { break };
        behind = line.end() as usize;
        begun += u32::from(begins(&reader.message(line)) || begins(&clean(line.bytes)));
    }
    begun
}

/// Returns true if and only if a command begins with the line.
pub fn begins(text: &[u8]) -> bool {
    TABLE.fitting(text).next().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::failures::events_in;
    use crate::rules::check_lines;

    /// How many commands began before and after each event of a log.
    fn commands(log: &str) -> Vec<(u32, u32)> {
        let events = events_in(log);
        events.iter().map(|event| (event.look.commands_before, event.look.commands_after)).collect()
    }

    #[test]
    fn each_row_takes_its_lines_and_leaves_the_others() {
        check_lines(DATA, begins);
    }

    #[test]
    fn every_line_that_a_row_takes_holds_one_of_its_strings() {
        #[derive(Deserialize)]
        struct Lines {
            matches: Vec<String>,
        }
        for (row, lines) in TABLE.rows().zip(Wordings::<Lines>::embedded(DATA).rows()) {
            for line in &lines.matches {
                assert!(row.strings.iter().any(|string| line.contains(string)), "{line}");
            }
        }
    }

    #[test]
    fn commands_are_counted_before_and_after_each_failure() {
        for (log, expected, why) in [
            (
                "+ make\nerror: ring 3 is torn\n+ make test\n\n\nerror: rope\n",
                vec![(1, 1), (2, 0)],
                "a shell",
            ),
            (
                "2026-01-30T04:12:07.1234567Z ##[group]Run make\n2026-01-30T04:12:08.1234567Z error: torn\n",
                vec![(1, 0)],
                "behind a time",
            ),
            ("\u{1b}[32;1m$ make\u{1b}[0;m\nerror: ring 3 is torn\n", vec![(1, 0)], "in colour"),
            ("TASK [ring] ***\nerror: torn\nTASK [rope] ***\n", vec![(1, 1)], "a task"),
            ("costs $ 3, or 3 + x\nerror: torn\n", vec![(0, 0)], "signs within a line"),
        ] {
            assert_eq!(commands(log), expected, "{why}: {log}");
        }
    }

    #[test]
    fn of_a_long_gap_only_its_ends_are_read() {
        let filler = "ring popped\n".repeat(2 * REACH / 4);
        let log = format!("error: torn\n$ make\n{filler}$ make lost\n{filler}$ make test\nerror: rope\n");
        assert_eq!(commands(&log), [(0, 2), (2, 0)]);
    }
}
