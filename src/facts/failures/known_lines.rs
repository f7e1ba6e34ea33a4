//! Lines that are known failures and that no form of report took up: not every tool uses words of failure.
//!
//! Asks `Known` what a line is. Must not know the catalog.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use memchr::memchr;

use super::line_cache;
use super::tally::{Form, Tally};
use super::{Block, Event, Piece, Role, TakenBy, classes, is_aside, skips};
use crate::facts::LineKind;
use crate::facts::chunks;
use crate::facts::known::{Known, KnownFailure};
use crate::text::lines::{Folded, Index, Line};
use crate::text::records::Reader;

/// Forms of hot lines that are looked up at the most, the rarest first.
const FORMS: usize = 20_000;

/// What one line must say of why, in natural-log odds, to be a failure beside others.
const STRONG: f64 = 1.5;

/// Lines before and after one that are looked at with it.
const BESIDE: u64 = 7;

/// Returns an event for each known failure of which no event of the log tells: for those that may be where it began,
/// or, in a log without events, for any.
pub fn known_lines(
    index: &Index<'_>,
    reader: &Reader,
    tally: &Tally,
    known: &dyn Known,
    events: &[Event],
) -> Vec<Event> {
    let taken = Taken::of(events);
    let mut named: BTreeSet<&str> = BTreeSet::new();
    let mut first: BTreeMap<&str, KnownLine<'_>> = BTreeMap::new();
    let lines = chunks::map(&places(tally), AT_ONCE, |places| recognised_at(index, reader, places, known));
    for line in lines {
        let id = line.failure.id;
        if taken.holds(line.number) {
            named.insert(id);
        } else if events.is_empty() || begins(&line.failure) && !line.is_aside {
            first.entry(id).or_insert(line);
        }
    }
    let cache = line_cache::Known::default();
    let untold = first.into_iter().filter(|(id, _)| !named.contains(id));
    untold.filter_map(|(_, line)| event(index, reader, &cache, line.number, &line.failure)).collect()
}

/// A line that is a known failure.
struct KnownLine<'k> {
    number: u64,
    failure: KnownFailure<'k>,
    is_aside: bool,
}

/// Returns those of the lines that begin at some places which are known failures.
fn recognised_at<'k>(
    index: &Index<'_>,
    reader: &Reader,
    places: &[u64],
    known: &'k dyn Known,
) -> Vec<KnownLine<'k>> {
    let cache = line_cache::Known::default();
    let lines = likely(index.bytes(), places, known).into_iter().filter_map(|start| index.at_offset(start));
    let known_line = |line: Line<'_>| {
        let piece = Piece::new(line, reader, &cache, true);
        let failure = recognised(&piece, known)?;
        Some(KnownLine { number: line.number, failure, is_aside: is_aside(piece.text()) })
    };
    lines.filter_map(known_line).collect()
}

/// Returns true if a failure of this kind may be where it began, and its line says so clearly.
fn begins(failure: &KnownFailure<'_>) -> bool {
    failure.role == Role::Root && failure.weight >= STRONG
}

/// Returns where the first line of each form begins, in order.
fn places(tally: &Tally) -> Vec<u64> {
    let mut forms: Vec<&Form> = tally.forms.values().collect();
    forms.sort_unstable_by_key(|form| (form.times, Reverse(form.latest())));
    let mut places: Vec<u64> =
        forms.into_iter().take(FORMS).filter_map(|form| form.places().next()).collect();
    places.sort_unstable();
    places
}

/// Lines that are searched at once, by one thread.
const AT_ONCE: usize = 512;
/// Bytes of a line that are looked at.
const GLANCE: usize = 32 << 10;

/// Returns where those of some lines begin that may be known failures, as far as a glance at their bytes tells.
fn likely(bytes: &[u8], places: &[u64], known: &dyn Known) -> Vec<usize> {
    let lines: Vec<Line<'_>> = places.iter().map(|start| line_at(bytes, *start)).collect();
    let mut likely: BTreeSet<usize> = BTreeSet::new();
    let folded = Folded::of(&lines);
    known.each_maybe_known(folded.text(), &mut |start| {
        likely.insert(folded.at(start));
    });
    // What wraps a line may write its letters in another way.
    let escaped = lines.iter().enumerate().filter(|(_, line)| memchr(b'\\', line.bytes).is_some());
    likely.extend(escaped.map(|(at, _)| at));
    likely.into_iter().filter_map(|at| Some(lines.get(at)?.start as usize)).collect()
}

