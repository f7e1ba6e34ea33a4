//! How the lines of tests and of their parts look.

use crate::facts::runners::{Stage, test_line};

/// Columns by which Go indents what belongs to a verdict.
pub const STEP: usize = 4;

pub fn indent(text: &str) -> usize {
    text.len() - text.trim_start_matches(' ').len()
}

/// Returns the test on which a line is the verdict that it failed.
pub fn failed(text: &str) -> Option<String> {
    let test = test_line(text.as_bytes())?;
    (matches!(test.stage, Stage::Ended(_)) && test.stage.is_failure()).then_some(test.id)
}

/// Returns the test that goes on below a line such as `=== RUN   TestRing/pop`.
pub fn marked(text: &str) -> Option<&str> {
    let mut words = text.strip_prefix("=== ")?.split_ascii_whitespace().skip(1);
    words.next().filter(|_| words.next().is_none())
}

/// Returns true for an indented line that begins with a place in the sources: `    ring_test.go:31: torn`.
pub fn is_check(text: &str) -> bool {
    let place = text.trim_start().split(' ').next().and_then(|word| word.strip_suffix(':'));
    let numbered = place.and_then(|place| place.rsplit_once(':'));
    indent(text) > 0
        && numbered.is_some_and(|(file, line)| {
            file.contains('.') && !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit())
        })
}

/// Returns true if a name is that of a part of a test, or of a part of its parts.
pub fn is_part(name: &str, whole: &str) -> bool {
    name.strip_prefix(whole).is_some_and(|rest| rest.starts_with('/'))
}
