//! How to recognise a failure: its error, its place, its layer.

use std::sync::LazyLock;

use regex::Regex;

use crate::facts::failures::{Kind, is_foreign};
use crate::facts::limits::Layer;
use crate::facts::runners;

/// `File "/a/b.py", line 3` and `a/b.rs:3`.
static PLACE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    const FILE: &str = r"(?P<folder>[\w./\\@+~<>-]*[/\\])?(?P<file>[\w.-]+\.(?:py|rs|go|c|cc|cpp|cxx|h|hpp|js|mjs|cjs|ts|jsx|tsx|java|kt|rb|ex|exs|php|cs|swift|sh|bats))(?::|\x22, line )\d+";
    Regex::new(FILE).ok()
});

/// What stands before the place in a line of a traceback.
const FRAMES: [&str; 3] = ["", "File \"", "at"];

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

/// Words of a heading at the most.
const HEADING: usize = 4;
/// Words behind a place that say something.
const FEWEST_PLACED: usize = 2;

/// Returns true for a line that only announces a failure or says whose it is: a verdict, or a few words and a
/// colon. It is said of every failure of a test, so that it names none.
pub(super) fn is_heading(text: &str) -> bool {
    let text = text.trim();
    ["===", "___", "---", "***", "###"].iter().any(|rule| text.starts_with(rule))
        || runners::test_line(text.as_bytes()).is_some()
        || (text.ends_with(':') && text.split_whitespace().count() <= HEADING && exception(text).is_none())
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
}
