//! Concentration: a failure that keeps to one machine, part, commit or test more than chance would.

use std::collections::BTreeSet;

use super::episodes::{Episodes, sum};
use crate::causes::evidence::{Evidence, Family, Grade, Notice};
use crate::causes::strata::Strata;
use crate::causes::weights::Weights;
use crate::facts::environment::{Exposure, What};
use crate::stats::{Interval, holm, lift};

/// A place that fails more often than the others of its kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Concentration {
    pub what: What,
    pub value: String,
    /// Failures there and at all places of this kind; failures in a row at one place count once.
    pub failures: (u64, u64),
    /// How often it, and all of its kind, took part in a run.
    pub exposures: (u64, u64),
    /// Places of this kind.
    pub places: usize,
    /// Chance of a place that stands out as much, if failing were chance, after Holm's correction for
    /// the kinds compared.
    pub p_value: f64,
    /// How many times as often it fails as the others, 95 %.
    pub lift: Interval,
    /// Where it stands in a failing log.
    pub at: Option<(String, u64)>,
    /// A rival that explains the same failures as well, such as `commit 1a2b3c4`.
    pub rival: Option<String>,
    /// False if failing and passing runs are of different jobs.
    pub is_matched: bool,
    /// False if logs without times hide which failures came in a row.
    pub is_timed: bool,
}

/// A concentration is proved up to this chance, and worth naming up to the second.
const LEVEL: f64 = 0.05;
const CANDIDATE: f64 = 0.2;
/// A proved one fails at least this many times as often as the others.
const LIFT: f64 = 2.0;
/// Runs of each kind that are compared.
const RUNS: usize = 400;
/// Fewer failures in one place tell nothing.
const LEAST: u64 = 2;
/// Kinds of place that are compared, the more special in front: of two that fit as well the first is told.
const KINDS: [What; 6] = [What::Link, What::Chip, What::Board, What::Host, What::Commit, What::Test];

/// Returns the places at which the failure keeps, most telling first.
///
/// Each kind of place is judged by its best Fisher probability against that of drawn failures (R. A.
/// Fisher, 1935; P. Westfall and S. Young, 1993), and the kinds together by S. Holm's correction, 1979.
pub fn concentrations(failing: &[&Exposure], passing: &[&Exposure]) -> Vec<Concentration> {
    if (failing.len() as u64) < LEAST {
        return Vec::new();
    }
    let failing = failing.get(..RUNS).unwrap_or(failing);
    let passing = passing.get(..RUNS).unwrap_or(passing);
    let kinds: Vec<(What, Episodes)> = KINDS
        .into_iter()
        .map(|what| (what, Episodes::of(what, failing, passing)))
        .filter(|(_, episodes)| episodes.can_tell())
        .collect();
    let found: Vec<_> = kinds.iter().map(|(_, episodes)| episodes.best()).collect();
    let adjusted = holm(&found.iter().map(|found| found.p_value).collect::<Vec<_>>());
    let is_matched = passing.is_empty()
        || Strata::of(failing.iter().map(|run| run.setting()), passing.iter().map(|run| run.setting()))
            .is_matched;
    let found_places = kinds.iter().zip(found).zip(adjusted).map(|(((what, episodes), found), p_value)| {
        let found_places = Concentration::of(*what, episodes, found.place, failing);
        Concentration { p_value, is_matched, ..found_places }
    });
    let mut found_places: Vec<Concentration> = found_places.collect();
    found_places.retain(|one| one.p_value <= CANDIDATE && one.failures.0 >= LEAST);
    name_rivals(&mut found_places, failing);
    found_places.sort_by(|a, b| a.p_value.total_cmp(&b.p_value));
    found_places
}

/// Names for each place another one that takes part in the very same failing runs: the figures cannot
/// tell which of the two it is.
fn name_rivals(found_places: &mut [Concentration], failing: &[&Exposure]) {
    let runs: Vec<BTreeSet<usize>> = found_places.iter().map(|one| runs_of(one, failing)).collect();
    let labels: Vec<String> =
        found_places.iter().map(|one| format!("{} {}", one.what.name(), one.value)).collect();
    for one in 0..found_places.len() {
        let is_rival = |other: &usize| {
            *other != one && runs[*other] == runs[one] && found_places[*other].what != What::Test
        };
        let rival = (0..found_places.len()).find(is_rival).map(|other| labels[other].clone());
        found_places[one].rival = rival;
    }
}

