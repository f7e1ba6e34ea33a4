//! The few lines of a log that tell a failure best.

use crate::findings::{Findings, OccurrenceSummary};

/// Lines before and after the one that tells.
const BEFORE: u64 = 5;
const AFTER: u64 = 3;

/// Returns the lines round the one that tells, each with its number, as far as excerpts hold them.
pub fn telling_lines<'f>(findings: &'f Findings, occurrence: &'f OccurrenceSummary) -> Vec<(u64, &'f str)> {
    let telling = telling_line(occurrence);
    let numbers = telling.saturating_sub(BEFORE).max(1)..=telling.saturating_add(AFTER);
    let lines = numbers.filter_map(|number| Some((number, findings.line(&occurrence.source, number)?)));
    let lines: Vec<(u64, &str)> = lines.collect();
    let blank = |(_, text): &&(u64, &str)| text.trim().is_empty();
    let (before, after) =
        (lines.iter().take_while(blank).count(), lines.iter().rev().take_while(blank).count());
    lines.get(before..lines.len().saturating_sub(after)).unwrap_or_default().to_vec()
}

/// Returns the number of the line that tells.
pub fn telling_line(occurrence: &OccurrenceSummary) -> u64 {
    let stated = (occurrence.line_start..=occurrence.line_end).contains(&occurrence.headline.line);
    if stated { occurrence.headline.line } else { occurrence.line_start }
}
