//! Order dependence: a test that ran before the failing one where it failed, and not where it passed.

use std::collections::{BTreeMap, BTreeSet};

use crate::causes::evidence::{Evidence, Family, Grade, Notice};
use crate::causes::strata::Strata;
use crate::causes::weights::Weights;
use crate::facts::environment::Exposure;
use crate::stats::{Relabelling, fisher_greater};

/// The test that tells by its place in the order whether another one fails.
#[derive(Clone, Debug, PartialEq)]
pub struct Polluter {
    pub test: String,
    /// The test that fails.
    pub victim: String,
    /// True if the victim fails where the other did not run before it: it sets up what the victim needs.
    pub is_setter: bool,
    /// Failing and passing runs of which it is true, and how many there were of each.
    pub failing: (u64, u64),
    pub passing: (u64, u64),
    /// Chance of a test that tells as well, among all compared, if failing were chance.
    pub p_value: f64,
    /// Tests compared.
    pub compared: usize,
    /// The failing log and the line of the test's verdict in it, where it ran.
    pub place: Option<(String, u64)>,
    /// False if failing and passing runs are of different jobs.
    pub is_matched: bool,
}

/// What the order of tests says of a failure.
#[derive(Clone, Debug, PartialEq)]
pub enum Order {
    Polluter(Polluter),
    /// The order was the same in every run, whether the victim passed or failed.
    Same {
        failing: usize,
        passing: usize,
    },
}

/// Draws of which runs failed.
const DRAWS: u32 = 2000;
/// Fewer runs tell nothing.
const LEAST: usize = 2;
/// An order proves something up to this chance, and is worth naming up to the second.
const LEVEL: f64 = 0.05;
const CANDIDATE: f64 = 0.3;

/// Returns what the order of tests says; `None` where too few logs tell it.
///
/// P. Westfall and S. Young, "Resampling-based multiple testing", 1993, for the smallest of many
/// probabilities. Most failures that depend on order need one other test: A. Shi and others, "iFixFlakies",
/// 2019.
pub fn order(failing: &[&Exposure], passing: &[&Exposure]) -> Option<Order> {
    let victim = failing.iter().find_map(|run| run.victim.as_deref())?;
    let failing: Vec<&Exposure> =
        failing.iter().filter(|run| run.before(victim).is_some()).copied().collect();
    // Of many failures most fail in one run.
    if failing.len() < LEAST {
        return None;
    }
    let passing: Vec<&Exposure> = passing.iter().filter(|run| run.passed(victim)).copied().collect();
    if passing.len() < LEAST {
        return None;
    }
    let runs: Vec<&Exposure> = failing.iter().chain(&passing).copied().collect();
    let before: Vec<BTreeSet<&str>> = runs.iter().map(|run| before(run, victim)).collect();
    if before.iter().all(|tests| tests == &before[0]) {
        let is_same = runs.iter().all(|run| run.before(victim) == runs[0].before(victim));
        return is_same.then_some(Order::Same { failing: failing.len(), passing: passing.len() });
    }
    strongest(victim, &failing, &passing, &before).map(Order::Polluter)
}

fn before<'a>(run: &'a Exposure, victim: &str) -> BTreeSet<&'a str> {
    run.before(victim).unwrap_or_default().into_iter().collect()
}

/// Runs by position in which a test came before the victim, or did not.
type Runs = Vec<bool>;

/// The tests, or their absence, by the runs in which they came before the victim; true for absence.
type Shapes<'a> = BTreeMap<Runs, Vec<(&'a str, bool)>>;

