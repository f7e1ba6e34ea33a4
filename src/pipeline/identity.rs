//! Whether the output of a run holds the failure that an oracle describes.

use std::path::Path;

use super::cluster::sign;
use super::reading::reading;
use crate::clusters::{self, Cluster};
use crate::experiment::{Comparison, Likeness, Oracle, Output};
use crate::facts::{Facts, Reading, Sought, extract};
use crate::input::{self, Limits};
use crate::signatures::Catalog;

/// Letters of a last line that are shown.
const SHOWN: usize = 160;

/// Compares the file at `path`, the output of a failing run, with the oracle.
///
/// # Errors
/// If it cannot be read.
pub fn compare_file(oracle: &Oracle, path: &Path) -> anyhow::Result<Comparison> {
    Ok(compare(oracle, &input::whole(path)?))
}

/// Compares the output of a failing run with the oracle.
pub fn compare(oracle: &Oracle, output: &[u8]) -> Comparison {
    let (facts, clusters) = read(output, Some(&oracle.sought()));
    let mut compared = oracle.compare(Output { facts: &facts, clusters: &clusters });
    compared.headline = compared.headline.or_else(|| last_line(output));
    compared
}

/// Reads the output of a run, and groups what failed in it.
fn read(output: &[u8], sought: Option<&Sought<'_>>) -> (Vec<Facts>, Vec<Cluster>) {
    let catalog = Catalog::embedded();
    let reading = Reading { setup: true, sought, ..reading(catalog) };
    let mut facts = Vec::new();
    input::open_bytes("log", output.to_vec(), &Limits::default(), &mut |source| {
        facts.push(extract(&source, &reading));
    });
    let clusters = clusters::group(facts.iter().flat_map(|facts| sign(facts, catalog)).collect());
    (facts, clusters)
}

/// Returns true if `output` holds the failure that the oracle describes.
pub fn is_same(oracle: &Oracle, output: &[u8]) -> bool {
    compare(oracle, output).likeness == Likeness::Same
}

/// Returns the line that says best how a run failed; `None` where nothing does.
pub fn headline(output: &[u8]) -> Option<String> {
    let (_, clusters) = read(output, None);
    let all = clusters.iter().flat_map(|cluster| &cluster.occurrences);
    let first = all.min_by_key(|occurrence| occurrence.rank).map(|first| first.event.message.clone());
    first.or_else(|| last_line(output))
}

