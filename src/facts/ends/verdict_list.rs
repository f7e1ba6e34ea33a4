//! A list at the end of a log in which each line names something and how it is: `GPU 3: FAULTY` among those that are `OK`.

use super::end::Verdict;
use super::epilogue;
use super::verdict_words::WORDS;
use crate::text::lines::{Index, Line, clean};
use crate::text::records::parse;

/// Lines with words that may follow the list: a count, what is done about it.
const AFTER: usize = 3;

/// Lines of a log's end in which the list stands.
const TAIL: u64 = 400;

/// Entries that must be well where one that is not says something: what is told of all alike may be meant otherwise.
const WELL: usize = 2;

/// What a list says of all that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerdictList {
    pub verdict: Verdict,
    /// The line of the first entry that is not well, or of the last one.
    pub line: u64,
    /// Its words.
    pub text: String,
}

/// Returns what the list says that a log ends with: that it failed, if one entry among others that are well is not; that it
/// passed, if all are well and the line above tells how many they are, as of a list that is cut nobody knows the rest.
pub fn last(index: &Index<'_>) -> Option<VerdictList> {
    let first = index.lines().saturating_sub(TAIL);
    let words = epilogue::without(index.range(first, index.lines()));
    let behind: Vec<Line<'_>> = words.filter(|line| !is_ruler(line.bytes)).collect();
    let after = behind.iter().rev().take_while(|line| entry(line).is_none()).count();
    let listed = behind.get(..behind.len().saturating_sub(after))?;
    let length = listed.iter().rev().take_while(|line| entry(line).is_some()).count();
    let (head, list) = listed.split_at_checked(listed.len().saturating_sub(length))?;
    let bad = list.iter().find(|line| entry(line) == Some(Verdict::Fail));
    let well = list.iter().filter(|line| entry(line) == Some(Verdict::Pass)).count();
    match bad {
        _ if after > AFTER || well < WELL => None,
        Some(bad) => Some(VerdictList::of(Verdict::Fail, bad)),
        None => {
            let counts = head.last().is_some_and(|head| counts(&parse(*head).message, list.len()));
            list.last().filter(|_| counts).map(|last| VerdictList::of(Verdict::Pass, last))
        }
    }
}

/// Returns the line of the one entry that is not well, among others that are, of the list that a log ends with.
pub fn odd_one(index: &Index<'_>) -> Option<u64> {
    last(index).filter(|list| list.verdict == Verdict::Fail).map(|list| list.line)
}

impl VerdictList {
    fn of(verdict: Verdict, line: &Line<'_>) -> Self {
        let text = String::from_utf8_lossy(parse(*line).message.trim_ascii()).into_owned();
        Self { verdict, line: line.number, text }
    }
}

/// Returns how the one thing is that a line names; `None` where the line is no entry of a list. A word in brackets may be
/// taken for who speaks.
fn entry(line: &Line<'_>) -> Option<Verdict> {
    reads(&parse(*line).message).or_else(|| reads(&clean(line.bytes)))
}

fn reads(words: &[u8]) -> Option<Verdict> {
    let text = str::from_utf8(words).ok()?.trim().trim_matches('|').trim();
    let (named, remark) = without_remark(text);
    if remark.split(|letter: char| !letter.is_ascii_alphabetic()).any(|word| WORDS.forgiven.hold(word)) {
        return None;
    }
    in_front(text).or_else(|| at_the_end(named))
}

/// Returns true if and only if a line parts the rows of a table: `|-----  Links  -----+----|`.
fn is_ruler(line: &[u8]) -> bool {
    let text = line.trim_ascii();
    [&b"|--"[..], b"+--", b"+=="].iter().any(|start| text.starts_with(start))
}

/// Returns what stands before a remark at the end, in brackets or in a cell behind a dash, and the remark.
fn without_remark(text: &str) -> (&str, &str) {
    let cell = || text.rfind('|').and_then(|cell| Some(cell + text.get(cell..)?.find(" - ")?));
    if let Some((named, remark)) = cell().and_then(|at| text.split_at_checked(at)) {
        return (named, remark);
    }
    let opened = text.ends_with(')').then(|| text.rfind(" (")).flatten();
    opened.and_then(|at| text.split_at_checked(at)).unwrap_or((text, ""))
}

/// `[ OK ] ring` and `FAIL: ring`: in brackets, or in capitals before a colon.
fn in_front(text: &str) -> Option<Verdict> {
    let word = match text.strip_prefix('[') {
        Some(behind) => behind.split_once(']')?.0.trim(),
        None => text.split_once(':')?.0,
    };
    let is_capital = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_uppercase());
    is_capital.then(|| verdict(word)).flatten()
}

/// `ring 3: ok`: the last word, where others stand before it.
fn at_the_end(text: &str) -> Option<Verdict> {
    let (name, word) = text.trim_end_matches(['.', '!', ']']).rsplit_once([' ', '\t', ':', '|', '[', '='])?;
    let is_named = name.bytes().any(|byte| byte.is_ascii_alphanumeric());
    is_named.then(|| verdict(word)).flatten()
}

fn verdict(word: &str) -> Option<Verdict> {
    match () {
        () if WORDS.good.hold(word) => Some(Verdict::Pass),
        () if WORDS.bad.hold(word) => Some(Verdict::Fail),
        () => None,
    }
}

/// Returns true if and only if a line tells this number, and no other.
fn counts(text: &[u8], number: usize) -> bool {
    let numbers = text.split(|byte| !byte.is_ascii_digit()).filter(|digits| !digits.is_empty());
    let mut told = numbers.map(|digits| str::from_utf8(digits).ok()?.parse::<usize>().ok());
    told.next() == Some(Some(number)) && told.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_says_how_all_are_that_it_names() {
        let (fail, pass) = (Some(Verdict::Fail), Some(Verdict::Pass));
        for (log, expected, why) in [
            ("Rings:\nring 0: OK\nring 1: FAULTY\nring 2: OK\n", fail, "one among others"),
            ("[ OK ] a\n[FAIL] b\n[ OK ] c\n3 rings\n", fail, "in front, and a count behind"),
            ("a    healthy\nb    unhealthy (late by 3 s)\nc    healthy\n", fail, "a remark"),
            ("| a | ok |\n| b | broken |\n| c | ok |\n", fail, "a table"),
            (
                "| a | Pass - all |\n|---  Links  ---+---|\n| b | Pass |\n| c | Fail - link 3 |\n| note | link 3 is torn |\n",
                fail,
                "remarks and rulers",
            ),
            ("Tested 2 rings:\nring 0: OK\nring 1: OK\n", pass, "as many as were told"),
            ("ring 0: OK\nring 1: OK\n", None, "nobody knows how many they are"),
            ("Tested 3 rings:\nring 0: OK\nring 1: OK\n", None, "cut"),
            ("a: ok\nb: failed (expected)\nc: ok\n", None, "meant to be so"),
            ("a: ok\nb: failed\n", None, "too few"),
            ("a: ok\nb: ok\nc: failed\npop\npush\npop\npush\n", None, "the log goes on"),
            ("the ring is not ok\nthe rope failed to pop\n", None, "words"),
            ("", None, "nothing"),
        ] {
            let found = last(&Index::new(log.as_bytes()));
            assert_eq!(found.map(|list| list.verdict), expected, "{why}: {log}");
        }
    }
}
