//! Another test to hold the amplifiers against: near the one that failed, and never seen to fail.

use std::collections::BTreeMap;

use super::named_test::verdicts;
use super::subject::Test;
use crate::facts::{Facts, Place};

/// Returns a test of the same class, else of the same file, that passed in every log that shows it; of
/// several the one that most logs show, and of those the one that ran first.
pub(super) fn sibling<'f>(test: &Test, runs: impl Iterator<Item = &'f Facts>) -> Option<Test> {
    let mut seen: BTreeMap<String, (usize, bool, usize, Place)> = BTreeMap::new();
    for facts in runs {
        let verdicts = verdicts(&facts.tests).into_iter();
        for verdict in verdicts.filter(|verdict| verdict.test.framework == test.framework) {
            let at = Place::new(&facts.source.name, verdict.test.line);
            let first = seen.len();
            let entry = seen.entry(verdict.id).or_insert((0, true, first, at));
            entry.0 += usize::from(verdict.test.passed());
            entry.1 &= !verdict.test.failed;
        }
    }
    let sound = seen.into_iter().filter(|(id, (passes, sound, ..))| {
        let near = nearness(id, &test.id) > 0 || parts(&test.id).len() == 1;
        *sound && *passes > 0 && function(id) != function(&test.id) && near
    });
    let best = sound.max_by_key(|(id, (passes, _, first, _))| {
        (nearness(id, &test.id), *passes, std::cmp::Reverse(*first))
    });
    let (id, (.., at)) = best?;
    Some(Test { id, parameters: None, framework: test.framework, at })
}

/// Returns the name without parameters: other parameters of a flaky test are flaky as well.
fn function(id: &str) -> &str {
    id.split('[').next().unwrap_or(id)
}

/// Returns the folders, the file, the class and the name.
fn parts(id: &str) -> Vec<&str> {
    function(id).split(['/', ':', '.']).filter(|part| !part.is_empty()).collect()
}

/// Returns how many parts before their own names both tests share.
fn nearness(a: &str, b: &str) -> usize {
    let (a, b) = (parts(a), parts(b));
    let outer = a.len().min(b.len()).saturating_sub(1);
    a.iter().zip(&b).take(outer).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use super::super::example::facts;
    use super::*;
    use crate::facts::runners::Framework;

    fn found(framework: Framework, id: &str, failing: &str, passing: &str) -> Option<String> {
        let at = Place { source: "log".into(), line: 1 };
        let test = Test { id: id.into(), parameters: None, framework, at };
        sibling(&test, [facts("log", failing), facts("log", passing)].iter()).map(|sibling| sibling.id)
    }

    #[test]
    fn it_is_near_and_was_never_seen_to_fail() {
        let pytest = |failing: &str| {
            let passing = "t/b.py::far PASSED\nt/a.py::C::flaky PASSED\nt/a.py::C::also PASSED\n";
            found(Framework::Pytest, "t/a.py::C::flaky", failing, passing)
        };
        let near = "t/b.py::far PASSED\nt/a.py::C::also PASSED\nt/a.py::C::flaky FAILED\n";
        assert_eq!(pytest(near).as_deref(), Some("t/a.py::C::also"), "the same class");
        let fails_too = near.replace("also PASSED", "also FAILED");
        assert_eq!(pytest(&fails_too).as_deref(), Some("t/b.py::far"), "what failed once is no guard");
        let go = "--- PASS: TestSend (0.1s)\n--- FAIL: TestGather (0.1s)\n";
        assert_eq!(found(Framework::GoTest, "TestGather", go, go).as_deref(), Some("TestSend"), "no class");
    }

    #[test]
    fn other_parameters_of_the_same_test_and_skipped_tests_are_none() {
        let log = "t/a.py::flaky[2] PASSED\nt/a.py::other SKIPPED\nt/a.py::flaky[1] FAILED\n";
        assert_eq!(found(Framework::Pytest, "t/a.py::flaky[1]", log, log), None);
    }
}
