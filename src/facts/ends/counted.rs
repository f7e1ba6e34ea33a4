//! Counts at the end of a log, one a line: `Passed: 12`, `Failed: 1`, `3 checks FAIL`.

use super::end::{End, Scope, Verdict};
use super::epilogue;
use super::verdict_words::WORDS;
use crate::text::lines::{Index, Line, clean};
use crate::text::records::Reader;

/// Lines with words that may follow the counts.
const AFTER: usize = 3;

/// Lines of a log's end in which they stand.
const TAIL: u64 = 60;

/// Lines above the counts in which it may stand that what failed was tried again: the counts hold it all the same.
const ABOVE: usize = 40;

/// Letters of what is counted at the most.
const LABEL: usize = 40;

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Count {
    Passed(u64),
    Failed(u64),
    LeftOut(u64),
    All(u64),
    /// Something else.
    Other,
}

/// What the counts of a list come to.
#[derive(Default)]
struct Sums {
    passed: Option<u64>,
    failed: Option<u64>,
    left_out: Option<u64>,
    all: Option<u64>,
}

/// Returns what the counts state that a log ends with; `None` where there are none, or where not all are told.
pub fn last(index: &Index<'_>, reader: &Reader) -> Option<End> {
    let first = index.lines().saturating_sub(TAIL);
    let lines: Vec<(Line<'_>, Option<Count>)> = index
        .range(first, index.lines())
        .map(|line| (line, count_of(line, reader)))
        .filter(|(line, count)| count.is_some() || epilogue::without([*line].into_iter()).next().is_some())
        .collect();
    let after = lines.iter().rev().take_while(|(_, count)| count.is_none()).count();
    let behind = lines.get(..lines.len().saturating_sub(after))?;
    let length = behind.iter().rev().take_while(|(_, count)| count.is_some()).count();
    let (above, list) = behind.split_at_checked(behind.len().saturating_sub(length))?;
    let mut sums = Sums::default();
    list.iter().filter_map(|(_, count)| *count).for_each(|count| sums.add(count));
    let verdict = sums.verdict().filter(|_| after <= AFTER && length > 1)?;
    let is_retried =
        || above.iter().rev().take(ABOVE).any(|(line, _)| tells_of_another_try(&reader.message(*line)));
    let told =
        list.iter().find(|(_, count)| verdict == Verdict::Fail && matches!(count, Some(Count::Failed(1..))));
    let (line, _) = told.or(list.last()).filter(|_| verdict == Verdict::Pass || !is_retried())?;
    Some(sums.end(verdict, *line, reader))
}

impl Sums {
    fn add(&mut self, count: Count) {
        let (sum, number) = match count {
            Count::Passed(number) => (&mut self.passed, number),
            Count::Failed(number) => (&mut self.failed, number),
            Count::LeftOut(number) => (&mut self.left_out, number),
            // Suites are counted beside their tests.
            Count::All(number) => return self.all = self.all.max(Some(number)),
            Count::Other => return,
        };
        *sum = Some(sum.unwrap_or(0).saturating_add(number));
    }

    fn verdict(&self) -> Option<Verdict> {
        let ran = self.passed.or(self.all)?;
        let failed = self.failed.or_else(|| self.missing())?;
        match failed {
            0 => (ran > 0).then_some(Verdict::Pass),
            _ => Some(Verdict::Fail),
        }
    }

    /// How many of all neither passed nor were left out.
    fn missing(&self) -> Option<u64> {
        self.all?.checked_sub(self.passed?.saturating_add(self.left_out?))
    }

    fn end(&self, verdict: Verdict, line: Line<'_>, reader: &Reader) -> End {
        End {
            scope: Scope::Process,
            verdict,
            line: line.number,
            text: String::from_utf8_lossy(reader.message(line).trim_ascii()).into_owned(),
            rule: "counted".to_owned(),
            subject: None,
            failed: self.failed,
            passed: self.passed,
            times: 1,
            closing: true,
            last_words: false,
            loose: false,
        }
    }
}

/// Returns what a line counts; `None` where it is none of a list of counts. Its first word may be taken for who speaks.
fn count_of(line: Line<'_>, reader: &Reader) -> Option<Count> {
    count(&reader.message(line)).or_else(|| count(&clean(line.bytes)))
}

fn count(message: &[u8]) -> Option<Count> {
    let text =
        str::from_utf8(message).ok()?.trim_matches(|letter: char| !letter.is_alphanumeric() && letter != ')');
    let starts_with_number = text.starts_with(|letter: char| letter.is_ascii_digit());
    let (label, number) = if starts_with_number { number_first(text)? } else { label_first(text)? };
    let is_label = |letter: char| letter.is_alphabetic() || " /_-()".contains(letter);
    (label.len() <= LABEL && label.chars().all(is_label)).then(|| of_label(label, number))
}

/// `Failed tests ...: 3 (2 %)`, `PASS: 5/6`: words, what parts them from the number, and next to nothing behind it.
fn label_first(text: &str) -> Option<(&str, u64)> {
    let (words, rest) = text.split_at(text.find(|letter: char| letter.is_ascii_digit())?);
    let label = words.trim_end_matches([' ', '\t', ':', '=', '.', '|']);
    let gap = words.get(label.len()..)?;
    let is_gap = gap.contains([':', '=', '\t', '|']) || gap.len() > 1;
    let (number, behind) =
        rest.split_at(rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len()));
    let behind = behind.trim();
    let is_end = behind.is_empty() || behind.starts_with(['(', '/']) && !behind.contains(':');
    (is_gap && is_end).then(|| Some((label, number.parse().ok()?)))?
}

