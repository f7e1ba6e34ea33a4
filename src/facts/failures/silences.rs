//! Silences: where a log stops in the middle, or nothing was printed for long before the end came.

use std::ops::RangeInclusive;

use super::{Event, Kind, Set, TakenBy, Word};
use crate::text::lines::{Index, Line};
use crate::text::records::{Reader, Wrapper, longest_gap};

/// Shortest silence that counts, in nanoseconds: five minutes, the rule of tt-metal's own job
/// triage for telling a hang from a time-out.
const SHORTEST: i64 = 300_000_000_000;

/// Lines after a silence in which its end must be told for it to count.
const ENDING: u64 = 30;

/// Lines in which such ends of silences are looked for, from the end of the log.
const LINES: u64 = 3000;

/// Returns the end of a log that was cut off, and the longest silence that a cancel or a time-out
/// ended, as one of its `events`, which stand in order, tells.
pub fn silences(index: &Index<'_>, reader: &Reader, events: &[Event]) -> Vec<Event> {
    cut_off(index, reader).into_iter().chain(gap(index, reader, events)).collect()
}

/// A runner that is alive ends its last line, and GitHub's says that it cleans up.
fn cut_off(index: &Index<'_>, reader: &Reader) -> Option<Event> {
    let bytes = index.bytes();
    let last = index.line(index.lines())?;
    let whole = bytes.last() == Some(&b'\n');
    let kept_by_runner = reader.parse(last).layers.has(Wrapper::GitHub);
    (!whole && kept_by_runner && index.lines() > 1).then(|| {
        silence(
            reader,
            last,
            last,
            "the log stops in the middle of a line: its writer died or was cut off".to_owned(),
        )
    })
}

fn gap(index: &Index<'_>, reader: &Reader, events: &[Event]) -> Option<Event> {
    let longest = longest_gap(index, reader, SHORTEST, ends(events).into_iter())?;
    let (before, after) = (index.line(longest.before_line)?, index.line(longest.after_line)?);
    let last_words = String::from_utf8_lossy(reader.parse(before).message.trim_ascii()).into_owned();
    Some(silence(reader, before, after, format!("no output for minutes after: {last_words}")))
}

/// Words that say that the run was stopped.
const STOPPED: Set = Set::EMPTY.with(Word::Timeout as u32).with(Word::Abort as u32);

/// Returns the lines, ascending and apart, at which a silence may end: the run is said to be stopped in them or soon
/// after.
fn ends(events: &[Event]) -> Vec<RangeInclusive<u64>> {
    let stops = |event: &&Event| event.look.head_words.union(event.look.body_words).meets(STOPPED);
    let (mut ends, mut left, mut next) = (Vec::new(), LINES, u64::MAX);
    for event in events.iter().rev().filter(stops) {
        let (first, last) = (event.first_line.saturating_sub(ENDING).max(1), event.last_line.min(next - 1));
        if left == 0 || first > last {
            continue;
        }
        left = left.saturating_sub(last - first + 1);
        ends.push(first..=last);
        next = first;
    }
    ends.reverse();
    ends
}

/// Returns the event that between two lines nothing came that should have come.
pub fn silence(reader: &Reader, first: Line<'_>, last: Line<'_>, message: String) -> Event {
    let record = reader.parse(first);
    let (lines, bytes) = (first.number..=last.number, first.start..last.end());
    Event {
        text: vec![String::from_utf8_lossy(&record.message).into_owned()],
        time: record.when,
        actor: record.actor,
        ..Event::new(Kind::Silence, TakenBy::Silence, lines, bytes, message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::failures::assemble;

    fn found(log: &str) -> Vec<String> {
        let (index, reader) = (Index::new(log.as_bytes()), Reader::guess(log.as_bytes()));
        let events = assemble(&index, &reader);
        silences(&index, &reader, &events).into_iter().map(|event| event.message).collect()
    }

    #[test]
    fn a_log_that_stops_in_the_middle_of_a_line_is_cut_off() {
        let whole = "2026-01-30T04:12:07.1234567Z start ring\n2026-01-30T04:12:08.1234567Z push 1 of 9\n";
        assert_eq!(found(whole), Vec::<String>::new());
        assert!(found(&whole[..whole.len() - 4])[0].starts_with("the log stops"));
    }

    #[test]
    fn a_long_silence_counts_if_something_ended_it() {
        let log = |end: &str| {
            format!("2026-01-30T04:12:07.1234567Z push 1 of 9\n2026-01-30T05:12:07.1234567Z {end}\n")
        };
        assert_eq!(found(&log("The operation was canceled.")), ["no output for minutes after: push 1 of 9"]);
        assert_eq!(found(&log("push 2 of 9")), Vec::<String>::new());
    }
}
