//! What varies between two runs of the same failure, replaced by typed, numbered placeholders.

use std::fmt::Write;
use std::sync::OnceLock;

use regex::Regex;
use regex_automata::meta;

use super::lists::folded;

/// What is volatile, the longer forms first, each with the name of its placeholder.
const FORMS: &[(&str, &str)] = &[
    ("url", r#"\b[a-z][a-z+]{1,9}://[^\s"'<>)\]]+"#),
    ("uuid", r"\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b"),
    (
        "time",
        r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?)?\b|\b\d{1,2}:\d\d:\d\d(?:[.,]\d+)?\b",
    ),
    ("address", r"\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b"),
    ("bus", r"\b(?:[0-9a-fA-F]{4}:)?[0-9a-fA-F]{2}:[0-9a-fA-F]{2}\.[0-7]\b"),
    ("hex", r"\b0[xX][0-9a-fA-F]+\b|\b[0-9a-f]*(?:[0-9][a-f]|[a-f][0-9])[0-9a-f]{5,}\b"),
    ("path", r"(?:[A-Za-z]:)?(?:[\w.@+~-]*[/\\])+[\w.@+~-]*"),
    (
        "duration",
        r"\b\d+(?:\.\d+)?\s?(?:ns|us|µs|ms|s|sec|secs|seconds?|minutes?|mins?|hours?|m\d+(?:\.\d+)?s)\b",
    ),
    ("size", r"\b\d+(?:\.\d+)?\s?(?:[KMGT]i?B|[kMG]?bytes|B|kB|KB)\b"),
    ("n", r"\d+(?:\.\d+)+|\d+"),
];

/// Words after which a number is meaning: exit codes, signals, statuses, error numbers.
const MEANING: &str = r"(?i)(?:\bexit(?:ed)?(?: with)?(?: status| code| value)?|\bstatus(?: code)?|\b(?:return|error|exit|response|result) code|\bcode|\bsignal|\berrno|\brc|\bhttp(?:/\d(?:\.\d)?)?|\bxid[^,]*,|\berror|\breturned(?: exit)?(?: status| code)?)[\s:=(#']*-?$";

/// Longest message that is masked; the rest repeats or is data.
const LONGEST: usize = 400;

/// Returns `message` with what is volatile replaced. Equal values get equal placeholders, so that
/// which values were equal is kept; a number that is meaning stays, and lists count as short.
///
/// ```
/// # use ndlog::inner::mask;
/// assert_eq!(mask("chip 4: read 0x1f00 at 0x1f00 after 31 ms"), "chip <n1>: read <hex1> at <hex1> after <duration1>");
/// assert_eq!(mask("worker 31 ended with exit code 137"), "worker <n1> ended with exit code 137");
/// assert_eq!(mask("error[E0463] in /home/ci/build/src/lib.rs:28"), "error[E0463] in lib.rs:<n1>");
/// ```
pub fn mask(message: &str) -> String {
    let folded = folded(message);
    let message = &folded[..folded.floor_char_boundary(LONGEST)];
    if !may_vary(message) {
        return in_one_line(message);
    }
    let mut values: Vec<(&str, &str)> = Vec::new();
    let mut masked = String::with_capacity(message.len());
    let mut done = 0;
    for found in volatile().find_iter(message) {
        let (Some((name, _)), value) = (FORMS.get(found.pattern().as_usize()), &message[found.range()])
        else {
            continue;
        };
        masked.push_str(&message[done..found.start()]);
        done = found.end();
        match *name {
            "path" => masked.push_str(&base(value.rsplit(['/', '\\']).next().unwrap_or_default())),
            "n" if is_meaning(message, found.start()) => masked.push_str(value),
            name => placeholder(name, value, &mut values, &mut masked),
        }
    }
    masked.push_str(&message[done..]);
    in_one_line(&masked)
}

/// Returns false if nothing in a message is volatile: every form holds one of these, or digits of another script.
fn may_vary(message: &str) -> bool {
    message.bytes().any(|byte| byte.is_ascii_digit() || matches!(byte, b'/' | b'\\' | b'-' | 0x80..))
}

fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Writes the placeholder of a value, which has the number of the first equal one of its kind.
fn placeholder<'m>(name: &'m str, value: &'m str, values: &mut Vec<(&'m str, &'m str)>, into: &mut String) {
    if !values.contains(&(name, value)) {
        values.push((name, value));
    }
    let number = values.iter().filter(|(kind, _)| *kind == name).position(|(_, known)| *known == value);
    // Writing to a string cannot fail.
    let _ = write!(into, "<{name}{}>", number.unwrap_or_default() + 1);
}

/// A file's own name stays, less its digits: build folders differ, the file does not.
fn base(name: &str) -> String {
    let has_letters = name.chars().any(char::is_alphabetic);
    if has_letters { undrawn(name) } else { "<path>".to_owned() }
}

/// Shortest part of a name that may have been drawn at random.
const DRAWN: usize = 6;

/// Returns the name of a file with its parts that were drawn at random left out: hexadecimal digits, and what follows
/// `tmp`.
fn undrawn(name: &str) -> String {
    let parts = name.split_inclusive(['_', '.', '-', '@', '+', '~']).map(|part| {
        let word = part.trim_end_matches(['_', '.', '-', '@', '+', '~']);
        let digit = word.bytes().any(|byte| byte.is_ascii_digit());
        let letter = word.bytes().any(|byte| byte.is_ascii_alphabetic());
        let hex = word.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let temporary =
            word.len() >= DRAWN + 3 && word.starts_with("tmp") && (digit || !word.contains("tmpl"));
        let end = &part[word.len()..];
        match () {
            () if word.len() >= DRAWN && digit && letter && hex => format!("<hex>{end}"),
            () if temporary => format!("tmp<name>{end}"),
            () => part.to_owned(),
        }
    });
    parts.collect()
}

/// A number is meaning after certain words, and as part of a code such as `E0463`.
fn is_meaning(message: &str, start: usize) -> bool {
    static AFTER: OnceLock<Regex> = OnceLock::new();
    let after = AFTER.get_or_init(|| regex(MEANING));
    let before = &message[..start];
    let code = before.chars().rev().take_while(char::is_ascii_uppercase).count();
    let glued = before.chars().rev().nth(code).is_none_or(|letter| !letter.is_alphanumeric());
    (1..=5).contains(&code) && glued || after.is_match(tail(before))
}

fn tail(text: &str) -> &str {
    &text[text.ceil_char_boundary(text.len().saturating_sub(40))..]
}

/// Tells which of the forms a text has without captures, which cost five times as much.
fn volatile() -> &'static meta::Regex {
    static FORM: OnceLock<meta::Regex> = OnceLock::new();
    FORM.get_or_init(|| {
        let forms: Vec<&str> = FORMS.iter().map(|(_, form)| *form).collect();
        meta::Regex::new_many(&forms).unwrap_or_else(|error| panic!("{forms:?}: {error}"))
    })
}

fn regex(form: &str) -> Regex {
    Regex::new(form).unwrap_or_else(|error| panic!("{form}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_meaning_stay_apart() {
        let kept = [
            "exit code 134",
            "exited with 139",
            "signal 6",
            "HTTP 404",
            "errno 28",
            "status: 503",
            "returned 2",
            "NU1605",
        ];
        for message in kept {
            assert_eq!(mask(message), message);
        }
        assert_ne!(mask("signal 6"), mask("signal 11"));
    }

    #[test]
    fn numbers_that_vary_do_not() {
        assert_eq!(mask("pid 31 of 32"), mask("pid 7 of 9"));
        assert_ne!(mask("pid 31 of 31"), mask("pid 7 of 9"), "equal values are told from different ones");
        assert_eq!(mask("10.0.0.7:80 refused"), "<address1> refused");
        assert_eq!(mask("0000:2b:00.0 fell off"), "<bus1> fell off");
    }

    #[test]
    fn names_that_were_drawn_are_left_out() {
        assert_eq!(mask("open(/ring_shm_5fe1ab2) failed"), mask("open(/ring_shm_109d2c7f) failed"));
        assert_eq!(mask("rm /tmp/tmpab12x9qz/a.c"), "rm a.c");
        assert_eq!(mask("rm /tmp/tmpab12x9qz"), mask("rm /tmp/tmpzz81x2w3"));
        assert_eq!(mask("cannot open /w/ring_v2.decade.c"), "cannot open ring_v2.decade.c");
    }

    #[test]
    fn words_are_never_masked() {
        for message in ["VM Started", "VM Paused", "added faded decade", "beef"] {
            assert_eq!(mask(message), message);
        }
    }
}
