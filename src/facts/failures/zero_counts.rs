//! Lines in which words of failure stand only beside a count or a status of 0: `9 passed, 0 failed`, `exited with code 0`.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::bytes::{NoExpand, Regex};

use super::vocabulary::{WRONG, Word, classes};

/// What may be counted.
const COUNTED: &str = "fail(?:ed|ures?|ing|s)?|err(?:ors?|ored)?|crash(?:ed|es)?|abort(?:ed|s)?|time(?:outs?|d out)|broken|unreachable|problems?|panics?|exceptions?|killed|lost|missing|hangs?|leaks?|violations?|conflicts?|critical warnings?|wrong|unexpected|undefined|invalid";

/// What stands between a part of a list and the next.
const BREAK: &str =
    r"(?:^\s*|[,;|/(\[&]\s*|:\s+|[^\x00-\x7f]\s*|\b(?:with|and|found|had|has|were|was|are|reported)\s+)";

static ZEROS: LazyLock<Regex> = LazyLock::new(|| {
    let before = format!(
        r"{BREAK}(?:0|no)\s+(?:[a-z]+(?:\(s\))?\s+){{0,2}}?(?:{COUNTED})(?:\(s\))?(?:\s+(?:tests?|occurred|found|encountered|detected|logged|reported|recorded))?(?:\s*(?:[,;|/()\[\]&.!<]|[^\x00-\x7f]|$)|\s+(?:and|in|of|out)\b)"
    );
    let qualified = "(?:(?:un)?expected |total |tests? )?";
    let label = format!(
        r#"\b{qualified}(?:{COUNTED})(?: tests?)?["'\])]*(?:\s*[:=]\s*|\s{{2,}})["'(]?0(?:["')\],;|/]|\s|$)"#
    );
    let listed = format!(r"\b{qualified}(?:{COUNTED}) 0(?:[,;|)\]]|\s*$)");
    let status = r#"\b(?:exit_?(?:ed|s)?|return_?(?:ed|s)?|exit_?code|returncode|code|status|rc)(?:\s+(?:with|code|status|value))*["']?\s*[:=]?\s*["'(]?0(?:["'),;:\]]|\.?\s|\.?$)"#;
    let form = format!("(?i-u)(?:{before}|{label}|{listed}|{status})");
    Regex::new(&form).unwrap_or_else(|error| panic!("counts of zero: {error}"))
});

/// Returns true if and only if the line has words of failure, and all of them stand beside a count or a status of 0.
pub fn only_zeros(text: &[u8]) -> bool {
    if !may_count_zero(text) {
        return false;
    }
    match ZEROS.replace_all(text, MARK) {
        Cow::Borrowed(_) => false,
        // Two counts share the mark between them, of which the first pass takes only one.
        Cow::Owned(rest) => !classes(&ZEROS.replace_all(&rest, MARK)).meets(WRONG.with(Word::Exit as u32)),
    }
}

/// Returns false if no count of a line is 0 or none: most lines need no regex.
fn may_count_zero(text: &[u8]) -> bool {
    text.contains(&b'0') || text.windows(2).any(|pair| pair.eq_ignore_ascii_case(b"no"))
}

/// Takes the place of a count, and parts what stands beside it.
const MARK: NoExpand<'static> = NoExpand(b" ; ");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_statuses_of_zero_tell_of_no_failure() {
        for line in [
            "9 successes, 0 failures, and 4 pending in 0.035 seconds.",
            "1 success / 0 failures / 0 errors / 1 pending : 0.0007 seconds",
            "0 errors \u{2714} | 0 warnings \u{2714} | 1 note \u{2716}",
            "{ \"type\": \"suite\", \"event\": \"ok\", \"passed\": 1, \"failed\": 0, \"ignored\": 0 }",
            "Synthesis finished with 0 errors, 0 critical warnings and 12 warnings.",
            "Suites: completed 14, aborted 0",
            "broken   0",
            "No Errors Logged",
            "Expected Fail:      0",
            "ring-7 client 0 exited with code 0",
            "ring : ok=17   changed=9    unreachable=0    failed=0    skipped=16",
            "<testsuite name=\"ring\" tests=\"3\" failures=\"0\" errors=\"0\">",
        ] {
            assert!(only_zeros(line.as_bytes()), "{line}");
        }
    }

    #[test]
    fn what_is_more_than_zero_counts() {
        for line in [
            "9 passed, 0 failed, 1 crashed",
            "rank 0 failed to answer",
            "failures: 10",
            "error 0x0 in the ring",
            "exited with code 1, 0 failed",
            "link 0: failed",
            "the ring failed",
            "0 links are up",
        ] {
            assert!(!only_zeros(line.as_bytes()), "{line}");
        }
    }
}
