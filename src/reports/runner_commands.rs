//! Commands that runners of CI systems read from what a step prints, taken apart so that a log cannot give any.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

/// `##[…]` of GitHub and Azure Pipelines and `##vso[…]`, `##teamcity[…]` act anywhere in a line. `::command …::` acts
/// where a line begins, and where our lines break is not known here: so where a word begins.
static COMMAND: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)##(?:vso|teamcity)?\[|(?:^|\s):(?P<colon>:)(?:add-mask|add-matcher|add-path|debug|echo|endgroup|error|group|notice|remove-matcher|save-state|set-env|set-output|stop-commands|warning)(?:\s|::)",
    )
    .ok()
});

/// Returns `text` with a blank inside each command, so that it can be read and does nothing.
pub(super) fn defused(text: &str) -> Cow<'_, str> {
    if !text.contains("##") && !text.contains("::") {
        return Cow::Borrowed(text);
    }
    let Some(command) = COMMAND.as_ref() else { return Cow::Borrowed(text) };
    let mut shown = String::new();
    let mut copied = 0;
    for found in command.captures_iter(text) {
        let Some(whole) = found.get(0) else { continue };
        // Between the two signs of either kind.
        let at = found.name("colon").map_or(whole.start() + 1, |colon| colon.start());
        shown.push_str(text.get(copied..at).unwrap_or_default());
        shown.push(' ');
        copied = at;
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    shown.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_taken_apart_and_names_stay() {
        for (text, shown) in [
            ("##[error]it failed", "# #[error]it failed"),
            ("a ##[group]b ##vso[task.setvariable]x", "a # #[group]b # #vso[task.setvariable]x"),
            ("##teamcity[testFailed]", "# #teamcity[testFailed]"),
            ("::error file=a.c::text", ": :error file=a.c::text"),
            ("::SET-OUTPUT name=x::y", ": :SET-OUTPUT name=x::y"),
            ("why  ::add-mask::secret", "why  : :add-mask::secret"),
            ("::stop-commands::token", ": :stop-commands::token"),
            ("std::error::Error ::ring::open a::error::b", "std::error::Error ::ring::open a::error::b"),
            ("## heading [1]", "## heading [1]"),
            ("tests/a.py::test_b", "tests/a.py::test_b"),
        ] {
            assert_eq!(defused(text), shown);
        }
    }
}
