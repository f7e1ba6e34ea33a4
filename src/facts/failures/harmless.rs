//! Lines that have words of failure and tell of none: advice, notes of compilers, classes of warnings.

use std::sync::{LazyLock, OnceLock};

use memchr::memmem::{Finder, find};
use regex::bytes::Regex;

use super::asides::is_aside;

/// Returns true if and only if `text`, a cleaned line, only advises, notes or warns, whatever its words.
pub fn is_harmless(text: &[u8]) -> bool {
    advises(text) || notes(text) || points_up(text) || warns(text) || is_aside(text)
}

/// With what lines begin that say what to do about a failure which other lines tell.
const ADVICE: [&str; 19] = [
    "For more info",
    "For more detail",
    "For further info",
    "For details",
    "For full details",
    "To see the ",
    "Re-run ",
    "Rerun ",
    "Run with ",
    "If you ",
    "You can ",
    "You may ",
    "Please see ",
    "Please refer ",
    "Please report ",
    "Please open ",
    "Please file ",
    "A complete log ",
    "hint: ",
];

/// What package managers print before each line of theirs.
const MARKS: [&str; 2] = ["npm ERR! ", "npm error "];

fn advises(text: &[u8]) -> bool {
    let text = text.trim_ascii_start();
    let bare = MARKS.iter().find_map(|mark| text.strip_prefix(mark.as_bytes())).unwrap_or(text);
    ADVICE.iter().any(|advice| bare.starts_with(advice.as_bytes()))
}

static NOTE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(": note: "));

/// `ring.c:12:3: note: expected 'int *'` adds to a warning or an error above it.
fn notes(text: &[u8]) -> bool {
    let before = NOTE.find(text).and_then(|note| text.get(..note));
    before.is_some_and(|place| !place.contains(&b' ') && place.last().is_some_and(u8::is_ascii_digit))
}

/// `See the error messages above`: what it points to is read instead.
fn points_up(text: &[u8]) -> bool {
    let text = text.trim_ascii_start();
    let begins = ["See ", "see ", "Please see ", "Check ", "check "];
    begins.iter().any(|verb| text.starts_with(verb.as_bytes())) && find(text, b" above").is_some()
}

static WARNING: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("Warning: "));

/// `DeprecationWarning: words`, as Python and Node.js print it: nothing failed yet. What is called unhandled did.
fn warns(text: &[u8]) -> bool {
    static CLASS: OnceLock<Regex> = OnceLock::new();
    let class = CLASS.get_or_init(|| {
        let form = r"^(?:\S+:\d+: |\(node:\d+\) )?(?:\[\w+\] )?(?P<class>[A-Z]\w*Warning): ";
        Regex::new(form).unwrap_or_else(|error| panic!("warnings: {error}"))
    });
    let names = |found: &regex::bytes::Captures<'_>| !found["class"].starts_with(b"Unhandled");
    WARNING.find(text).is_some() && class.captures(text).is_some_and(|found| names(&found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_notes_and_warnings_tell_of_no_failure() {
        for (line, harmless, why) in [
            ("For more information about the errors, see https://x", true, "advice"),
            ("npm ERR! A complete log of this run can be found in:", true, "advice behind a mark"),
            ("npm ERR! Test failed.", false, "what failed"),
            ("hint: Updates were rejected because the remote has more", true, "the error stands above it"),
            (
                "ring.c:12:3: note: expected 'int *' but argument is of type 'long *'",
                true,
                "of a warning above",
            ),
            ("link 3: note: the ring is broken", false, "no place of a compiler"),
            ("See the error messages above", true, "it points to what tells"),
            ("Check failed: size > 0", false, "a check that failed"),
            ("t.py:3: DeprecationWarning: invalid escape", true, "nothing failed yet"),
            ("(node:7) UnhandledPromiseRejectionWarning: Error: torn", false, "it was not handled"),
        ] {
            assert_eq!(is_harmless(line.as_bytes()), harmless, "{line}: {why}");
        }
    }
}
