//! How to recognise a failure: its line, its regular expression, its frames, its layer.

use std::sync::LazyLock;

use regex::{Regex, RegexBuilder};

use crate::facts::failures::{Kind, is_foreign};
use crate::facts::limits::Layer;
use crate::facts::runners;

/// Longest regular expression, in characters of the line that it is made from.
const LONGEST: usize = 160;
/// Words before a value in brackets that recognise a line without it.
const LEAST_WORDS: usize = 4;
/// Wordings kept beside one another.
const MOST_FORMS: usize = 4;
/// `File "/a/b.py", line 3` and `a/b.rs:3`.
static PLACE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    const FILE: &str = r"(?P<folder>[\w./\\@+~<>-]*[/\\])?(?P<file>[\w.-]+\.(?:py|rs|go|c|cc|cpp|cxx|h|hpp|js|mjs|cjs|ts|jsx|tsx|java|kt|rb|ex|exs|php|cs|swift|sh|bats))(?::|\x22, line )\d+";
    Regex::new(FILE).ok()
});

/// What stands before the place in a line of a traceback.
const FRAMES: [&str; 3] = ["", "File \"", "at"];

/// Returns a regular expression that finds all these lines: what varies by nature (numbers,
/// addresses, folders) is loose, as is each word that differs between them; the rest is literal.
///
/// It uses only what Perl, RE2, Python and Rust share, and is not anchored.
pub(super) fn regex(lines: &[&str]) -> String {
    let mut forms: Vec<Vec<String>> = Vec::new();
    for line in lines {
        let words: Vec<String> = cut(line).split_whitespace().map(loose).collect();
        let taken = words.is_empty() || forms.iter_mut().any(|form| joins(form, &words));
        if !taken && forms.len() < MOST_FORMS {
            forms.push(words);
        }
    }
    forms.iter().map(|words| words.join(r"\s+")).collect::<Vec<_>>().join("|")
}

/// Makes `form` find `words` as well, where at least half of it stays literal.
fn joins(form: &mut Vec<String>, words: &[String]) -> bool {
    let equal = form.iter().zip(words).filter(|(a, b)| a == b).count();
    let begin = form.iter().zip(words).take_while(|(a, b)| a == b).count();
    if form.len() == words.len() && equal * 2 >= form.len() {
        for (word, _) in form.iter_mut().zip(words).filter(|(a, b)| a != b) {
            *word = r"\S+".to_owned();
        }
        return true;
    }
    let fits = begin >= 2 && begin * 2 >= form.len();
    if fits {
        form.truncate(begin);
    }
    fits
}

/// Returns the regular expression compiled as the trials use it.
pub(super) fn compiled(regex: &str) -> Option<Regex> {
    RegexBuilder::new(regex).multi_line(true).build().ok().filter(|_| !regex.is_empty())
}

/// Cuts a long line before the first value that is written out in brackets, else at a blank before
/// the longest length.
fn cut(line: &str) -> &str {
    let line = line.trim();
    match line.char_indices().nth(LONGEST) {
        None => line,
        Some((end, _)) => {
            let head = line.get(..end).unwrap_or(line);
            let plain = head.find(['[', '{']).and_then(|dump| head.get(..dump)).unwrap_or_default();
            if plain.split_whitespace().count() >= LEAST_WORDS {
                return plain.trim_end();
            }
            head.rsplit_once(char::is_whitespace).map_or(head, |(head, _)| head)
        }
    }
}

/// Returns one word as a regular expression.
fn loose(word: &str) -> String {
    if word.contains('/') && !word.contains("://") {
        let (_, name) = word.rsplit_once('/').unwrap_or(("", word));
        return format!(r"\S*/{}", loose_numbers(name));
    }
    loose_numbers(word)
}

fn loose_numbers(word: &str) -> String {
    let mut out = String::new();
    let mut rest = word;
    while let Some(character) = rest.chars().next() {
        let (pattern, length) = match number(rest) {
            Some((pattern, length)) => (pattern.to_owned(), length),
            None => (literal(character), character.len_utf8()),
        };
        out.push_str(&pattern);
        rest = rest.get(length..).unwrap_or_default();
    }
    out
}

/// Returns the character as it stands in a regular expression of any of the four tools.
fn literal(character: char) -> String {
    let special = r".^$*+?()[]{}|\".contains(character);
    if special { format!("\\{character}") } else { character.to_string() }
}

/// Returns the pattern and length of the number or address at the front.
fn number(text: &str) -> Option<(&'static str, usize)> {
    let run = |text: &str, fits: fn(char) -> bool| text.find(|c: char| !fits(c)).unwrap_or(text.len());
    let digit = |c: char| c.is_ascii_digit();
    if let Some(rest) = text.strip_prefix("0x") {
        let length = run(rest, |c| c.is_ascii_hexdigit());
        return (length > 0).then_some(("0x[0-9a-fA-F]+", length + 2));
    }
    let hex = run(text, |c| c.is_ascii_hexdigit());
    let head = text.get(..hex).unwrap_or_default();
    if hex >= 8 && head.contains(digit) && head.contains(|c: char| c.is_ascii_alphabetic()) {
        return Some(("[0-9a-fA-F]+", hex));
    }
    let whole = run(text, |c| c.is_ascii_digit());
    if whole == 0 {
        return None;
    }
    let fraction = text
        .get(whole..)
        .and_then(|rest| rest.strip_prefix('.'))
        .map_or(0, |rest| run(rest, |c| c.is_ascii_digit()));
    if fraction > 0 { Some((r"\d+(?:\.\d+)?", whole + 1 + fraction)) } else { Some((r"\d+", whole)) }
}