fn runs_of(one: &Concentration, failing: &[&Exposure]) -> BTreeSet<usize> {
    let holds = |run: &Exposure| run.places(one.what).iter().any(|(value, _)| *value == one.value);
    failing.iter().enumerate().filter(|(_, run)| holds(run)).map(|(number, _)| number).collect()
}

impl Concentration {
    /// Returns what is known of a place before its chance is corrected.
    fn of(what: What, episodes: &Episodes, place: usize, failing: &[&Exposure]) -> Self {
        let counts = episodes.counts();
        let (failures, exposures) = sum(&counts);
        let (hits, trials) = counts.get(place).copied().unwrap_or_default();
        let value = episodes.names.get(place).cloned().unwrap_or_default();
        let at = failing.iter().find_map(|run| Some((run.source.clone(), run.line(what, &value)?)));
        Self {
            what,
            value,
            failures: (hits, failures),
            exposures: (trials, exposures),
            places: episodes.names.len(),
            p_value: 1.0,
            lift: lift(&counts, place),
            at,
            rival: None,
            is_matched: true,
            is_timed: episodes.is_timed,
        }
    }

    /// Returns true if the place stands out after all corrections.
    pub fn is_proved(&self) -> bool {
        self.p_value <= LEVEL && self.lift.low >= LIFT && self.is_matched && self.is_timed
    }

    /// Returns what the place says about the causes.
    pub fn evidence(&self) -> Vec<Evidence> {
        let alone = self.rival.is_none();
        let grade = if self.is_proved() && alone { Grade::Statistical } else { Grade::Hypothesis };
        let share = match (self.is_proved(), alone) {
            (true, true) => 1.0,
            (true, false) => SHARED,
            (false, _) => WEAK,
        };
        let name = match self.what {
            What::Test => "one-test",
            What::Commit => "one-commit",
            What::Host => "one-host",
            What::Board | What::Chip => "one-device",
            What::Link => "one-link",
            What::Job | What::Command | What::Repository | What::Workflow | What::Branch | What::Upload => {
                return Vec::new();
            }
        };
        let text = self.says();
        let notice = Notice { family: Family::Places, text: &text, place: self.at.clone(), grade, share };
        notice.weighed(Weights::embedded().finding.get(name))
    }

    fn says(&self) -> String {
        let count = |count: u64| if count == 1 { "failure".to_owned() } else { "failures".to_owned() };
        let mut text = format!(
            "{} {} has {} of {} {} in {} of {} exposures over {} {}s; adjusted p = {:.4}; fails {:.1} to {:.0} times as often as the others",
            self.what.name(),
            self.value,
            self.failures.0,
            self.failures.1,
            count(self.failures.1),
            self.exposures.0,
            self.exposures.1,
            self.places,
            self.what.name(),
            self.p_value,
            self.lift.low,
            self.lift.high,
        );
        if let Some(rival) = &self.rival {
            text += &format!("; the same runs are those of {rival}, which explains them as well");
        }
        if !self.is_matched {
            text += "; the runs are of different jobs";
        }
        if !self.is_timed {
            text += "; without times, failures in a row count as many";
        }
        text
    }
}

