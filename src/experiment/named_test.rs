//! The test that failed: how its runner can be asked for it, and what ran before it.

use super::subject::{Order, Predecessor, Test};
use crate::facts::runners::Framework;
use crate::facts::{Place, TestResult, TestResults};

/// Preceding tests kept; the nearest are the most suspect.
const MOST_PRECEDING: usize = 64;

/// What stands between the parts of a test's name.
const JOINTS: [&str; 5] = ["/", ":", ".", " › ", " > "];

/// How one test ended, by the name by which its runner can be asked for it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Verdict<'t> {
    pub id: String,
    pub test: &'t TestResult,
    /// True if only a summary names it, which tells nothing of the order.
    is_summary: bool,
}

/// Returns the tests that ended, in order.
pub(super) fn verdicts<'t>(tests: &'t TestResults) -> Vec<Verdict<'t>> {
    let verdict = |is_summary| {
        move |test: &'t TestResult| Verdict { id: callable(test.framework, &test.name), test, is_summary }
    };
    let ended = tests.ran.iter().filter(|test| !test.word.is_empty()).map(verdict(false));
    let mut verdicts: Vec<Verdict<'t>> = ended.chain(tests.summed.iter().map(verdict(true))).collect();
    verdicts.sort_by_key(|verdict| verdict.test.line);
    verdicts
}

/// Returns the test that failed: the one that the finding names, else the first that the log says
/// failed. `at` is the finding's line. The name is the one of the runner's own verdict, for a heading
/// leaves out the file.
pub(super) fn failed(source: &str, verdicts: &[Verdict<'_>], named: Option<&str>, at: u64) -> Option<Test> {
    let named = named.filter(|named| !is_time(named)).map(plain);
    let failures = || verdicts.iter().filter(|verdict| verdict.test.failed && !is_time(&verdict.id));
    let wanted = named.as_ref().or_else(|| failures().next().map(|first| &first.id));
    let same = |verdict: &&Verdict<'_>| wanted.is_some_and(|wanted| is_same(&verdict.id, wanted));
    // A summary names the suite as well, and its runner; of equals the first counts.
    let says = |verdict: &&Verdict<'_>| {
        let suite = JOINTS.iter().any(|joint| joint.ends_with(' ') && verdict.id.contains(joint));
        (verdict.test.framework != Framework::Command, suite)
    };
    let seen = failures().rev().filter(same).max_by_key(says);
    let seen = seen.map(|seen| spec_of(seen, verdicts).unwrap_or(seen));
    // A heading that no verdict repeats cannot be run; the only test that failed is the one.
    let seen = seen.or_else(|| {
        let heading = named.as_ref().is_some_and(|named| !is_runnable(named));
        let mut names: Vec<&Verdict<'_>> = failures().filter(|_| heading).collect();
        names.dedup_by(|a, b| a.id == b.id);
        names.first().copied().filter(|_| names.len() == 1)
    });
    let (id, framework, line) = match (seen, named) {
        (Some(verdict), _) => (verdict.id.clone(), verdict.test.framework, verdict.test.line),
        (None, Some(named)) => {
            let framework = shape_of(&named, verdicts);
            if framework == Framework::Pytest && !is_runnable(&named) {
                return None;
            }
            (named.clone(), framework, at)
        }
        (None, None) => return None,
    };
    let id = once(verdicts, &id).to_owned();
    let at = Place::new(source, line);
    Some(Test { parameters: parameters(framework, &id), id, framework, at })
}

/// Returns true for what stands in place of a name in `• Failure [0.003 seconds]` of Ginkgo.
pub(super) fn is_time(name: &str) -> bool {
    name.strip_prefix('[')
        .and_then(|name| name.strip_suffix(" seconds]"))
        .is_some_and(|time| time.parse::<f64>().is_ok())
}

