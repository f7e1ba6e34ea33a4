//! Which strings a regex cannot match without: the reason why most lines need no regex at all.
//! The one place that is asked for them, for the prefilters and for the catalog.

use regex_syntax::hir::{Hir, HirKind};

use super::derivation::{Case, derive, key};
use super::spellings::Spellings;

/// The strings of the regexes that are part of the program, each behind its key, ascending.
/// `build.rs` derives them, for that takes longer than all else at the start.
static DERIVED: &[(u64, &[&[u8]])] = include!(concat!(env!("OUT_DIR"), "/literals.rs"));

/// Returns lower-case strings of which every line that matches `regex` holds at least one, without
/// regard to case; or what is wrong with the regex, as far as its syntax tells.
///
/// ```
/// # use ndlog::inner::required_literals;
/// assert_eq!(required_literals(r"Xid \(.*\): (\d+)").unwrap(), [b"xid (".to_vec()]);
/// assert!(required_literals(r"\d+ \w+").is_err());
/// ```
pub fn required(regex: &str) -> Result<Spellings, String> {
    known(regex, Case::Folded)
}

/// Returns strings, in their own case, of which every line that matches `regex` holds at least one.
///
/// # Errors
/// If the regex is wrong, has no such strings, or disregards case.
pub fn required_as_written(regex: &str) -> Result<Spellings, String> {
    known(regex, Case::Kept)
}

/// Returns what was derived of a regex when the program was built, or else derives it.
fn known(regex: &str, case: Case) -> Result<Spellings, String> {
    built_in(DERIVED, regex, case).map_or_else(
        || derive(regex, case),
        |strings| Ok(strings.iter().map(|string| string.to_vec()).collect()),
    )
}

/// Returns what a table that `build.rs` made, ascending by key, holds of a regex.
pub(super) fn built_in<'t, T>(table: &'t [(u64, T)], regex: &str, case: Case) -> Option<&'t T> {
    let at = table.binary_search_by_key(&key(regex, case), |(key, _)| *key).ok()?;
    table.get(at).map(|(_, held)| held)
}

/// Returns the fewest of some strings that still are in every line that one of them is in.
pub fn without_longer(mut strings: Spellings) -> Spellings {
    strings.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    let mut kept: Spellings = Vec::new();
    for string in strings {
        if !kept.iter().any(|shorter| memchr::memmem::find(&string, shorter).is_some()) {
            kept.push(string);
        }
    }
    kept
}

/// Returns the syntax tree of a regex on bytes, or what is wrong with it.
pub fn parse(regex: &str) -> Result<Hir, String> {
    let mut parser = regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build();
    parser.parse(regex).map_err(|error| error.to_string())
}

/// Returns the names of the captures of a regex that parses.
pub fn capture_names(regex: &str) -> Vec<String> {
    let mut names = Vec::new();
    if let Ok(tree) = parse(regex) {
        collect_names(&tree, &mut names);
    }
    names
}

fn collect_names(tree: &Hir, names: &mut Vec<String>) {
    match tree.kind() {
        HirKind::Capture(capture) => {
            names.extend(capture.name.as_deref().map(str::to_owned));
            collect_names(&capture.sub, names);
        }
        HirKind::Repetition(repetition) => collect_names(&repetition.sub, names),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().for_each(|part| collect_names(part, names));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{Case, DERIVED, derive, key, known, required, required_as_written, without_longer};

    #[track_caller]
    fn check(regex: &str, expected: &[&str]) {
        let found: Vec<String> =
            required(regex).unwrap().into_iter().map(|bytes| String::from_utf8(bytes).unwrap()).collect();
        assert_eq!(found, expected, "{regex}");
    }

    #[test]
    fn the_longest_fixed_part_is_required() {
        check(r"Xid \(PCI:(?P<bdf>[0-9a-f:.]+)\): (\d+)", &["xid (pci:"]);
        check(r"(?i)disk is full", &["disk is full"]);
        check(r"\bkilled\b", &["killed"]);
        check(r"x(?:[Ab]|c)(?:link (?:[Dd]own))", &["link down"]);
    }

    #[test]
    fn each_alternative_gives_one() {
        check(r"^(?:panic|fatal error): ", &["fatal error", "panic"]);
        check(r"(foo|bar\d+)+ it is late", &[" it is late"]);
    }

    #[test]
    fn what_may_be_absent_is_not_required() {
        check(r"(?:optional text)? here", &[" here"]);
        check(r"a{0,3}timeout", &["timeout"]);
    }

    #[test]
    fn a_regex_without_fixed_text_is_refused() {
        for regex in [r"\d+", r"ab", r"(\w+|error)", r".*"] {
            assert!(required(regex).is_err(), "{regex}");
        }
    }

    #[test]
    fn strings_in_their_own_case_end_where_either_case_may_stand() {
        let strings = |regex: &str| required_as_written(regex).map(|found| found.concat());
        assert_eq!(strings(r"^Xid (\d+)").unwrap(), b"Xid ");
        assert_eq!(strings(r"[a-z]est run").unwrap(), b"est run");
        assert!(required_as_written(r"(?i)test run").is_err());
    }

    #[test]
    fn a_text_of_several_spellings_is_known_by_all_of_them() {
        for (regex, expected, why) in [
            (r"^(?:exited|ended) with (\d+)", "exited with |ended with ", "alternatives"),
            (
                r"^[Tt]ests? run: \d+",
                "Test run: |Tests run: |test run: |tests run: ",
                "letters, what may be absent",
            ),
            (r"(?:(?:a|b)c)+ is late", " is late", "what is repeated has no end"),
            (r"^[a-z] to [:=]+\d", " to :| to =", "what is repeated begins with it"),
            (r"^[:=]+ to \d", ": to |= to ", "and ends with it"),
            (r"^\d+% \d", "0% |1% |2% |3% |4% |5% |6% |7% |8% |9% ", "digits, where the rest is too short"),
            (r"(?:lost)?", "", "what may be empty"),
        ] {
            let found = required_as_written(regex).unwrap_or_default();
            let mut found: Vec<String> =
                found.into_iter().map(|bytes| String::from_utf8(bytes).unwrap()).collect();
            let mut expected: Vec<&str> = expected.split('|').filter(|string| !string.is_empty()).collect();
            found.sort();
            expected.sort_unstable();
            assert_eq!(found, expected, "{regex}: {why}");
        }
    }

    #[test]
    fn a_string_within_another_makes_that_one_needless() {
        let strings = ["2 failed, ", "failed", "exit"].map(|string| string.as_bytes().to_vec());
        assert_eq!(without_longer(strings.to_vec()), [b"exit".to_vec(), b"failed".to_vec()]);
    }

    #[test]
    fn a_broken_regex_says_where() {
        assert!(required(r"Xid (\d+").unwrap_err().contains("unclosed group"));
    }

    #[test]
    fn what_was_derived_when_the_program_was_built_is_what_would_be_derived_now() {
        let table: serde_json::Value = crate::rules::table!("ends").read();
        let rows = table["row"].as_array().unwrap();
        for regex in rows.iter().map(|row| row["pattern"].as_str().unwrap()) {
            for case in [Case::Kept, Case::Folded] {
                assert_eq!(known(regex, case), derive(regex, case), "{regex}");
            }
            let held = DERIVED.binary_search_by_key(&key(regex, Case::Kept), |(key, _)| *key);
            assert_eq!(held.is_ok(), derive(regex, Case::Kept).is_ok(), "{regex} is derived at each start");
        }
    }
}
