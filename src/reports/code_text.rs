//! Text of a log as code in Markdown, which nothing in it can end.

/// Returns a code span; its fence is longer than any run of backticks in the text (CommonMark 6.1). The text is one line
/// in which nothing acts.
pub fn code_span(text: &str) -> String {
    let longest = longest_run(text);
    let fence = "`".repeat(longest + 1);
    let space = if longest > 0 || text.trim().is_empty() { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// Returns a fence for a block of these lines.
pub fn fence<'l>(lines: impl Iterator<Item = &'l str>) -> String {
    "`".repeat(lines.map(longest_run).max().unwrap_or(0).max(2) + 1)
}

/// Returns the length of the longest run of backticks.
pub(super) fn longest_run(text: &str) -> usize {
    text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0)
}
