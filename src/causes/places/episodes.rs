//! Which places took part in which runs, and where the failures fell.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::facts::environment::{Exposure, What};
use crate::stats::{Relabelling, fisher_greater};

/// One place taking part in one run.
struct Episode {
    place: usize,
    failed: bool,
    stratum: usize,
}

/// All places of one kind taking part in all runs; failures in a row at one machine are one episode.
#[derive(Default)]
pub struct Episodes {
    pub names: Vec<String>,
    /// False if failures in a row at one place could not be told, where that matters.
    pub is_timed: bool,
    all: Vec<Episode>,
}

/// The place that stands out most.
pub struct Found {
    pub place: usize,
    /// Chance of a place that stands out as much, if failing were chance.
    pub p_value: f64,
}

/// Draws of which episodes failed.
const DRAWS: u32 = 4000;
/// Above this chance no draws are needed to say that it is none.
const CANDIDATE: f64 = 0.2;
/// Fewer failures tell nothing.
const LEAST: usize = 2;
/// Strata above this number hold one run each.
const OWN: usize = 1 << 32;

impl Episodes {
    /// A run with one place is an episode of it, compared with runs of its job; a run with several is an
    /// episode of each, compared with one another, and fails where the failure names the place.
    pub fn of(what: What, failing: &[&Exposure], passing: &[&Exposure]) -> Self {
        let strata = by_job(failing, passing);
        let runs = failing.iter().map(|run| (*run, true)).chain(passing.iter().map(|run| (*run, false)));
        let mut runs: Vec<_> = runs
            .zip(strata)
            .enumerate()
            .map(|(number, ((run, failed), job))| (run, failed, job, number))
            .collect();
        runs.sort_by_key(|(run, .., number)| (run.began, *number));
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut in_a_row: BTreeSet<usize> = BTreeSet::new();
        let mut episodes = Self { is_timed: true, ..Self::default() };
        for (run, run_failed, job, number) in runs {
            let values = run.places(what);
            let alone = values.len() == 1;
            let named = |value: &(&str, bool)| run_failed && (alone || value.1);
            if run_failed && !values.iter().any(&named) {
                continue;
            }
            let stratum = if alone { job } else { OWN + number };
            // What is wedged fails until it is reset; a test or a commit is not.
            let lasts = alone && !matches!(what, What::Test | What::Commit);
            for value in &values {
                let next = places.len();
                let place = *places.entry(value.0).or_insert(next);
                let failed = named(value);
                let follows = !in_a_row.insert(place);
                if !failed {
                    in_a_row.remove(&place);
                }
                episodes.is_timed &= !(failed && lasts) || run.began.is_some();
                if !(failed && lasts && follows && run.began.is_some()) {
                    episodes.all.push(Episode { place, failed, stratum });
                }
            }
        }
        episodes.names = vec![String::new(); places.len()];
        places.into_iter().for_each(|(name, place)| episodes.names[place] = name.to_owned());
        episodes
    }

    /// Returns true if a place could stand out: there are several, and some failures.
    pub fn can_tell(&self) -> bool {
        self.names.len() > 1 && self.all.iter().filter(|episode| episode.failed).count() >= LEAST
    }

    /// Returns failures and exposures of each place.
    pub fn counts(&self) -> Vec<(u64, u64)> {
        let mut counts = vec![(0, 0); self.names.len()];
        for episode in &self.all {
            counts[episode.place].0 += u64::from(episode.failed);
            counts[episode.place].1 += 1;
        }
        counts
    }

    /// Returns the place with the smallest Fisher probability, and how often draws have one as small.
    pub fn best(&self) -> Found {
        let counts = self.counts();
        let (failures, exposures) = sum(&counts);
        let mut known: BTreeMap<(u64, u64), f64> = BTreeMap::new();
        let mut chance = |hits: u64, trials: u64| {
            *known.entry((hits, trials)).or_insert_with(|| {
                let (others, rest) = (failures.saturating_sub(hits), exposures.saturating_sub(trials));
                fisher_greater(hits, trials.saturating_sub(hits), others, rest.saturating_sub(others))
            })
        };
        let chances: Vec<f64> = counts.iter().map(|(hits, trials)| chance(*hits, *trials)).collect();
        let place = (0..chances.len()).min_by(|a, b| chances[*a].total_cmp(&chances[*b])).unwrap_or_default();
        if chances.get(place).is_none_or(|chance| *chance > CANDIDATE) {
            return Found { place, p_value: 1.0 };
        }
        let mut as_good = 0;
        self.draw(|hits| {
            let smallest =
                hits.iter().map(|(place, hits)| chance(*hits, counts[*place].1)).fold(1.0, f64::min);
            as_good += u32::from(smallest <= chances[place] * (1.0 + 1e-9));
        });
        Found { place, p_value: f64::from(1 + as_good) / f64::from(1 + DRAWS) }
    }

    /// Shows the failures of each place that has some, as often as failing is drawn anew.
    fn draw(&self, mut show: impl FnMut(&BTreeMap<usize, u64>)) {
        let failed: Vec<bool> = self.all.iter().map(|episode| episode.failed).collect();
        let strata: Vec<usize> = self.all.iter().map(|episode| episode.stratum).collect();
        let mut draws = Relabelling::new(&failed, &strata, 1);
        for _ in 0..DRAWS {
            let mut hits: BTreeMap<usize, u64> = BTreeMap::new();
            draws.draw(|episode| *hits.entry(self.all[episode].place).or_default() += 1);
            show(&hits);
        }
    }
}

/// Runs of one job; failing and passing ones of different jobs are compared all the same, and said to be
/// unmatched.
fn by_job(failing: &[&Exposure], passing: &[&Exposure]) -> Vec<usize> {
    let jobs: Vec<Option<&str>> = failing.iter().chain(passing).map(|run| run.one(What::Job)).collect();
    let (failed, passed) = jobs.split_at(failing.len());
    let is_matched = failed.iter().all(|job| passed.contains(job));
    let known: BTreeSet<Option<&str>> = jobs.iter().copied().collect();
    let number = |job: &Option<&str>| known.iter().position(|known| known == job).unwrap_or_default();
    jobs.iter().map(|job| if is_matched { number(job) } else { 0 }).collect()
}

/// Returns the sums of failures and of exposures.
pub fn sum(counts: &[(u64, u64)]) -> (u64, u64) {
    counts.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
}
