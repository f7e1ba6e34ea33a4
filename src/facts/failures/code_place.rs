//! Where in the sources a failure happened: the file and line that its own lines name.

use std::sync::LazyLock;

use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event::{Event, Frame};
use super::foreign::is_foreign;
use super::workspaces::in_repository;

/// A line of a source file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CodePlace {
    /// As the log writes it, without the folder in which CI systems keep the repository.
    pub file: String,
    /// 1-based.
    pub line: u32,
}

/// Lines of a failure that are searched, and bytes of each.
const LINES: usize = 200;
const BYTES: usize = 1000;

/// `path/file.ext:12`, `path/file.ext(12)`, `path\file.cs:line 12` and `File "path/file.py", line 12`.
static PLACE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?x)
        (?P<file>(?:\b[A-Za-z]:[\\/])?[\w.@+\-/\\]*[\w+\-]
          \.(?:rs|py|go|c|cc|cpp|cxx|cu|h|hh|hpp|m|mm|java|kt|scala|groovy|js|jsx|mjs|cjs|ts|tsx|vue|rb|php|cs|fs|swift|dart|ex|exs|erl|lua|pl|pm|t|r|jl|zig|hs|ml|nim|sh|bats|sv|v|vhd))
        (?: : (?:line\s)? | \( | ",\s line\s )
        (?P<line>[1-9][0-9]{0,6})\b"#,
    )
    .ok()
});

/// Returns the line of the project's own sources in which a failure happened: that of its innermost frame, else the
/// last one named in a trace of Python, whose innermost call comes last, else the first.
pub fn code_place(event: &Event) -> Option<CodePlace> {
    among(&event.text, &event.frames, event.test.as_deref())
}

fn among(lines: &[String], frames: &[Frame], test: Option<&str>) -> Option<CodePlace> {
    let places = places(lines);
    let of_frame = |frame: &Frame| {
        let line = frame.line?;
        places.iter().find(|place| place.line == line && place.file.ends_with(frame.file.as_str())).cloned()
    };
    if let Some(place) = frames.iter().filter(|frame| !frame.file.is_empty()).find_map(of_frame) {
        return Some(place);
    }
    let own_test = |place: &&CodePlace| test.is_some_and(|test| test.starts_with(&place.file));
    places.iter().rfind(own_test).or(places.first()).cloned()
}

fn places(lines: &[String]) -> Vec<CodePlace> {
    let Some(regex) = PLACE.as_ref() else { return Vec::new() };
    let mut places = Vec::new();
    for text in lines.iter().take(LINES) {
        let mut end = text.len().min(BYTES);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        for found in regex.captures_iter(text.get(..end).unwrap_or_default()) {
            let (Some(file), Some(line)) = (found.name("file"), found.name("line")) else { continue };
            // What stands before a path that begins in the middle of an address is no path.
            let address = text
                .get(..file.start())
                .is_some_and(|before| before.ends_with("//") || before.ends_with(':'));
            let file = in_repository(&file.as_str().replace('\\', "/")).to_owned();
            if address || is_foreign(&file) {
                continue;
            }
            if let Ok(line) = line.as_str().parse() {
                places.push(CodePlace { file, line });
            }
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_the_projects_own_sources_is_named() {
        let frame =
            |file: &str, line| Frame { function: "f".to_owned(), file: file.to_owned(), line: Some(line) };
        for (text, test, frames, place, why) in [
            (
                "tests/test_ring.py:25: AssertionError",
                None,
                vec![],
                Some(("tests/test_ring.py", 25)),
                "pytest's last line",
            ),
            (
                "  File \"/usr/lib/python3.11/unittest/case.py\", line 9\n  File \"/home/runner/work/ring/ring/t/test_a.py\", line 34, in test",
                None,
                vec![],
                Some(("t/test_a.py", 34)),
                "the library's frame is not ours",
            ),
            (
                "thread 'x' panicked at src/ring.rs:12:5:\n   at /rustc/abc/library/core/src/panicking.rs:70\n   at ./src/other.rs:9:1",
                None,
                vec![frame("other.rs", 9)],
                Some(("src/other.rs", 9)),
                "the innermost frame where frames are read",
            ),
            (
                "tests/a.py:3: in helper\ntests/b.py:8: in test_b\ntests/util.py:1: Error",
                Some("tests/b.py::test_b"),
                vec![],
                Some(("tests/b.py", 8)),
                "the line of the test's own file",
            ),
            (
                "   at Ring.Tests.Opens() in D:\\a\\ring\\ring\\Tests\\Open.cs:line 77",
                None,
                vec![],
                Some(("Tests/Open.cs", 77)),
                ".NET",
            ),
            (
                "src/app.ts(3,5): error TS2345",
                None,
                vec![],
                Some(("src/app.ts", 3)),
                "a compiler with parentheses",
            ),
            ("see https://x.test/a.py:80 or a.py:0", None, vec![], None, "an address, and no line"),
            ("took 12:30:01", None, vec![], None, "a time"),
        ] {
            let lines: Vec<String> = text.lines().map(str::to_owned).collect();
            let found = among(&lines, &frames, test);
            assert_eq!(found.as_ref().map(|place| (place.file.as_str(), place.line)), place, "{why}");
        }
    }
}