fn strongest(
    victim: &str,
    failing: &[&Exposure],
    passing: &[&Exposure],
    before: &[BTreeSet<&str>],
) -> Option<Polluter> {
    let failed: Runs = (0..before.len()).map(|run| run < failing.len()).collect();
    let shapes = shapes(before);
    let chances = shapes.keys().map(|shape| p_value(shape, &failed));
    let (best, (shape, named)) = chances
        .zip(&shapes)
        .min_by(|a, b| a.0.total_cmp(&b.0).then_with(|| order_of(a.1).cmp(&order_of(b.1))))?;
    if best > CANDIDATE {
        return None;
    }
    let strata = Strata::of(failing.iter().map(|run| run.setting()), passing.iter().map(|run| run.setting()));
    let nearest = |(test, is_setter): &&(&str, bool)| {
        (*is_setter, std::cmp::Reverse(place_before(failing, victim, test)))
    };
    let (test, is_setter) = *named.iter().min_by_key(nearest)?;
    let (hits, all) = counts(shape, &failed);
    Some(Polluter {
        test: test.to_owned(),
        victim: victim.to_owned(),
        is_setter,
        failing: (hits, failing.len() as u64),
        passing: (all - hits, passing.len() as u64),
        p_value: as_good(best, &shapes, &failed, &strata),
        compared: before.iter().flatten().collect::<BTreeSet<_>>().len(),
        place: (!is_setter).then(|| place(failing, test)).flatten(),
        is_matched: strata.is_matched,
    })
}

/// Returns the shapes that tell some runs from others.
fn shapes<'a>(before: &[BTreeSet<&'a str>]) -> Shapes<'a> {
    let mut shapes = Shapes::new();
    for test in before.iter().flatten().copied().collect::<BTreeSet<&str>>() {
        let ran: Runs = before.iter().map(|before| before.contains(test)).collect();
        let not: Runs = ran.iter().map(|ran| !ran).collect();
        shapes.entry(ran).or_default().push((test, false));
        shapes.entry(not).or_default().push((test, true));
    }
    shapes.retain(|shape, _| shape.iter().any(|is| *is) && !shape.iter().all(|is| *is));
    shapes
}

/// Returns the chance that a shape meets so many of the failing runs, by Fisher's exact test.
fn p_value(shape: &Runs, failed: &Runs) -> f64 {
    let (hits, all) = counts(shape, failed);
    let fails = failed.iter().filter(|failed| **failed).count() as u64;
    fisher_greater(hits, fails - hits, all - hits, failed.len() as u64 - fails - (all - hits))
}

/// Returns how often any shape is as good as the `best`, if the failures are drawn among like runs.
fn as_good(best: f64, shapes: &Shapes<'_>, failed: &Runs, strata: &Strata) -> f64 {
    let mut draws = Relabelling::new(failed, &strata.of_runs, 1);
    let mut as_good = 0;
    for _ in 0..DRAWS {
        let mut drawn = vec![false; failed.len()];
        draws.draw(|run| drawn[run] = true);
        as_good += u32::from(shapes.keys().any(|shape| p_value(shape, &drawn) <= best * (1.0 + 1e-9)));
    }
    f64::from(1 + as_good) / f64::from(1 + DRAWS)
}

/// Prefers, of shapes that tell as well, that of a test which ran.
fn order_of<'a>((shape, named): (&'a Runs, &'a Vec<(&str, bool)>)) -> (bool, &'a Runs) {
    (named.iter().all(|(_, is_setter)| *is_setter), shape)
}

/// Returns in how many failing runs it is true, and in how many runs at all.
fn counts(shape: &Runs, failed: &Runs) -> (u64, u64) {
    let both = shape.iter().zip(failed).filter(|(is, failed)| **is && **failed).count();
    (both as u64, shape.iter().filter(|is| **is).count() as u64)
}

/// Returns how near before the victim a test ran in the first failing run: greater is nearer.
fn place_before(failing: &[&Exposure], victim: &str, test: &str) -> Option<usize> {
    failing.first()?.before(victim)?.iter().rposition(|before| *before == test)
}

fn place(failing: &[&Exposure], test: &str) -> Option<(String, u64)> {
    failing.iter().find_map(|run| {
        let ran = run.tests.iter().find(|ran| ran.name == test)?;
        Some((run.source.clone(), ran.line))
    })
}

