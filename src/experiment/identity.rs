//! Whether a run failed with the oracle's failure: the match rule `ndlog.match/2`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::assertion;
use super::named_test::{Verdict, base, is_same, plain, verdicts};
use super::oracle::Oracle;
use super::output::{Failed, Output, failures};
use super::recognise;
use super::wording::Wording;
use crate::facts::failures::Kind;

/// How the names of errors end that tell of a time limit, which strikes wherever the program is just then.
const EXPIRES: [&str; 4] = ["Timeout", "TimeoutError", "TimeoutExpired", "TimeoutException"];
/// Failing tests from which on a failure is not one test's.
const MANY_TESTS: usize = 3;
/// Failures of one output that are compared.
const MOST_FAILURES: usize = 40;
/// Letters of a failure's first line that are shown.
const SHOWN: usize = 160;

/// How near a run's failure came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Likeness {
    /// It failed in another way.
    Another,
    /// The same test in other words, or the same words in another test or place.
    Near,
    /// The failure looked for.
    Same,
}

/// What the output of a failing run says, compared with the oracle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    pub likeness: Likeness,
    /// What differs, where it is not the same.
    pub difference: Option<String>,
    /// The line that says best how it failed.
    pub headline: Option<String>,
}

/// Whose failure it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    Same,
    Other,
    Unknown,
}

impl Oracle {
    /// Returns what says of a line whether it holds the words of the failure: what the output must be read for.
    pub fn sought(&self) -> impl Fn(&str) -> bool + Sync + use<> {
        let wordings = self.wordings();
        move |line| {
            let may = |own: &Wording| own.anchor().is_none_or(|anchor| line.contains(anchor));
            wordings.iter().any(may) && {
                let said = Wording::of(line);
                wordings.iter().any(|own| own.is_alike(&said))
            }
        }
    }

    /// Compares the failures of an output, and its lines; the nearest one counts.
    pub fn compare(&self, output: Output<'_>) -> Comparison {
        let ran: Vec<Verdict<'_>> = output.facts.iter().flat_map(|facts| verdicts(&facts.tests)).collect();
        let found = failures(self, output);
        let first = found.first().map(|failed| shown(failed.message));
        let compared = found.iter().take(MOST_FAILURES).map(|failed| self.compare_one(failed, &ran));
        let tests: Vec<String> = found.iter().filter_map(|failed| failed.test).map(plain).collect();
        let named = tests.iter().map(String::as_str).chain(failing(&ran));
        let whole = found.iter().any(|failed| !Wording::of(failed.message).is_cut());
        let said = output.facts.iter().flat_map(|facts| &facts.sought).map(|(_, text)| text.as_str());
        let best = compared.chain(self.compare_lines(said, self.whose(named), whole)).reduce(nearer);
        best.unwrap_or(Comparison { likeness: Likeness::Another, difference: None, headline: first })
    }

