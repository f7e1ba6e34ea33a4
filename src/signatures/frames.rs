//! Which frames of a stack tell one failure from another.

use std::sync::OnceLock;

use regex::RegexSet;
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
    let rules = rules();
    rules.functions.is_match(&frame.function) && (!frame.function.is_empty() || frame.file.is_empty())
        || rules.files.is_match(&frame.file)
}

#[derive(Deserialize)]
struct Data {
    runtime: Vec<String>,
    files: Vec<String>,
}

struct Rules {
    functions: RegexSet,
    files: RegexSet,
}

fn rules() -> &'static Rules {
    static RULES: OnceLock<Rules> = OnceLock::new();
    RULES.get_or_init(|| {
        let data: Data = table!("frames").read();
        Rules { functions: set(&data.runtime), files: set(&data.files) }
    })
}

fn set(forms: &[String]) -> RegexSet {
    let regexes = forms.iter().map(|form| format!("^{}$", regex::escape(form).replace(r"\*", ".*")));
    RegexSet::new(regexes).unwrap_or_else(|error| panic!("identity.toml: {error}"))
}