impl Order {
    /// Returns what the order says about the causes.
    pub fn evidence(&self) -> Vec<Evidence> {
        let (name, grade, text, place) = match self {
            Self::Polluter(polluter) => {
                let Some((name, grade)) = polluter.weight() else { return Vec::new() };
                (name, grade, polluter.says(), polluter.place.clone())
            }
            Self::Same { failing, passing } => (
                "same-order",
                Grade::Heuristic,
                format!(
                    "the same tests ran before it, in the same order, in all {failing} failing and {passing} passing runs"
                ),
                None,
            ),
        };
        let notice = Notice { family: Family::Sequence, text: &text, place, grade, share: 1.0 };
        notice.weighed(Weights::embedded().finding.get(name))
    }
}

impl Polluter {
    fn weight(&self) -> Option<(&'static str, Grade)> {
        match self.p_value {
            chance if chance <= LEVEL && self.is_matched => Some(("polluter", Grade::Statistical)),
            chance if chance <= CANDIDATE => Some(("polluter-candidate", Grade::Hypothesis)),
            _ => None,
        }
    }

    fn says(&self) -> String {
        let ran = if self.is_setter { "had not run before" } else { "ran before" };
        let matched = if self.is_matched { "" } else { "; the runs are of different jobs" };
        format!(
            "`{}` {ran} `{}` in {} of {} failing runs and {} of {} in which it passed; adjusted p = {:.4} over {} tests{matched}; \
             not confirmed by running the two alone",
            self.test,
            self.victim,
            self.failing.0,
            self.failing.1,
            self.passing.0,
            self.passing.1,
            self.p_value,
            self.compared,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::TestResult;

    /// Reads `a b c` as tests in their order, `V!` as the failing victim.
    fn run(order: &str) -> Exposure {
        let ran = |(line, name): (u64, &str)| TestResult {
            name: name.trim_end_matches('!').to_owned(),
            line,
            failed: name.ends_with('!'),
            ..TestResult::default()
        };
        let tests: Vec<TestResult> = (1..).zip(order.split(' ')).map(ran).collect();
        let victim = tests.iter().find(|ran| ran.failed).map(|ran| ran.name.clone());
        Exposure { source: "a.log".to_owned(), victim, tests, ..Exposure::default() }
    }

    fn found(failing: &[&str], passing: &[&str]) -> Option<Order> {
        let (failing, passing): (Vec<_>, Vec<_>) =
            (failing.iter().map(|one| run(one)).collect(), passing.iter().map(|one| run(one)).collect());
        order(&failing.iter().collect::<Vec<_>>(), &passing.iter().collect::<Vec<_>>())
    }

    #[test]
    fn the_test_that_ran_before_is_named() {
        let failing = ["a P b V!", "P a V!", "b P V! a", "a b P V!"];
        let passing = ["a b V P", "b V a P", "V P a b", "a V b P", "b a V P", "a V P b"];
        let Some(Order::Polluter(polluter)) = found(&failing, &passing) else { panic!("nothing found") };
        assert_eq!((polluter.test.as_str(), polluter.is_setter), ("P", false));
        assert_eq!((polluter.failing, polluter.passing), ((4, 4), (0, 6)));
        assert!(polluter.p_value <= 0.05, "{polluter:?}");
        assert_eq!(polluter.place, Some(("a.log".to_owned(), 2)));
    }

    #[test]
    fn a_test_that_must_run_first_is_named_as_such() {
        let failing = ["a V! S", "V! a S", "b V! S", "V! S"];
        let passing = ["S a V", "a S V", "S V b", "b S V", "S V", "a b S V"];
        let Some(Order::Polluter(setter)) = found(&failing, &passing) else { panic!("nothing found") };
        assert_eq!((setter.test.as_str(), setter.is_setter, setter.place.clone()), ("S", true, None));
    }

    #[test]
    fn one_order_or_two_runs_blame_nobody() {
        let same = found(&["a b V!", "a b V!"], &["a b V", "a b V"]);
        assert_eq!(same, Some(Order::Same { failing: 2, passing: 2 }));
        assert_eq!(found(&["a V!"], &["b V", "b V"]), None, "one failing run");
        let Some(Order::Polluter(weak)) = found(&["P V!", "P V!"], &["a V", "V a"]) else {
            panic!("a candidate")
        };
        assert!(weak.p_value > 0.05 && weak.weight().is_none_or(|(_, grade)| grade == Grade::Hypothesis));
    }
}
