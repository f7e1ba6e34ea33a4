//! Tests that are printed one by one to the last one planned: TAP, and `PASS: name` lines.

use super::end::{End, Scope, Verdict};
use crate::text::lines::{Index, Line};
use crate::text::records::Reader;

/// Lines from the end in which the last test of a plan stands.
const TAIL: u64 = 200;

/// Returns the last line of a run that went well to the end: the last test of a plan, or a `PASS: name` after
/// which nothing comes.
pub fn whole(index: &Index<'_>, reader: &Reader) -> Option<End> {
    let (mut planned, mut last, mut reached) = (None, None, None);
    for line in index.range(index.lines().saturating_sub(TAIL), index.lines()) {
        let message = reader.message(line);
        let text = message.trim_ascii();
        if let Some(count) = text.strip_prefix(b"1..") {
            planned = number(count);
            last = last.or(reached.filter(|(number, _)| Some(*number) == planned).map(|(_, line)| line));
        } else if is_failure(text) || text.starts_with(b"Bail out!") {
            return None;
        } else if let Some(rest) = text.strip_prefix(b"ok ") {
            reached = number(rest).map(|number| (number, line));
            last = reached.filter(|(number, _)| Some(*number) == planned).map(|(_, line)| line);
        } else if text.starts_with(b"PASS: ") {
            last = Some(line);
        } else if !text.is_empty() && !text.starts_with(b"#") && planned.is_none() {
            last = None;
        }
    }
    last.map(|line| end(line, reader))
}

/// A test that failed and was not expected to.
fn is_failure(text: &[u8]) -> bool {
    let expected = |mark: &[u8]| memchr::memmem::find(text, mark).is_some();
    text.starts_with(b"not ok ") && !expected(b"# TODO") && !expected(b"# SKIP") && !expected(b"# skip")
}

fn number(text: &[u8]) -> Option<u64> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    str::from_utf8(text.get(..digits)?).ok()?.parse().ok()
}

fn end(line: Line<'_>, reader: &Reader) -> End {
    let message = reader.message(line);
    End {
        scope: Scope::Suite,
        verdict: Verdict::Pass,
        line: line.number,
        text: String::from_utf8_lossy(message.trim_ascii()).into_owned(),
        rule: "plan".to_owned(),
        subject: None,
        failed: None,
        passed: None,
        times: 1,
        closing: false,
        last_words: false,
        loose: false,
    }
}