/// Returns the spec of Ginkgo that failed, where Go names only the function that runs them all.
fn spec_of<'a, 't>(seen: &Verdict<'_>, verdicts: &'a [Verdict<'t>]) -> Option<&'a Verdict<'t>> {
    let is_spec =
        |verdict: &&'a Verdict<'t>| verdict.test.framework == Framework::Ginkgo && !is_time(&verdict.id);
    let mut specs = verdicts.iter().filter(|verdict| verdict.test.failed).filter(is_spec);
    let first = specs.next().filter(|_| seen.test.framework == Framework::GoTest)?;
    specs.all(|other| other.id == first.id).then_some(first)
}

/// Returns what ran before the test: on its own worker where workers are named.
pub(super) fn order(source: &str, verdicts: &[Verdict<'_>], test: &Test) -> Option<Order> {
    let own = verdicts.iter().position(|verdict| !verdict.is_summary && is_same(&verdict.id, &test.id))?;
    let worker = verdicts.get(own)?.test.worker.clone();
    let before =
        verdicts.iter().take(own).filter(|verdict| !verdict.is_summary && verdict.test.worker == worker);
    let mut preceding: Vec<Predecessor> = before
        .map(|verdict| Predecessor {
            id: verdict.id.clone(),
            verdict: verdict.test.word.clone(),
            at: Place::new(source, verdict.test.line),
        })
        .collect();
    let not_shown = preceding.len().saturating_sub(MOST_PRECEDING);
    preceding.drain(..not_shown);
    (!preceding.is_empty()).then_some(Order { worker, preceding, not_shown: not_shown as u64 })
}

/// Returns true where both name one test; a finding may leave out the folder or the class, and pytest heads
/// the traceback of `t.py::Class::test_a` with `Class.test_a`.
pub(super) fn is_same(id: &str, named: &str) -> bool {
    let (id, named) = (&id.replace("::", "."), &named.replace("::", "."));
    let ends = |long: &str, short: &str| {
        long.strip_suffix(short)
            .is_some_and(|rest| rest.is_empty() || JOINTS.iter().any(|joint| rest.ends_with(joint)))
    };
    ends(id, named) || ends(named, id)
}

/// Returns the name of a test without its parameters, the number of its repetition and its group.
pub(super) fn base(id: &str) -> &str {
    // Brackets behind a blank are a word of the name: `Ring [It] pops`.
    let brackets =
        id.match_indices('[').find(|(at, _)| !id.get(..*at).is_some_and(|before| before.ends_with(' ')));
    let id = brackets.and_then(|(at, _)| id.get(..at)).unwrap_or(id);
    match id.rsplit_once('@') {
        Some((base, group)) if base.contains("::") && !group.contains(['/', ':']) => base,
        _ => id,
    }
}

/// Returns the name by which the runner can be asked for the test: `test_a (pkg.Class)` and
/// `test_a (pkg.Class.test_a)` of unittest are both `pkg.Class.test_a`.
fn callable(framework: Framework, id: &str) -> String {
    if framework != Framework::Unittest {
        return id.to_owned();
    }
    let Some((name, place)) = id.split_once(" (") else { return id.to_owned() };
    // What a subtest adds, ` [first] (size=3)`, stands behind the bracket.
    let place = place.split(')').next().unwrap_or(place);
    let place = place.strip_prefix("__main__.").unwrap_or(place);
    if place.ends_with(&format!(".{name}")) { place.to_owned() } else { format!("{place}.{name}") }
}

/// Returns the callable name of a test that a finding names as its runner printed it.
pub(super) fn plain(named: &str) -> String {
    // `pops the last (all lanes)` is no test of a class.
    let of_unittest = named.split_once(" (").and_then(|(name, rest)| {
        let (place, more) = rest.split_once(')')?;
        Some((name, place)).filter(|_| more.is_empty() || more.starts_with(" (") || more.starts_with(" ["))
    });
    let of_unittest = of_unittest.is_some_and(|(name, place)| !name.contains(' ') && !place.contains(' '));
    callable(if of_unittest { Framework::Unittest } else { Framework::Command }, named)
}

/// Returns what stands in the brackets of pytest or after the slash of gtest.
fn parameters(framework: Framework, id: &str) -> Option<String> {
    match framework {
        Framework::Pytest => Some(id.split_once('[')?.1.strip_suffix(']')?.to_owned()),
        Framework::Gtest => {
            let (_, last) = id.rsplit_once('/')?;
            last.parse::<u64>().is_ok().then(|| last.to_owned())
        }
        _ => None,
    }
}

/// Returns true if a runner of Python's tests can be asked for it by this name.
fn is_runnable(named: &str) -> bool {
    named.contains(".py::") || !named.contains(' ') && named.contains('/')
}

/// Returns the name without the number of its repetition, `[2-10]` of pytest-repeat: the log then holds
/// others of the same row. Alone it may as well be two parameters.
fn once<'a>(verdicts: &[Verdict<'_>], id: &'a str) -> &'a str {
    let Some((base, number, of)) = repetition(id) else { return id };
    let others = verdicts.iter().filter_map(|verdict| repetition(&verdict.id));
    let row = others.filter(|(other, _, of_all)| *other == base && *of_all == of);
    let mut numbers: Vec<u64> = row.map(|(_, number, _)| number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let all = numbers.len() as u64 == of && numbers.first() == Some(&1) && numbers.last() == Some(&of);
    if number <= of && of > 1 && all { base } else { id }
}

/// Returns the name, the number and the count of `name[2-10]` and `name[a-2-10]`.
fn repetition(id: &str) -> Option<(&str, u64, u64)> {
    let (base, brackets) = id.split_once('[')?;
    let (rest, of) = brackets.strip_suffix(']')?.rsplit_once('-')?;
    let number = rest.rsplit('-').next().unwrap_or(rest);
    (rest == number).then_some(())?;
    Some((base, number.parse().ok()?, of.parse().ok()?))
}

/// Guesses the framework from the name, else from what else the log ran.
fn shape_of(named: &str, verdicts: &[Verdict<'_>]) -> Framework {
    match named {
        _ if named.contains(".py::") => Framework::Pytest,
        _ => verdicts.first().map_or(Framework::Command, |verdict| verdict.test.framework),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::facts::test_results::test_results;
    use crate::text::lines::Index;
    use crate::text::records::Reader;

    fn read(text: &str) -> TestResults {
        test_results(&Index::new(text.as_bytes()), &Reader::guess(text.as_bytes()))
    }

    #[test]
    fn a_test_of_unittest_is_called_by_its_path() {
        for (line, id) in [
            ("test_a (pkg.test_x.Case) ... ok", "pkg.test_x.Case.test_a"),
            ("FAIL: test_a (pkg.test_x.Case.test_a)", "pkg.test_x.Case.test_a"),
            ("ERROR: test_a (__main__.Case)", "Case.test_a"),
            ("FAIL: test_a (pkg.test_x.Case.test_a) (size=9)", "pkg.test_x.Case.test_a"),
            ("FAIL: test_a (pkg.test_x.Case.test_a) [first] (size=9)", "pkg.test_x.Case.test_a"),
            ("[       OK ] Ring.Gather/3 (12 ms)", "Ring.Gather/3"),
        ] {
            let tests = read(line);
            assert_eq!(verdicts(&tests)[0].id, id, "{line}");
        }
    }

    #[test]
    fn the_summary_that_names_the_suite_names_the_test() {
        let found = |text: &str, named: Option<&str>| {
            let test = failed("a.log", &verdicts(&read(text)), named, 9).unwrap();
            (test.framework, test.id)
        };
        let jest = "    ✕ pops (12 ms)\n  ● Ring › pops\n";
        for named in [Some("pops"), None] {
            assert_eq!(found(jest, named), (Framework::Jest, "Ring › pops".to_owned()), "{named:?}");
        }
        let ginkgo = "[Fail] Ring [It] pops\n--- FAIL: TestRing (0.00s)\n";
        assert_eq!(found(ginkgo, Some("TestRing")), (Framework::Ginkgo, "Ring [It] pops".to_owned()));
        let two = "[Fail] Ring [It] pops\n[Fail] Ring [It] opens\n--- FAIL: TestRing (0.00s)\n";
        assert_eq!(found(two, Some("TestRing")).0, Framework::GoTest, "which of them is not known");
    }

    #[test]
    fn the_running_order_is_that_of_the_failing_worker() {
        let log = "[gw0] [10%] PASSED t.py::a\n[gw1] [20%] PASSED t.py::b\n[gw0] [30%] PASSED t.py::c\n[gw0] [40%] FAILED t.py::d[8]\nFAILED t.py::d[8] - boom\n";
        let tests = read(log);
        let verdicts = verdicts(&tests);
        let test = failed("a.log", &verdicts, Some("t.py::d[8]"), 9).unwrap();
        assert_eq!((test.parameters.as_deref(), test.at.line), (Some("8"), 4));
        let order = order("a.log", &verdicts, &test).unwrap();
        let before: Vec<_> = order.preceding.iter().map(|p| p.id.as_str()).collect();
        assert_eq!((before, order.worker.as_deref()), (vec!["t.py::a", "t.py::c"], Some("gw0")));
    }

    #[test]
    fn a_test_is_called_as_its_runner_can_be_asked_for_it() {
        let printed = "test_a (pkg.t.Case.test_a)";
        for log in [&format!("{printed} ... FAIL"), ""] {
            assert_eq!(
                failed("a.log", &verdicts(&read(log)), Some(printed), 7).unwrap().id,
                "pkg.t.Case.test_a",
                "{log}"
            );
        }
    }

    #[test]
    fn a_repetition_is_taken_off_where_its_whole_row_is_there() {
        let row = "t.py::a[1-2] PASSED\nt.py::a[2-2] FAILED\n";
        assert_eq!(failed("a.log", &verdicts(&read(row)), None, 1).unwrap().id, "t.py::a");
        let alone = "t.py::a[3-4] PASSED\nt.py::a[2-2] FAILED\n";
        assert_eq!(
            failed("a.log", &verdicts(&read(alone)), None, 1).unwrap().id,
            "t.py::a[2-2]",
            "two parameters"
        );
    }

    #[test]
    fn words_in_brackets_are_part_of_a_name() {
        for (named, name) in [
            ("test_a (pkg.Case)", "pkg.Case.test_a"),
            ("pops the last (all lanes)", "pops the last (all lanes)"),
            ("Ring pops (lanes)", "Ring pops (lanes)"),
        ] {
            assert_eq!(plain(named), name);
        }
        for (id, without) in [("t.py::a[8]", "t.py::a"), ("Ring [It] pops", "Ring [It] pops"), ("[1]", "")] {
            assert_eq!(base(id), without);
        }
    }

    #[test]
    fn a_heading_is_no_name_to_run() {
        let log = "FAILED t/test_x.py::Case::test_a - boom\n";
        let id = |named: &str| failed("a.log", &verdicts(&read(log)), Some(named), 9).map(|test| test.id);
        assert_eq!(id("Case.test_a").as_deref(), Some("t/test_x.py::Case::test_a"));
        assert_eq!(id("test_other thing").as_deref(), Some("t/test_x.py::Case::test_a"), "the only one");
    }

    #[test]
    fn a_name_that_no_verdict_repeats_is_kept_with_its_own_line() {
        let test = failed("a.log", &[], Some("tests/x.py::test_y"), 7).unwrap();
        assert_eq!((test.framework, test.at.line), (Framework::Pytest, 7));
        assert_eq!(failed("a.log", &verdicts(&read("t.py::a PASSED")), None, 7), None);
    }
}