/// Returns the line that begins at `start`, without its number.
fn line_at(bytes: &[u8], start: u64) -> Line<'_> {
    let rest = bytes.get(start as usize..).unwrap_or_default();
    let rest = rest.get(..GLANCE).unwrap_or(rest);
    Line { number: 0, start, bytes: memchr(b'\n', rest).and_then(|end| rest.get(..end)).unwrap_or(rest) }
}

/// Returns what a line is known as, if it states that it happened.
fn recognised<'k>(piece: &Piece<'_>, known: &'k dyn Known) -> Option<KnownFailure<'k>> {
    let text = piece.text();
    let failure = known.recognise_likely(piece.record())?;
    let states = LineKind::of(piece.record()).is_evidence() && !skips(classes(text));
    states.then_some(failure)
}

fn event(
    index: &Index<'_>,
    reader: &Reader,
    cache: &line_cache::Known,
    number: u64,
    failure: &KnownFailure<'_>,
) -> Option<Event> {
    let first = number.saturating_sub(1).max(1);
    let last = number.saturating_add(BESIDE);
    let pieces: Vec<Piece<'_>> =
        index.range(first, last).map(|line| Piece::new(line, reader, cache, false)).collect();
    let at = usize::try_from(number - first).unwrap_or_default();
    let block =
        Block { role: failure.role, taken_by: TakenBy::KnownLine, ..Block::new(failure.kind, at, at, at) };
    Some(Event { last_line: number, ..block.into_event(&pieces)? })
}

/// The lines of a log that events have taken up.
struct Taken(Vec<(u64, u64)>);

impl Taken {
    /// `events` stand in the order of their first lines.
    fn of(events: &[Event]) -> Self {
        let mut ranges: Vec<(u64, u64)> = Vec::new();
        for event in events {
            match ranges.last_mut() {
                Some(last) if event.first_line <= last.1 => last.1 = last.1.max(event.last_line),
                _ => ranges.push((event.first_line, event.last_line)),
            }
        }
        Self(ranges)
    }

    fn holds(&self, line: u64) -> bool {
        let next = self.0.partition_point(|range| range.1 < line);
        self.0.get(next).is_some_and(|range| range.0 <= line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::failures::assemble_scanned;
    use crate::facts::scan::scan;
    use crate::signatures::Catalog;

    /// The lines of a log's events, those that were taken up as known ones marked.
    fn events(log: &str) -> Vec<(u64, bool)> {
        let reader = Reader::default();
        let (index, found) = scan(log.as_bytes(), &reader, &|_| {});
        let events = assemble_scanned(&index, &reader, &found, Catalog::embedded()).0;
        events.iter().map(|event| (event.headline, event.taken_by == TakenBy::KnownLine)).collect()
    }

    #[test]
    fn a_known_line_without_words_of_failure_is_an_event() {
        let calm = "ring holds 3 values\n".repeat(300);
        let lockup = "Memory access fault by GPU node-2 (Agent handle: 0x55d0) on address 0x7f00.\n";
        assert_eq!(events(&format!("{calm}{lockup}{calm}")), [(301, true)]);
        let beside = format!("{calm}{lockup}{calm}error: ring torn\n");
        assert_eq!(events(&beside), [(301, true), (602, false)], "beside another failure");
    }

    #[test]
    fn what_only_tells_more_counts_where_nothing_else_failed() {
        let calm = "ring holds 3 values\n".repeat(30);
        let context = "Device 2 chan 6: retrain count is 3\n";
        assert_eq!(events(&format!("{calm}{context}{calm}")), [(31, true)]);
        assert_eq!(events(&format!("{calm}{context}{calm}error: ring torn\n")), [(62, false)]);
    }

    #[test]
    fn a_failure_is_taken_up_once() {
        let line = "Ethernet link between device 0 channel 8 and device 4 channel 0 is down\n";
        let calm = "ring holds 3 values\n".repeat(9);
        assert_eq!(events(&format!("{line}{calm}{line}{calm}")), [(1, true)], "the first of them");
        let passed = format!("test_{}", line.replace(" is down", "_is_down PASSED"));
        assert!(events(&passed).is_empty(), "the name of a test that passed");
    }
}