    fn compare_one(&self, failed: &Failed<'_>, ran: &[Verdict<'_>]) -> Comparison {
        let message = Wording::of(failed.message);
        let whole = !message.is_cut();
        // What was cut says less than the whole message beside it.
        let lines =
            failed.lines.iter().map(|line| Wording::of(line)).filter(|line| !(whole && line.is_cut()));
        let said: Vec<Wording> = lines.chain([message]).collect();
        let says = self.wordings().iter().any(|own| said.iter().any(|one| own.is_alike(one)));
        let whose = match failed.test {
            Some(test) if !self.is_held_by(&plain(test), ran) => {
                self.whose([plain(test).as_str()].into_iter())
            }
            _ => self.whose(failing(ran)),
        };
        let exception = recognise::exception(failed.message)
            .or_else(|| failed.lines.iter().rev().find_map(|line| recognise::exception(line)));
        let place = recognise::place(&failed.lines);
        let difference = self.difference(says, failed, whose, exception.as_deref(), place.as_deref());
        let near = whose == Whose::Same || says || failed.has_id;
        let likeness = match (&difference, near) {
            (None, _) => Likeness::Same,
            (Some(_), true) => Likeness::Near,
            (Some(_), false) => Likeness::Another,
        };
        Comparison { likeness, difference, headline: Some(shown(failed.message)) }
    }

    /// Returns true if `test` is what another framework calls the suite that holds the test looked for, as Go's own
    /// runner calls a Ginkgo suite by the function that starts it.
    fn is_held_by(&self, test: &str, ran: &[Verdict<'_>]) -> bool {
        let failed = || ran.iter().filter(|verdict| verdict.test.failed);
        let own = |id: &str| self.tests.iter().any(|own| is_same(base(own), base(id)));
        let framework = failed().find(|verdict| own(&verdict.id)).map(|verdict| verdict.test.framework);
        let held = |verdict: &Verdict<'_>| Some(verdict.test.framework) != framework && verdict.id == test;
        framework.is_some() && failed().any(held)
    }

    /// Returns what differs between the failure looked for and this one; `None` if nothing does.
    fn difference(
        &self,
        says: bool,
        failed: &Failed<'_>,
        whose: Whose,
        exception: Option<&str>,
        place: Option<&str>,
    ) -> Option<String> {
        let differ = |one: Option<&str>, other: Option<&str>| {
            one.zip(other)
                .filter(|(one, other)| one != other)
                .map(|(one, other)| (one.to_owned(), other.to_owned()))
        };
        let accepted = || failed.lines.iter().copied().chain([failed.message]).map(Wording::of);
        if self
            .accepted
            .iter()
            .map(|own| Wording::of(own))
            .any(|own| accepted().any(|one| own.is_alike(&one)))
        {
            return None;
        }
        if whose == Whose::Other {
            return Some(format!("another test: {}", failed.test.unwrap_or("the one looked for passed")));
        }
        if let Some((own, other)) = differ(self.exception.as_deref(), exception).filter(|_| !failed.has_id) {
            return Some(format!("another exception: {other}, not {own}"));
        }
        let asserts = whose == Whose::Same && self.is_same_assertion(failed);
        let says = says || asserts;
        if !says && !failed.has_id {
            return Some(format!("other words: {:?}, not {:?}", shown(failed.message), shown(&self.message)));
        }
        if let Some((own, other)) =
            differ(self.place.as_deref(), place).filter(|_| !self.expires() && !asserts)
        {
            return Some(format!("another place: {other}, not {own}"));
        }
        let generic = !self.tests.is_empty() && self.wordings().iter().all(Wording::is_generic);
        (generic && whose == Whose::Unknown)
            .then(|| "many tests say these words, and the output names no test".to_owned())
    }

    /// Returns true if the same assertion of the test failed with other values: its source says so, or, where one of the
    /// tracebacks does not show it, all that is said of the values.
    fn is_same_assertion(&self, failed: &Failed<'_>) -> bool {
        match (&self.assertion, assertion::statement(&failed.lines)) {
            (Some(own), Some(other)) => *own == other,
            _ if self.exception.as_deref() != Some("AssertionError") => false,
            _ => {
                let own = assertion::without_values(&self.message);
                own.is_some() && own == assertion::without_values(failed.message)
            }
        }
    }

    /// Looks for the words anywhere in the output of a run in which the test is said to have failed: what
    /// no failure was made of may still say it, such as the runner's own summary. `whole` says that a failure's
    /// message is there that nothing cut.
    fn compare_lines<'o>(
        &self,
        mut said: impl Iterator<Item = &'o str>,
        whose: Whose,
        whole: bool,
    ) -> Option<Comparison> {
        let said = said.find(|text| !(whole && Wording::of(text).is_cut()))?;
        let wordings = self.wordings();
        let generic = wordings.iter().all(Wording::is_generic);
        let headline = Some(shown(said.trim()));
        let names_it = || self.tests.iter().any(|test| said.contains(base(test)));
        match whose {
            Whose::Same if !generic || names_it() => {
                Some(Comparison { likeness: Likeness::Same, difference: None, headline })
            }
            Whose::Unknown if self.tests.is_empty() || !generic => {
                Some(Comparison { likeness: Likeness::Same, difference: None, headline })
            }
            Whose::Other => {
                let difference = Some("another test: the one looked for did not fail".to_owned());
                Some(Comparison { likeness: Likeness::Near, difference, headline })
            }
            _ => None,
        }
    }

    fn wordings(&self) -> Vec<Wording> {
        let all = std::iter::once(&self.message).chain(&self.accepted).map(|message| Wording::of(message));
        all.filter(|wording| !wording.is_empty()).collect()
    }

    /// Returns whose failure it is, by the names of tests that failed. Parameters do not matter.
    fn whose<'a>(&self, mut failing: impl Iterator<Item = &'a str>) -> Whose {
        let Some(first) = failing.next() else { return Whose::Unknown };
        let own = |test: &str| self.tests.iter().any(|own| is_same(base(own), base(test)));
        let generic = || self.wordings().iter().all(Wording::is_generic);
        match () {
            () if self.tests.is_empty() => Whose::Unknown,
            () if own(first) || failing.any(own) => Whose::Same,
            () if self.tests.len() >= MANY_TESTS && !generic() => Whose::Unknown,
            () => Whose::Other,
        }
    }

    fn expires(&self) -> bool {
        let named = |name: &String| EXPIRES.iter().any(|end| name.ends_with(end));
        self.kind == Kind::Timeout || self.exception.as_ref().is_some_and(named)
    }
}