/// Returns the text with its numbers and addresses as `#`: equal for lines that say the same.
pub(super) fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.trim();
    while let Some(character) = rest.chars().next() {
        let length = match number(rest) {
            Some((_, length)) => {
                out.push('#');
                length
            }
            None => {
                out.push(character);
                character.len_utf8()
            }
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    out
}

/// Returns the type or code of the error that the words begin with: `AssertionError`, `SIGSEGV`.
pub(super) fn exception(message: &str) -> Option<String> {
    let message = message.trim_start_matches(['E', ' ', '>']).trim_start();
    let words = message.split(|c: char| c.is_whitespace() || c == ':' || c == '(' || c == ',');
    let found = words.take(8).find(|word| is_exception(word.trim_end_matches(['.', '!'])))?;
    let name = found.trim_end_matches(['.', '!']);
    Some(name.rsplit(['.', ':']).next().unwrap_or(name).to_owned())
}

fn is_exception(word: &str) -> bool {
    let named = ["Error", "Exception", "Timeout", "Expired", "Interrupt", "Fault"];
    let type_like = word.starts_with(|c: char| c.is_ascii_uppercase() || c.is_ascii_lowercase())
        && word.rsplit('.').next().is_some_and(|last| last.starts_with(|c: char| c.is_ascii_uppercase()))
        && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))
        && named.iter().any(|end| word.ends_with(end) && word.len() > end.len());
    let signal = word.len() > 4 && word.starts_with("SIG") && word.chars().all(|c| c.is_ascii_uppercase());
    type_like || signal || matches!(word, "TT_THROW" | "TT_FATAL" | "TT_ASSERT" | "panicked")
}

/// Returns the file that raised a failure, without its folders: the innermost one of the project that
/// these lines name with a line number. A line of a traceback goes before any other, as the program's own log names
/// files as well.
pub(super) fn place(lines: &[&str]) -> Option<String> {
    let named = PLACE.as_ref()?;
    let own = lines.iter().flat_map(|line| {
        named.captures_iter(line).filter_map(|found| {
            let (whole, file) = (found.get(0)?, found.name("file")?);
            let folder = found.name("folder").map_or("", |folder| folder.as_str());
            let before = line.get(..whole.start())?.trim();
            (!is_foreign(folder)).then(|| (FRAMES.contains(&before), file.as_str()))
        })
    });
    // Of equals the last one counts.
    own.max_by_key(|(is_frame, _)| *is_frame).map(|(_, file)| file.to_owned())
}

/// Words behind a place that say something.
const FEWEST_PLACED: usize = 2;

/// Returns true for a line that only announces a failure or says whose it is: a verdict, or a few words and a
/// colon. It is said of every failure of a test, so that it names none.
pub(super) fn is_heading(text: &str) -> bool {
    let text = text.trim();
    ["===", "___", "---", "***", "###"].iter().any(|rule| text.starts_with(rule))
        || runners::test_line(text.as_bytes()).is_some()
        || (text.ends_with(':')
            && text.split_whitespace().count() <= LEAST_WORDS
            && exception(text).is_none())
}

/// Returns true for words behind the place that said them: `ring_test.go:10: popped 4, want 3`.
pub(super) fn is_placed(text: &str) -> bool {
    let Some((place, words)) = text.trim().split_once(": ") else { return false };
    let place = place.split_once(':').map(|(file, lines)| (file, lines.split(':')));
    let is_place = place.is_some_and(|(file, mut lines)| {
        let is_file =
            file.rsplit_once('.').is_some_and(|(name, ending)| !name.is_empty() && !ending.is_empty());
        is_file && !file.contains(' ') && lines.all(|number| number.parse::<u32>().is_ok())
    });
    is_place && words.split_whitespace().count() >= FEWEST_PLACED
}

