//! A failure's words in the form in which two runs of it are compared.
//!
//! What belongs to the machine, the moment or the width of the terminal is masked first and only then
//! compared; a message is never cut before its paths are, since another root would then cut it elsewhere.

use std::borrow::Cow;

use super::line_regex::masked;

/// Words of a message that are compared; more repeat or are data.
const COMPARED: usize = 160;
/// Words from which a message that ends early is the beginning of the longer one.
const LEAST_BEGINNING: usize = 8;
/// Words from which one in so many may differ.
const LONG: usize = 10;
/// Words that name what was expected; a message with fewer is said by many tests.
const LEAST_TELLING: usize = 2;
/// What stands before a message and is no part of it.
const MARKS: [&str; 3] = ["E ", "> ", "! "];
/// Words of assertions in general.
const GENERIC: [&str; 34] = [
    "assert",
    "assertion",
    "assertionerror",
    "failed",
    "failure",
    "error",
    "exception",
    "true",
    "false",
    "none",
    "null",
    "nil",
    "is",
    "not",
    "in",
    "and",
    "or",
    "to",
    "be",
    "equal",
    "equals",
    "expected",
    "actual",
    "got",
    "but",
    "was",
    "with",
    "exit",
    "code",
    "status",
    "left",
    "right",
    "value",
    "got",
];
/// Units that may follow a number as a word of their own; with another magnitude they change.
const UNITS: [&str; 14] =
    ["ns", "us", "µs", "ms", "s", "sec", "secs", "seconds", "second", "min", "minutes", "kb", "mb", "gb"];

/// The words of a message, masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wording {
    words: Vec<String>,
    /// True if something cut the message, as a runner's summary does at the width of its terminal.
    cut: bool,
}

impl Wording {
    /// Returns the first line of `text` that says something as it is compared.
    pub fn of(text: &str) -> Self {
        let decoded = decoded(text);
        let line = decoded.lines().map(bare).find(|line| !line.is_empty()).unwrap_or_default();
        let whole = line.trim_end_matches(['.', '…']);
        let cut = line.ends_with('…') || line.len() >= whole.len() + 3;
        let mut words: Vec<String> = Vec::new();
        for word in whole.split_whitespace().map(word).filter(|word| !word.is_empty()) {
            let unit = UNITS.contains(&word.as_str()) && words.last().is_some_and(|last| last == "#");
            if !unit {
                words.push(word);
            }
            if words.len() == COMPARED {
                break;
            }
        }
        // Where a path was cut nobody knows the name at its end.
        if cut && whole.rsplit(char::is_whitespace).next().is_some_and(|last| last.contains(['/', '\\'])) {
            words.pop();
        }
        if words.len() > 1 && words.first().is_some_and(|first| first == "AssertionError") {
            words.remove(0);
        }
        Self { words, cut }
    }

    /// Returns true if something cut it, so that it may begin another message.
    pub fn is_cut(&self) -> bool {
        self.cut
    }

    /// Returns true if it says nothing.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Returns the longest word that is the same in every run; a line without it says something else.
    pub fn anchor(&self) -> Option<&str> {
        // The last word may be cut.
        let whole = self.words.get(..self.words.len().saturating_sub(1).max(1))?;
        let plain = |word: &&String| word.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
        let sure = whole.iter().take(3.max(whole.len() / 2)).filter(plain);
        sure.max_by_key(|word| word.len()).map(String::as_str).filter(|word| word.len() >= 4)
    }

    /// Returns true if many tests say it, so that the words alone name no failure.
    pub fn is_generic(&self) -> bool {
        let telling = |word: &&String| {
            let plain = word.to_ascii_lowercase();
            plain.bytes().filter(u8::is_ascii_alphabetic).count() >= 2 && !GENERIC.contains(&plain.as_str())
        };
        self.words.iter().filter(telling).count() < LEAST_TELLING
    }

    /// Returns true if both say the same: up to one last word, up to where something cut one of them, and in
    /// a long message up to one word in ten.
    pub fn is_alike(&self, other: &Self) -> bool {
        let (short, long) = if self.words.len() <= other.words.len() { (self, other) } else { (other, self) };
        if short.words.is_empty() || long.words.is_empty() {
            return false;
        }
        short.words == long.words || short.begins(long) || short.nearly(long)
    }

    /// Returns true if `long` goes on where this ends.
    fn begins(&self, long: &Self) -> bool {
        let more = long.words.len() - self.words.len();
        let same = self.words.iter().zip(&long.words).take_while(|(a, b)| a == b).count();
        let whole = same == self.words.len();
        // The word in which it was cut is a part of one.
        let begins = |(a, b): (&String, &String)| a.starts_with(b.as_str()) || b.starts_with(a.as_str());
        let part =
            same + 1 == self.words.len() && self.words.last().zip(long.words.get(same)).is_some_and(begins);
        let cut = (self.cut || (long.cut && more == 0)) && same >= 2;
        let wide = self.words.len() >= LEAST_BEGINNING;
        (whole && ((more <= 1 && same >= 2) || cut || wide)) || (part && (cut || wide))
    }

    /// Returns true if as many words differ as a long message may hold that no mask knows.
    fn nearly(&self, long: &Self) -> bool {
        let same = self.words.iter().zip(&long.words).filter(|(a, b)| a == b).count();
        self.words.len() == long.words.len() && self.words.len() >= LONG && same * 10 >= self.words.len() * 9
    }
}

