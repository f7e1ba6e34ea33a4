//! Which frames of a stack tell one failure from another.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::facts::failures::Frame;
use crate::rules::table;

/// Returns up to `most` telling frames as `function` or, without one, as the file's own name;
/// repeats of one frame count once.
pub fn telling(frames: &[Frame], most: usize) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for frame in frames.iter().filter(|frame| !is_runtime(frame)) {
        let name = name(frame);
        if names.last() != Some(&name) {
            names.push(name);
        }
        if names.len() == most {
            break;
        }
    }
    names
}

fn name(frame: &Frame) -> String {
    let file = frame.file.rsplit(['/', '\\']).next().unwrap_or_default();
    match (frame.function.as_str(), file) {
        ("", file) => file.to_owned(),
        (function, "") => function.to_owned(),
        (function, file) => format!("{function} ({file})"),
    }
}

/// Returns true if and only if the frame belongs to a language's runtime, a test framework or the
/// machinery that prints reports.
pub fn is_runtime(frame: &Frame) -> bool {
    let is_one_of = |forms: &[String], text: &str| forms.iter().any(|form| has_form(text, form));
    is_one_of(&FORMS.runtime, &frame.function) && (!frame.function.is_empty() || frame.file.is_empty())
        || is_one_of(&FORMS.files, &frame.file)
}

/// The forms of `frames.toml`.
#[derive(Deserialize)]
struct Forms {
    runtime: Vec<String>,
    files: Vec<String>,
}

static FORMS: LazyLock<Forms> = LazyLock::new(|| table!("frames").read());

/// Returns true if and only if a whole text has a form, in which each `*` stands for anything.
fn has_form(text: &str, form: &str) -> bool {
    let Some((first, others)) = form.split_once('*') else { return text == form };
    let (between, last) = others.rsplit_once('*').unwrap_or(("", others));
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    for part in between.split('*') {
        match rest.split_once(part) {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_that_of_a_whole_text() {
        for (text, form, expected) in [
            ("abort", "abort", true),
            ("aborted", "abort", false),
            ("pthread_join", "pthread_*", true),
            ("my_pthread_join", "pthread_*", false),
            ("/usr/lib/libc.so.6", "*libc.so*", true),
            ("libc.so", "*libc.so*", true),
            ("absl::x::LogMessageFatal", "absl::*LogMessage*", true),
            ("absl::LogMess", "absl::*LogMessage*", false),
            ("Py", "Py*_*", false),
            ("PyEval_Call", "Py*_*", true),
            ("aa", "a*a", true),
            ("a", "a*a", false),
            ("", "", true),
            ("x", "", false),
        ] {
            assert_eq!(has_form(text, form), expected, "{text} | {form}");
        }
    }
}
