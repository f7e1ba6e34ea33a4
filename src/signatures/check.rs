//! Whether an entry keeps its own word: its examples, its completeness, and its neighbours' lines.

use crate::signatures::catalog::Catalog;
use crate::signatures::entry::{Entry, Wording};

/// At least so many lines must match, and as many must not.
const FEWEST_EXAMPLES: usize = 2;

/// Returns what is wrong with `entry`, each with the key of its file, judged within `catalog`.
pub fn faults(catalog: &Catalog, entry: &Entry) -> Vec<String> {
    let mut faults = Vec::new();
    for (key, count) in [("matches", entry.matches.len()), ("misses", entry.misses.len())] {
        if count < FEWEST_EXAMPLES {
            faults.push(format!("{key}: {count} lines, at least {FEWEST_EXAMPLES} are needed"));
        }
    }
    if entry.causes.is_empty() {
        faults.push("causes: none named; `unknown` with weight 0 says that none is known".to_owned());
    }
    faults.extend(entry.matches.iter().enumerate().filter_map(|(index, example)| {
        must_match(catalog, entry, &example.line).map(|what| format!("matches[{index}]: {what}"))
    }));
    let tempting = entry.misses.iter().enumerate();
    faults.extend(
        tempting.filter(|(_, example)| entry.reads(example.line.as_bytes())).map(|(index, example)| {
            format!("misses[{index}]: matches although it must not: {}", example.line)
        }),
    );
    faults.extend(unused_patterns(entry));
    faults
}

fn must_match(catalog: &Catalog, entry: &Entry, line: &str) -> Option<String> {
    if !entry.reads(line.as_bytes()) {
        return Some(format!("no pattern of this entry matches: {line}"));
    }
    match catalog.find(line.as_bytes()) {
        Some(found) if found.entry.id == entry.id => None,
        Some(found) => Some(format!("{} takes this line: {line}", found.entry.id)),
        None => Some(format!("the catalog does not find this line: {line}")),
    }
}

/// Returns a fault for each pattern that no example shows at work.
fn unused_patterns(entry: &Entry) -> impl Iterator<Item = String> {
    entry.wordings.iter().enumerate().filter_map(|(index, Wording { pattern, .. })| {
        let shown = entry.matches.iter().any(|example| pattern.reads(example.line.as_bytes()));
        (!shown)
            .then(|| format!("patterns[{index}]: no line of `matches` shows it: {}", pattern.regex.text()))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::faults;
    use crate::signatures::Catalog;

    /// The families that the design names.
    const FAMILIES: &str = "tt-metal nvidia amd pcie edac kernel rdma python cpp rust go jvm javascript dotnet \
        ruby php lua sanitizer valgrind pytest gtest ctest cargo nextest go-test junit javascript-test tap github \
        gitlab jenkins buildkite slurm kubernetes compiler linker packages docker git network resources generic";

    #[test]
    fn every_entry_keeps_its_word() {
        let catalog = &Catalog::read_embedded().unwrap();
        let faults: Vec<String> = catalog
            .entries()
            .flat_map(|entry| {
                faults(catalog, entry).into_iter().map(|fault| format!("{}: {fault}", entry.id))
            })
            .collect();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }

    #[test]
    fn what_a_search_needs_stands_before_the_examples() {
        let whole = Catalog::read_embedded().unwrap();
        for (entry, quick) in whole.entries().zip(Catalog::embedded().entries()) {
            assert_eq!((&entry.id, &entry.title, &entry.key), (&quick.id, &quick.title, &quick.key));
            assert_eq!(entry.wordings.len(), quick.wordings.len(), "{}", entry.id);
        }
    }

    #[test]
    fn the_folder_is_read_as_users_folders_are() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/signatures");
        let loaded = Catalog::load(std::path::Path::new(folder)).unwrap();
        assert!(
            loaded.entries().map(|entry| &entry.id).eq(Catalog::embedded().entries().map(|entry| &entry.id))
        );
    }

    #[test]
    fn every_family_of_the_design_is_there() {
        let ids = Catalog::embedded().entries().map(|entry| entry.id.as_str());
        let families: BTreeSet<&str> = ids.filter_map(|id| id.split('/').next()).collect();
        let missing: Vec<_> =
            FAMILIES.split_whitespace().filter(|family| !families.contains(family)).collect();
        assert!(missing.is_empty(), "{missing:?}");
        assert!(Catalog::embedded().entries().count() >= 300);
    }

    #[test]
    fn a_passing_log_holds_no_known_failure() {
        for line in PASSING.lines() {
            let found = Catalog::embedded().find(line.as_bytes()).map(|found| &found.entry.id);
            assert_eq!(found, None, "{line}");
        }
    }

    /// What green runs of many tools say, with the words that tempt.
    const PASSING: &str = "\
Run actions/checkout@v4
Syncing repository: example/ring
Requirement already satisfied: pytest-timeout in ./venv/lib/python3.12/site-packages (2.3.1)
Downloading crates ...
   Compiling thiserror v2.0.12
    Finished `test` profile [unoptimized + debuginfo] target(s) in 12.40s
test errors::tests::panic_is_reported ... ok
test result: ok. 212 passed; 0 failed; 3 ignored; 0 measured; 0 filtered out; finished in 4.20s
============================= test session starts ==============================
collected 214 items / 3 deselected / 211 selected
tests/test_errors.py::test_timeout_raises_error PASSED                   [ 12%]
tests/test_errors.py::test_segfault_is_reported[SIGSEGV] PASSED          [ 13%]
=================== 211 passed, 3 deselected in 61.20s (0:01:01) ===================
[==========] 40 tests from 3 test suites ran. (512 ms total)
[  PASSED  ] 40 tests.
100% tests passed, 0 tests failed out of 57
ok  \texample.com/ring/internal/errors\t0.412s
--- PASS: TestDeadlineExceeded (0.00s)
[INFO] Tests run: 88, Failures: 0, Errors: 0, Skipped: 2
[INFO] BUILD SUCCESS
BUILD SUCCESSFUL in 41s
Tests:       0 failed, 31 passed, 31 total
  12 passing (84ms)
12 examples, 0 failures
OK (12 tests, 40 assertions)
Passed!  - Failed:     0, Passed:    25, Skipped:     0, Total:    25, Duration: 1 s
==4211== ERROR SUMMARY: 0 errors from 0 contexts (suppressed: 0 from 0)
    0 Warning(s)
    0 Error(s)
added 1412 packages, and audited 1413 packages in 31s
found 0 vulnerabilities
Retrying (Retry(total=4)) is not needed
NCCL INFO Bootstrap : Using eth0:10.0.0.4<0>
EDAC MC0: Giving out device to module skx_edac controller Skylake Socket#0
mce: CPU0: Thermal monitoring enabled (TM1)
pcieport 0000:00:1c.0: AER: enabled with IRQ 122
Closing user mode device drivers
Process completed with exit code 0.
Job succeeded
Finished: SUCCESS
exited with code 0
";
}