/// Returns text of XML as its program printed it.
fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    quick_xml::escape::unescape(text).unwrap_or(Cow::Borrowed(text))
}

/// Returns a line without what its runner puts before the message.
fn bare(line: &str) -> &str {
    let line = line.trim();
    let line = MARKS.iter().find_map(|mark| line.strip_prefix(mark)).unwrap_or(line).trim_start();
    let summed = ["FAILED ", "ERROR "].iter().any(|verdict| line.starts_with(verdict)) && line.contains("::");
    if summed { line.split_once(" - ").map_or(line, |(_, message)| message) } else { line }.trim()
}

/// Returns one word as it is compared.
fn word(word: &str) -> String {
    let word = word.trim_matches(|c: char| c.is_ascii_punctuation() && !"#<>=!+-*/%_\\".contains(c));
    if word.contains("://") {
        return "@url".to_owned();
    }
    let word = without_folders(word);
    let masked = masked(&word);
    let bare = masked.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == 'µ');
    let unit = masked.strip_prefix(bare).unwrap_or_default().to_ascii_lowercase();
    if bare == "#" && UNITS.contains(&unit.as_str()) {
        return "#".to_owned();
    }
    if is_name_of_a_host(&masked) || is_temporary(&word) {
        return "@name".to_owned();
    }
    masked
}

/// Returns the word with each path in it as its last part; quotes and brackets end a path.
fn without_folders(word: &str) -> String {
    let in_path = |c: char| c.is_alphanumeric() || "/\\._-+~@".contains(c);
    let mut out = String::with_capacity(word.len());
    let mut rest = word;
    while !rest.is_empty() {
        let end = rest.find(|c| !in_path(c)).unwrap_or(rest.len());
        let (path, after) = rest.split_at(end);
        let name = path.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or(path);
        out.push_str(name);
        let step = after.chars().next().map_or(0, char::len_utf8);
        let (mark, after) = after.split_at(step);
        out.push_str(mark);
        rest = after;
    }
    out
}

/// Returns true for `runner-#` and `fv-az#-#`: names that end in a number.
fn is_name_of_a_host(masked: &str) -> bool {
    masked.strip_suffix("-#").is_some_and(|name| {
        !name.is_empty()
            && name.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'#'))
    })
}

/// Returns true for the names that `mktemp` and Python's `tempfile` draw.
fn is_temporary(word: &str) -> bool {
    let drawn = word.strip_prefix("tmp.").or_else(|| word.strip_prefix("tmp"));
    drawn.is_some_and(|drawn| {
        (8..=12).contains(&drawn.len())
            && drawn.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_the_machine_or_the_terminal_changes_nothing() {
        for (a, b, alike, why) in [
            ("E   RingError: lost 3 of 8", "RingError: lost 31 of 64", true, "numbers"),
            ("cannot open '/w/ci/a/b/ring.cfg'", "cannot open '/home/me/ring.cfg'", true, "roots"),
            ("cannot open 'a/ring.cfg'", "cannot open 'a/link.cfg'", false, "another file"),
            (
                "FAILED t/a.py::b[3] - RingError: no peer for the gather",
                "RingError: no peer for the ga...",
                true,
                "a summary that was cut",
            ),
            (
                "assert left == right in the third round",
                "assert left == right in the third",
                true,
                "a last word less",
            ),
            ("no answer from peer 5", "no words from host 5", false, "other words"),
            ("gave up after 900 ms", "gave up after 1.2 s", true, "units go with the magnitude"),
            ("peer runner-12 is gone", "peer build-fleet-7 is gone", true, "hosts"),
            ("wrote /tmp/tmpab_3xk9q/x", "wrote /tmp/tmpzz81kdue/x", true, "temporary folders"),
            ("'a' &lt; 'b' &amp; more of it", "'a' < 'b' & more of it", true, "text of XML"),
            (
                "AssertionError: the ring is open",
                "the ring is open",
                true,
                "an assertion's type is not always shown",
            ),
            ("RingError: x", "LinkError: x", false, "another exception"),
            ("GET http://h1:81/a failed for good", "GET http://h2/b failed for good", true, "addresses"),
        ] {
            assert_eq!(
                Wording::of(a).is_alike(&Wording::of(b)),
                alike,
                "{why}: {:?} {:?}",
                Wording::of(a),
                Wording::of(b)
            );
            assert_eq!(Wording::of(b).is_alike(&Wording::of(a)), alike, "{why}, the other way round");
        }
    }

    #[test]
    fn what_many_tests_say_is_generic() {
        for (text, generic) in [
            ("E   assert False is True", true),
            ("AssertionError: expected 3 but got 4", true),
            ("assertion `left == right` failed", true),
            ("RingTimeout: no answer from peer 5", false),
            ("the ring is open", false),
        ] {
            assert_eq!(Wording::of(text).is_generic(), generic, "{text}");
        }
    }

    #[test]
    fn a_line_is_cut_after_its_paths_are_masked() {
        let said =
            |root: &str| Wording::of(&format!("cannot read {root}/data/set.csv for the report of the night"));
        assert!(said("/a").is_alike(&said(&"/very/long/root".repeat(40))));
    }
}
