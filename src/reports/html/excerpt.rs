//! The lines round a place in a log, with the one that tells marked and time stamps folded to the second.

use serde::Serialize;

use super::clip::clip;
use super::lookup::Lookup;
use crate::findings::OccurrenceSummary;
use crate::reports::folded::folded;

/// Lines shown of a range, and before and after it.
const RANGE: u64 = 6;
const AROUND: u64 = 1;

/// Some lines of a log.
#[derive(Serialize)]
pub struct Excerpt<'a> {
    source: &'a str,
    line: u64,
    link: Option<String>,
    lines: Vec<Shown>,
}

#[derive(Serialize)]
struct Shown {
    number: u64,
    /// True where the line before is not the one above.
    gap: bool,
    /// The time to the second, where it is another one than above.
    time: Option<String>,
    text: String,
    /// True for the line that tells.
    telling: bool,
}

impl<'a> Excerpt<'a> {
    /// Returns the lines of a failure round the one that tells it best.
    pub fn of(occurrence: &'a OccurrenceSummary, lookup: &Lookup<'a>) -> Self {
        let within = occurrence.line_start..=occurrence.line_end;
        let telling = match occurrence.headline.line {
            line if within.contains(&line) => line,
            _ => lookup.findings.telling_line(occurrence),
        };
        let room = lookup.room;
        let head = occurrence.line_start..=occurrence.line_start.saturating_add(room.head - 1);
        let near = telling.saturating_sub(room.before)..=telling.saturating_add(room.after);
        let numbers = head.chain(near).filter(|number| *number > 0);
        Self::show(&occurrence.source, telling, &[telling], numbers.collect(), lookup)
    }

    /// Returns the first lines of a range and those round it; all of the range is what tells.
    pub fn range(source: &'a str, first: u64, last: u64, lookup: &Lookup<'a>) -> Self {
        let last = last.min(first.saturating_add(RANGE - 1));
        let numbers = first.saturating_sub(AROUND).max(1)..=last.saturating_add(AROUND);
        let telling: Vec<u64> = (first..=last).collect();
        Self::show(source, first, &telling, numbers.collect(), lookup)
    }

    /// Returns the place of the line that tells.
    pub fn place(&self) -> (&'a str, u64) {
        (self.source, self.line)
    }

    fn show(source: &'a str, line: u64, telling: &[u64], mut numbers: Vec<u64>, lookup: &Lookup<'a>) -> Self {
        numbers.sort_unstable();
        numbers.dedup();
        let (mut lines, mut second, mut above) = (Vec::new(), "", None);
        for number in numbers {
            let Some(text) = lookup.line(source, number) else { continue };
            let (time, text) = folded(text);
            let changed = time.filter(|time| *time != second);
            second = time.unwrap_or(second);
            lines.push(Shown {
                number,
                gap: above.is_some_and(|above: u64| above + 1 != number),
                time: changed.map(str::to_owned),
                text: clip(text, lookup.room.line).into_owned(),
                telling: telling.contains(&number),
            });
            above = Some(number);
        }
        Self { source, line, link: lookup.link(source, line), lines }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::example;

    #[test]
    fn a_failure_far_above_its_telling_line_is_shown_with_a_gap() {
        let mut findings = example::findings();
        let occurrence = &mut findings.clusters[0].occurrences[0];
        (occurrence.line_start, occurrence.line_end, occurrence.headline.line) = (10, 60, 50);
        findings.excerpts[0].line_start = 1;
        findings.excerpts[0].lines = (1..=80).map(|line| format!("line {line}")).collect();
        let excerpt = Excerpt::of(&findings.clusters[0].occurrences[0], &Lookup::new(&findings, 1));
        let numbers: Vec<u64> = excerpt.lines.iter().map(|line| line.number).collect();
        assert_eq!(numbers, [10, 11, 12, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53]);
        let marked = |mark: fn(&Shown) -> bool| -> Vec<u64> {
            excerpt.lines.iter().filter(|line| mark(line)).map(|line| line.number).collect()
        };
        assert_eq!(marked(|line| line.gap), [44]);
        assert_eq!(marked(|line| line.telling), [50]);
    }
}