fn failing<'v>(ran: &'v [Verdict<'_>]) -> impl Iterator<Item = &'v str> {
    ran.iter().filter(|verdict| verdict.test.failed).map(|verdict| verdict.id.as_str())
}

/// Of two that are as near the one counts that tells an error, and else the first, which is to be read first.
fn nearer(best: Comparison, next: Comparison) -> Comparison {
    let tells = |one: &Comparison| one.headline.as_deref().and_then(recognise::exception).is_some();
    let (own, other) = ((best.likeness, tells(&best)), (next.likeness, tells(&next)));
    if other > own { next } else { best }
}

/// Returns the beginning of a line that is only shown.
fn shown(line: &str) -> String {
    let line = line.trim();
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or(line)),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::example::{facts, pattern};
    use super::*;
    use crate::clusters::{Cluster, Occurrence};
    use crate::facts::failures::Event;
    use crate::signatures::{Catalog, sign};

    /// Compares an output that failed once, with these lines, in `test`.
    fn compared(id: &str, test: Option<&str>, lines: &str) -> Comparison {
        let message = lines.lines().find(|line| line.contains(": ")).unwrap_or(lines);
        let output = |text: &str| facts("log", text);
        let mut facts = output("t.py:3: RingError: lost\n");
        let event = Event {
            last_line: lines.lines().count() as u64,
            message: message.trim_start_matches("E ").trim().to_owned(),
            test: test.map(str::to_owned),
            ..facts.failures.remove(0)
        };
        facts.failures = vec![event.clone()];
        let oracle = pattern().oracle;
        let sought = oracle.sought();
        facts.sought = (1..)
            .zip(lines.lines())
            .filter(|(_, line)| sought(line))
            .map(|(n, l)| (n, l.to_owned()))
            .collect();
        let mut signature = sign(&event, Catalog::embedded());
        id.clone_into(&mut signature.id);
        let (code, signature) = (None, signature.into());
        let source = "log".to_owned();
        let occurrence = Occurrence { source, event, code, signature, rank: 1, suspect: false };
        let cluster = Cluster { id: id.to_owned(), aliases: Vec::new(), occurrences: vec![occurrence] };
        oracle.compare(Output { facts: &[facts], clusters: &[cluster] })
    }

    #[test]
    fn the_same_id_or_words_of_the_same_test_and_exception_count() {
        const OTHER: &str = "0000000000000000";
        const TEST: &str = "tests/test_ring.py::test_gather[8]";
        let says = "E   RingTimeout: no answer from peer 5";
        use Likeness::{Another, Near, Same};
        for (id, test, lines, expected, why) in [
            ("5b1c0e77a90412fd", Some(TEST), "E   x: y", Same, "the same id"),
            (OTHER, Some(TEST), says, Same, "only numbers differ"),
            (OTHER, Some("tests/test_ring.py::test_gather[64]"), says, Same, "other parameters"),
            (OTHER, Some("ring/tests/test_ring.py::test_gather"), says, Same, "another root"),
            (OTHER, Some("tests/test_ring.py::test_send"), says, Near, "another test"),
            (OTHER, Some(TEST), "E   LinkTimeout: no answer from peer 5", Near, "another exception"),
            (OTHER, Some(TEST), "E   RingTimeout: no words from host 5", Near, "other words"),
            (OTHER, Some("tests/test_ring.py::test_send"), "E   KeyError: 'x'", Another, "nothing in common"),
        ] {
            let compared = compared(id, test, lines);
            assert_eq!(compared.likeness, expected, "{why}: {compared:?}");
            assert_eq!(compared.difference.is_none(), expected == Same, "{why}");
        }
    }

    #[test]
    fn the_suite_of_another_framework_is_no_other_test() {
        let mut oracle = pattern().oracle;
        oracle.tests = vec!["Ring [It] pops the last".to_owned()];
        let suite = "--- FAIL: TestRing (0.00s)\n";
        let both = format!("[Fail] Ring [It] pops the last\n/w/ring_test.go:25\n\n{suite}");
        let held = |text: &str| {
            let facts = facts("log", text);
            oracle.is_held_by("TestRing", &verdicts(&facts.tests))
        };
        assert!(held(&both));
        assert!(!held(suite), "the test looked for did not fail");
        assert!(!held(&both.replace("TestRing", "TestLog")), "another function failed");
    }

    #[test]
    fn words_that_were_accepted_count_as_well() {
        let mut oracle = pattern().oracle;
        oracle.accepted = vec!["RingTimeout: no words from host 9".to_owned()];
        let log = "FAILED tests/test_ring.py::test_gather[8] - RingTimeout: no words from host 5\n";
        let mut facts = facts("log", log);
        facts.sought = vec![(1, log.trim().to_owned())];
        assert!(oracle.sought()(log));
        let compared = oracle.compare(Output { facts: &[facts], clusters: &[] });
        assert_eq!(compared.likeness, Likeness::Same, "{compared:?}");
    }
}