/// Returns whose limit or check spoke, from the kind of the event and, for a limit, its layer.
pub(super) fn layer(kind: Kind, known: Option<&str>, limit: Option<Layer>) -> Layer {
    let family = known.and_then(|known| known.split_once('/')).map_or("", |(family, _)| family);
    match (kind, family) {
        (Kind::Timeout | Kind::Silence, _) if limit.is_some() => limit.unwrap_or(Layer::Program),
        (Kind::Hardware, _) | (_, "tt-metal" | "nvidia" | "amd" | "pcie") => Layer::Device,
        (_, "kernel") => Layer::Kernel,
        (_, "nccl" | "rdma" | "mpi") => Layer::Collective,
        (Kind::Kill, _) => Layer::Runner,
        (Kind::Test, _) => Layer::Test,
        (Kind::Command, _) => Layer::Job,
        _ => Layer::Program,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_behind_a_place_are_told_from_names_times_and_places_alone() {
        for (text, expected) in [
            ("    ring_test.go:10: popped 4, want 3", true),
            ("lib/ring.rs:9:14: torn at the seam", true),
            ("gtest/ring_test.cc:9: Failure", false),
            ("tests/test_ring.py:12: AssertionError", false),
            ("12:10: popped 4 of 3", false),
            ("note: run with more words", false),
            ("ring a.go:10: popped 4", false),
        ] {
            assert_eq!(is_placed(text), expected, "{text}");
        }
    }

    fn check(lines: &[&str], expected: &str) {
        assert_eq!(regex(lines), expected);
        let compiled = compiled(expected).unwrap();
        for line in lines {
            assert!(compiled.is_match(line), "{expected} does not find {line}");
        }
    }

    #[test]
    fn what_varies_by_nature_is_loose_and_the_rest_literal() {
        check(
            &["lost 3 frames (0x7ffe) after 1.5 s"],
            r"lost\s+\d+\s+frames\s+\(0x[0-9a-fA-F]+\)\s+after\s+\d+(?:\.\d+)?\s+s",
        );
        check(&["  /home/a/b/ring.c:12: bad"], r"\S*/ring\.c:\d+:\s+bad");
        check(&["object deadbeef01 is gone"], r"object\s+[0-9a-fA-F]+\s+is\s+gone");
        check(&["see http://x/y/z"], r"see\s+http://x/y/z");
    }

    #[test]
    fn what_differs_between_runs_is_loose() {
        check(&["peer alpha left the ring", "peer beta left the ring"], r"peer\s+\S+\s+left\s+the\s+ring");
        check(&["lost a frame", "lost a frame and then more"], r"lost\s+a\s+frame");
        check(&["no answer", "link is down"], r"no\s+answer|link\s+is\s+down");
    }

    #[test]
    fn a_long_line_is_cut_between_words() {
        let line = "word ".repeat(100);
        assert!(regex(&[&line]).ends_with("word") && regex(&[&line]).len() < 400);
        let dump = format!("case 3 of seed 7 failed: [{}]", "Span { start: 1 }, ".repeat(20));
        assert_eq!(regex(&[&dump]), r"case\s+\d+\s+of\s+seed\s+\d+\s+failed:");
    }

    #[test]
    fn exceptions_are_found_where_the_words_begin_with_one() {
        for (message, expected) in [
            ("E   AssertionError: 1 != 2", Some("AssertionError")),
            ("TestTimeout: test_live exceeded 2.0 s", Some("TestTimeout")),
            ("java.util.concurrent.TimeoutException: x", Some("TimeoutException")),
            ("Failed: Timeout >30.0s", None),
            ("thread 'main' panicked at src/a.rs:3", Some("panicked")),
            ("killed by SIGSEGV", Some("SIGSEGV")),
            ("link 1: ERROR: link not trained", None),
        ] {
            assert_eq!(exception(message).as_deref(), expected, "{message}");
        }
    }

    #[test]
    fn a_heading_names_no_failure() {
        for (text, heading) in [
            ("failures:", true),
            ("======= FAILURES =======", true),
            ("ERROR: test_live (__main__.Case.test_live)", true),
            ("t.py::a FAILED", true),
            ("RingError: lost", false),
            ("RingError:", false),
            ("timed out after 3 s: 119 of 160 done", false),
        ] {
            assert_eq!(is_heading(text), heading, "{text}");
        }
    }

    #[test]
    fn the_place_is_the_innermost_file_of_the_project() {
        for (lines, expected) in [
            (&["t/test_a.py:12: in test_a", "a/ring.py:9: RingError"][..], Some("ring.py")),
            (
                &[
                    "  File \"/w/ring.py\", line 3, in x",
                    "  File \"/usr/lib/python3.11/queue.py\", line 9, in get",
                ],
                Some("ring.py"),
            ),
            (&["thread 'main' panicked at src/ring.rs:3:5:"], Some("ring.rs")),
            (&["at 10:22:31 it was over"], None),
            (
                &[
                    "t/test_a.py:12: AssertionError",
                    "---- Captured log call ----",
                    "WARNING  ring:ring.py:9 peer 3 is late",
                ],
                Some("test_a.py"),
            ),
        ] {
            assert_eq!(place(lines).as_deref(), expected, "{lines:?}");
        }
    }

    proptest! {
        #[test]
        fn it_always_compiles_and_finds_its_own_line(line in "[ -~äß∞]{1,200}") {
            prop_assume!(!line.trim().is_empty());
            let compiled = compiled(&regex(&[&line])).expect("it compiles");
            prop_assert!(compiled.is_match(&line));
        }

        #[test]
        fn it_finds_both_lines(a in "[a-c0-9 ]{1,40}", b in "[a-c0-9 ]{1,40}") {
            prop_assume!(!a.trim().is_empty() && !b.trim().is_empty());
            let compiled = compiled(&regex(&[&a, &b])).expect("it compiles");
            prop_assert!(compiled.is_match(&a) && compiled.is_match(&b));
        }
    }
}
