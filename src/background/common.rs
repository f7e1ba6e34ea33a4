//! Which forms are background: from what passing and failing runs of one job print to what explains no failure.

use rustc_hash::{FxHashMap, FxHashSet};

use super::because::{Because, Whose};
use super::forms::Forms;

/// The forms of events that runs of one job print whatever failed in them.
#[derive(Clone, Debug, Default)]
pub struct Background(FxHashMap<u64, Because>);

/// Passing runs below which they tell nothing.
const PASSING: usize = 3;
/// Failing runs below which they tell nothing.
const FAILING: usize = 5;
/// The least share of passing runs that print what is background, as a fraction: what few of them print may be the
/// failure, tried again.
const HALF: (usize, usize) = (1, 2);
/// The least share of failing runs. Measured 2026-11-28 on 488 failed CI logs of 49 projects, cross-validated by project,
/// the ten logs of each project against one another: hit@1 .786 alone, .826 with nine tenths, .809 with eight. That was with the
/// trees of that morning; with those of the evening a folder ranks as each log alone (.908 in sample, `tools/measure_folder.py`).
const NEARLY_ALL: (usize, usize) = (9, 10);
/// The least share of failing runs with the form that failed of something else. On the same logs .826 with any share from a half
/// on, .799 where nobody asks.
const MOST: (usize, usize) = (3, 4);
/// How much less likely than the form that may be, in the logarithm of odds: what stands far above all else in a log is its
/// failure. On the same logs .826 with 1 to 2, .810 with 3.
const NEAR: f32 = 1.5;

impl Background {
    /// Returns why events of a form are background; `None` if they are not.
    pub fn because(&self, form: u64) -> Option<Because> {
        self.0.get(&form).copied()
    }

    /// Returns true if and only if no form is background.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Returns what is background in runs of one job. Few runs have none.
pub fn background(failing: &[Forms], passing: &[Forms]) -> Background {
    let mut found = FxHashMap::default();
    if failing.len() >= FAILING {
        let common: FxHashMap<u64, usize> = held_by(failing, NEARLY_ALL).collect();
        let passed: FxHashSet<u64> = passed(passing).map(|(form, _)| form).collect();
        let own = |form| !common.contains_key(&form) && !passed.contains(&form);
        let best: Vec<Option<f32>> = failing.iter().map(|run| run.best(own)).collect();
        let explains_nothing = |(form, _): &(u64, usize)| is_beside_others(*form, failing, &best);
        let failed = common.into_iter().filter(explains_nothing);
        found.extend(failed.map(|(form, count)| (form, because(count, failing.len(), Whose::Failing))));
    }
    found.extend(passed(passing).map(|(form, count)| (form, because(count, passing.len(), Whose::Passing))));
    Background(found)
}

fn because(count: usize, of: usize, runs: Whose) -> Because {
    Because { held_by: count as u64, of: of as u64, runs }
}

/// Returns the forms that passing runs print, and how many of them do.
fn passed(passing: &[Forms]) -> impl Iterator<Item = (u64, usize)> {
    let enough = if passing.len() < PASSING { &[] } else { passing };
    held_by(enough, HALF)
}

/// Returns the forms that at least a share of the runs hold, and how many of them do.
fn held_by(runs: &[Forms], least: (usize, usize)) -> impl Iterator<Item = (u64, usize)> + use<> {
    let mut counts: FxHashMap<u64, usize> = FxHashMap::default();
    for form in runs.iter().flat_map(|run| run.iter()) {
        *counts.entry(form).or_default() += 1;
    }
    let all = runs.len();
    counts.into_iter().filter(move |(_, count)| is_share(*count, all, least))
}

/// Returns true if most of the runs with this form hold something of their own that is nearly as likely.
fn is_beside_others(form: u64, runs: &[Forms], best: &[Option<f32>]) -> bool {
    let holders = runs.iter().zip(best).filter_map(|(run, best)| Some((run.score(form)?, best)));
    let beside: Vec<bool> =
        holders.map(|(score, best)| best.is_some_and(|best| best >= score - NEAR)).collect();
    is_share(beside.iter().filter(|beside| **beside).count(), beside.len(), MOST)
}

fn is_share(count: usize, of: usize, (least, parts): (usize, usize)) -> bool {
    count * parts >= of * least
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Candidate;

    /// Runs, each as `form:score` of what says what went wrong.
    fn runs(texts: &[&str]) -> Vec<Forms> {
        let forms = |text: &&str| {
            let mut forms = Forms::default();
            for one in text.split_whitespace() {
                let (form, score) = one.split_once(':').unwrap();
                let (form, score) = (form.parse().unwrap(), score.parse().unwrap());
                forms.add(&[Candidate { form, score, specific: true, kept: None }]);
            }
            forms
        };
        texts.iter().map(forms).collect()
    }

    #[test]
    fn background_is_what_explains_no_failure() {
        let noise = ["1:2 12:1", "1:2 13:1", "1:2 14:1", "1:2 15:1", "1:2 16:1"];
        type Case<'c> = (&'c str, &'c [&'c str], &'c [&'c str], Option<Whose>);
        let cases: [Case<'_>; 9] = [
            ("every failing run, and each failed of something else", &noise, &[], Some(Whose::Failing)),
            ("four runs are too few", &noise[..4], &[], None),
            ("one of five lacks it", &[&noise[..4], &["16:1"]].concat(), &[], None),
            ("nothing else: it is the failure", &["1:2"; 5], &[], None),
            ("every run failed of the same two", &["1:2 2:1"; 5], &[], None),
            (
                "what else there is comes far behind",
                &["1:2 2:0", "1:2 3:0", "1:2 4:0", "1:2 5:0", "1:2 6:0"],
                &[],
                None,
            ),
            ("passing runs print it", &["1:2 2:-4"], &["1:0", "1:0", "3:0"], Some(Whose::Passing)),
            ("two passing runs are too few", &["1:2 2:1"], &["1:0", "1:0"], None),
            ("one of three: it may be the failure, tried again", &["1:2 2:1"], &["1:0", "3:0", "4:0"], None),
        ];
        for (why, failing, passing, expected) in cases {
            let (failing, passing) = (runs(failing), runs(passing));
            let found = background(&failing, &passing);
            assert_eq!(found.because(1).map(|because| because.runs), expected, "{why}");
        }
    }

    #[test]
    fn passing_runs_say_more_than_failing_ones() {
        let failing = runs(&["1:2 12:1", "1:2 13:1", "1:2 14:1", "1:2 15:1", "1:2 16:1"]);
        let passing = runs(&["1:0", "1:0", "1:0", "9:0"]);
        let found = background(&failing, &passing);
        assert_eq!(found.because(1).unwrap().words(), "3 of 4 runs that passed print it");
    }
}