/// `3 checks FAIL`.
fn number_first(text: &str) -> Option<(&str, u64)> {
    let (number, label) = text.split_once(' ')?;
    (label.split(' ').count() <= 3).then(|| Some((label.trim(), number.parse().ok()?)))?
}

/// Returns what the words beside a number say that it counts: one word of a verdict among those of what is tested.
fn of_label(label: &str, number: u64) -> Count {
    let words: Vec<&str> =
        label.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    let of = |verdict: &super::verdict_words::Words| {
        words.iter().any(|word| verdict.hold(word))
            && words.iter().all(|word| verdict.hold(word) || WORDS.things.hold(word))
    };
    match () {
        () if words.iter().any(|word| WORDS.forgiven.hold(word) || WORDS.left_out.hold(word)) => {
            Count::LeftOut(number)
        }
        () if of(&WORDS.failed) => Count::Failed(number),
        () if of(&WORDS.passed) => Count::Passed(number),
        () if of(&WORDS.all) || words.iter().all(|word| WORDS.things.hold(word)) => Count::All(number),
        () => Count::Other,
    }
}

/// Returns true if and only if a line tells that something is tried again.
fn tells_of_another_try(message: &[u8]) -> bool {
    let text = String::from_utf8_lossy(message).to_lowercase();
    ["retr", "rerun", "re-run", "another attempt", "expected fail"].iter().any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_one_a_line_say_how_all_went() {
        let (fail, pass) = (Some(Verdict::Fail), Some(Verdict::Pass));
        for (log, expected, why) in [
            ("Passed: 3\nFailed: 1\n", fail, "one failed"),
            (
                "Total Tests Run:   2\nSuccessful Tests:  2\nFailed Assertions: 0\nUnexpected Errors: 0\n",
                pass,
                "labels of several words",
            ),
            (
                "  Total:     2\n  Passed:    1\n  Skipped:   0\n  Duration:  24.02ms\n",
                fail,
                "one is missing",
            ),
            ("  Total:     2\n  Passed:    1\n  Skipped:   1\n", pass, "the missing one was left out"),
            ("60 checks PASS\n1 checks FAIL\n0 checks WARN\n", fail, "numbers first"),
            ("PASS: 5/6\nFAIL: 1/6\n", fail, "of how many"),
            ("Passed: 3\nFailed: 0\nsee the page\n", pass, "a line behind"),
            ("Requests: 3\nSuccessful requests: 3\nFailed requests: 1\n", None, "requests may fail"),
            ("Passed: 3\nExpected failures: 1\nFailed: 0\n", pass, "expected"),
            ("ring: the link is retried\nPassed: 3\nFailed: 1\n", None, "it was tried again"),
            ("Passed: 0\nFailed: 0\n", None, "nothing ran"),
            ("Failed: 1\n", None, "alone"),
            ("Passed: 3\nFailed: 1\npop\npush\npop\npush\n", None, "the log goes on"),
            ("ring 3: 1\nlink 4: 2\n", None, "no verdicts"),
            ("", None, "nothing"),
        ] {
            let found = last(&Index::new(log.as_bytes()), &Reader::guess(log.as_bytes()));
            assert_eq!(found.map(|end| end.verdict), expected, "{why}: {log}");
        }
    }
}