/// What is left of the weight of a place that a rival explains as well, and of one that is not proved.
const SHARED: f64 = 0.5;
const WEAK: f64 = 0.25;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signatures::Cause;
    use crate::stats::Random;
    use crate::text::lines::Index;
    use crate::text::records::Reader;

    /// A run on a host at a minute, of a commit.
    fn run(host: &str, minute: usize, commit: &str) -> Exposure {
        let time = format!("2026-02-01T{:02}:{:02}:00.0000000Z", minute / 60, minute % 60);
        let text = format!("{time} Machine name: '{host}'\n{time} HEAD is now at {commit} x\n");
        Exposure::read("a.log", &Index::new(text.as_bytes()), &Reader::guess(text.as_bytes()), None)
    }

    fn found(failing: &[Exposure], passing: &[Exposure]) -> Vec<Concentration> {
        concentrations(&failing.iter().collect::<Vec<_>>(), &passing.iter().collect::<Vec<_>>())
    }

    /// Failures every other run on `ring-1`, four hosts that pass else.
    fn bad_host(commit: impl Fn(bool) -> &'static str) -> (Vec<Exposure>, Vec<Exposure>) {
        let hosts = ["ring-1", "ring-2", "ring-3", "ring-4"];
        let runs = (0..48).map(|minute| (hosts[minute % 4], minute));
        let (failing, passing): (Vec<_>, Vec<_>) =
            runs.partition(|(host, minute)| *host == "ring-1" && minute % 8 == 0);
        let read = |failed: bool, runs: Vec<(&str, usize)>| {
            runs.into_iter().map(|(host, minute)| run(host, minute, commit(failed))).collect()
        };
        (read(true, failing), read(false, passing))
    }

    #[test]
    fn a_host_with_all_failures_stands_out() {
        let (failing, passing) = bad_host(|_| "1111111");
        let found = found(&failing, &passing);
        let one = found.first().unwrap();
        assert_eq!((one.what, one.value.as_str(), one.failures), (What::Host, "ring-1", (6, 6)));
        assert!(one.is_proved() && one.rival.is_none(), "{one:?}");
        assert!(
            one.evidence().iter().any(|one| one.cause == Cause::Hardware && one.grade == Grade::Statistical)
        );
    }

    #[test]
    fn a_commit_that_explains_the_same_runs_is_a_rival() {
        let (failing, passing) = bad_host(|failed| if failed { "2222222" } else { "1111111" });
        let found = found(&failing, &passing);
        let host = found.iter().find(|one| one.what == What::Host).unwrap();
        assert_eq!(host.rival.as_deref(), Some("commit 2222222"));
        assert!(host.evidence().iter().all(|one| one.grade == Grade::Hypothesis));
    }

    #[test]
    fn failures_in_a_row_on_one_host_are_one_episode() {
        let failing: Vec<Exposure> = (0..8).map(|minute| run("ring-1", minute, "1111111")).collect();
        let passing: Vec<Exposure> = (8..40)
            .map(|minute| run(["ring-2", "ring-3", "ring-4"][minute % 3], minute, "1111111"))
            .collect();
        assert!(
            found(&failing, &passing).iter().all(|one| !one.is_proved()),
            "a wedged board fails everything until it is reset"
        );
    }

    #[test]
    fn the_link_that_the_failure_names_is_compared_with_the_others_of_its_run() {
        let run = |link: usize| {
            let text =
                format!("link 0: up\nlink 1: up\nlink 2: up\nlink 3: up\nERROR: link {link} not trained\n");
            Exposure::read(
                "a.log",
                &Index::new(text.as_bytes()),
                &Reader::guess(text.as_bytes()),
                Some((5, 5)),
            )
        };
        let failing: Vec<Exposure> = [2, 2, 2, 2, 2, 0].map(run).into();
        let one = found(&failing, &[]).into_iter().next().unwrap();
        assert_eq!(
            (one.what, one.value.as_str(), one.failures, one.places),
            (What::Link, "link 2", (5, 6), 4)
        );
        assert!(one.is_proved(), "{one:?}");
        let spread: Vec<Exposure> = [2, 1, 0, 3, 1, 0].map(run).into();
        assert!(found(&spread, &[]).iter().all(|one| !one.is_proved()));
    }

    #[test]
    fn failures_at_random_are_called_concentrated_in_at_most_five_of_a_hundred_draws() {
        let mut random = Random::new(7);
        let mut claims = 0;
        for _ in 0..100 {
            let runs: Vec<Exposure> = (0..60)
                .map(|minute| {
                    run(
                        ["a", "b", "c", "d", "e"][(random.unit() * 5.0) as usize],
                        minute,
                        ["1111111", "2222222"][usize::from(random.coin())],
                    )
                })
                .collect();
            let (failing, passing): (Vec<Exposure>, Vec<Exposure>) =
                runs.into_iter().partition(|_| random.unit() < 0.15);
            claims += usize::from(found(&failing, &passing).iter().any(Concentration::is_proved));
        }
        assert!(claims <= 5, "{claims} of 100");
    }
}