/// What nothing was made of ends with the words that tell most.
fn last_line(output: &[u8]) -> Option<String> {
    let last = output.rsplit(|&byte| byte == b'\n').find(|line| !line.trim_ascii().is_empty())?;
    Some(String::from_utf8_lossy(last.trim_ascii()).chars().take(SHOWN).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::experiment::{Case, FailingRun, derive};
    use crate::findings::{ClusterSummary, Findings};
    use crate::pipeline::cluster::analyze;

    /// What belongs to one run and not to the failure.
    #[derive(Clone, Debug)]
    struct Run {
        root: String,
        width: usize,
        host: String,
        pid: u32,
        seconds: f64,
        seed: u32,
        /// The worker of pytest-xdist that had the test.
        worker: Option<u8>,
        /// It fails while the test is taken down, so that pytest calls it an error.
        teardown: bool,
        /// A last word of the message that not every run says.
        last: &'static str,
    }

    impl Run {
        fn log(&self) -> String {
            self.log_of("lost the frame of")
        }

        /// Prints what pytest prints, at this width, of a test that failed with these words.
        fn log_of(&self, words: &str) -> String {
            let Self { root, host, pid, seconds, seed, last, .. } = self;
            let (verdict, heading, title) = match self.teardown {
                true => ("ERROR", format!("ERROR at teardown of test_gather[{seed}]"), "ERRORS"),
                false => ("FAILED", format!("test_gather[{seed}]"), "FAILURES"),
            };
            let ended = |test: &str, verdict: &str| match self.worker {
                Some(worker) => format!("[gw{worker}] [ 50%] {verdict} {test}"),
                None => format!("{test} {verdict}"),
            };
            let python =
                self.worker.map(|worker| format!("[gw{worker}] linux -- Python 3.11.4 {root}/bin/python"));
            let rule = |words: &str, mark: &str| {
                // As pytest does: one mark at the least, however narrow the terminal is.
                let side = mark.repeat((self.width.saturating_sub(words.len() + 2) / 2).max(1));
                format!("{side} {words} {side}")
            };
            let message = format!(
                "RingError: worker {pid} on {host} {words} {root}/data/ring.cfg after {seconds:.2} s{last}"
            );
            let summary = format!("{verdict} tests/test_ring.py::test_gather[{seed}] - {message}");
            let cut = self.width.max(90);
            let summary = match summary.char_indices().nth(cut) {
                Some((end, _)) => format!("{}...", &summary[..end]),
                None => summary,
            };
            [
                rule("test session starts", "="),
                format!("rootdir: {root}"),
                format!("Using --randomly-seed={seed}"),
                "collected 2 items".to_owned(),
                ended("tests/test_ring.py::test_open", "PASSED"),
                ended(&format!("tests/test_ring.py::test_gather[{seed}]"), verdict),
                rule(title, "="),
                rule(&heading, "_"),
                python.map_or_else(String::new, |python| python + "\n"),
                "    def test_gather(size):".to_owned(),
                ">       gather(size)".to_owned(),
                format!("\ntests/test_ring.py:{}: ", 10 + seed % 7),
                "_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _\n".to_owned(),
                ">       raise RingError(text)".to_owned(),
                format!("E       {message}"),
                format!("\n{root}/ring.py:{}: RingError", 20 + seed % 7),
                rule("short test summary info", "="),
                summary,
                rule(
                    &format!(
                        "1 {}, 1 passed in {seconds:.2}s",
                        if self.teardown { "error" } else { "failed" }
                    ),
                    "=",
                ),
            ]
            .join("\n")
                + "\n"
        }
    }

    fn runs() -> impl Strategy<Value = Run> {
        let root = prop::collection::vec("[a-z][a-z0-9_]{0,11}", 1..8)
            .prop_map(|parts| format!("/{}", parts.join("/")));
        let host = "[a-z]{2,8}-[0-9]{1,5}";
        let numbers = (40usize..240, 1u32..99_999, 0.01f64..500.0, 0u32..9_999);
        let manner =
            (prop::option::of(0u8..16), any::<bool>(), prop::sample::select(vec!["", " altogether"]));
        (root, host, numbers, manner).prop_map(|(root, host, numbers, (worker, teardown, last))| {
            let (width, pid, seconds, seed) = numbers;
            Run { root, width, host, pid, seconds, seed, worker, teardown, last }
        })
    }

    fn oracle(log: &str) -> Oracle {
        let (facts, _) = read(log.as_bytes(), None);
        let findings: Findings = analyze(facts.clone(), Catalog::embedded(), None);
        let first = |cluster: &&ClusterSummary| cluster.occurrences.iter().any(|one| one.rank == 1);
        let cluster = findings.clusters.iter().find(first).expect("it failed");
        let occurrence = cluster.occurrences.first().expect("once");
        let failing = vec![FailingRun::new(&facts[0], occurrence)];
        let case = Case { name: "x", findings: &findings, cluster, failing, passing: Vec::new(), budget: 60 };
        derive(&case).oracle
    }

    /// Prints what pytest prints of a test whose assertion `source` failed with these words; no source without one.
    fn asserting(source: Option<&str>, message: &str) -> String {
        let traceback = match source {
            Some(source) => format!(
                "    def test_tags():\n>       {source}\nE       {message}\n\ntests/test_tags.py:3: AssertionError"
            ),
            None => format!("tests/test_tags.py:3: in test_tags\nE   {message}"),
        };
        format!(
            "===== test session starts =====\ncollected 1 item\ntests/test_tags.py::test_tags FAILED\n\n===== FAILURES =====\n\
             _____ test_tags _____\n\n{traceback}\n===== short test summary info =====\n\
             FAILED tests/test_tags.py::test_tags - {message}\n===== 1 failed in 0.10s =====\n"
        )
    }

    #[test]
    fn the_same_assertion_with_other_values_is_the_same_failure() {
        let own = "assert tags(text) == ['red', 'blue']";
        let ci = (Some(own), "AssertionError: assert ['blue', 'red'] == ['red', 'blue']");
        for (source, message, same, why) in [
            (Some(own), "AssertionError: assert ['blue'] == ['red', 'blue']", true, "the same source"),
            (
                None,
                "AssertionError: assert ['blue'] == ['red', 'blue']",
                true,
                "no source, the same but for its values",
            ),
            (
                Some("assert count(text) == []"),
                "AssertionError: assert ['blue'] == []",
                false,
                "another assertion of the test",
            ),
            (None, "AssertionError: assert 'blue' in ['red']", false, "another comparison"),
            (Some(own), "RingError: no colour of the ring is known here", false, "another exception"),
        ] {
            let compared = compare(&oracle(&asserting(ci.0, ci.1)), asserting(source, message).as_bytes());
            assert_eq!(compared.likeness == Likeness::Same, same, "{why}: {compared:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn root_width_host_process_time_seed_worker_teardown_and_a_last_word_change_nothing(ci in runs(), desk in runs()) {
            let compared = compare(&oracle(&ci.log()), desk.log().as_bytes());
            prop_assert_eq!(compared.likeness, Likeness::Same, "{:?}\n{}\n{}", compared, ci.log(), desk.log());
        }

        #[test]
        fn another_test_exception_or_message_is_never_the_same(ci in runs(), desk in runs()) {
            let oracle = oracle(&ci.log());
            let renamed = |from, to| desk.log().replace(from, to);
            for (to, log) in [
                ("test_scatter", renamed("test_gather", "test_scatter")),
                ("LinkError", renamed("RingError", "LinkError")),
                ("found no header in", desk.log_of("found no header in")),
            ] {
                let compared = compare(&oracle, log.as_bytes());
                prop_assert_ne!(compared.likeness, Likeness::Same, "{} {:?}", to, compared);
            }
        }
    }
}
