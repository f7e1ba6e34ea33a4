//! What is remembered of a failure: since when it is seen, how often by week and by commit, whether it is new, back
//! again or gone.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::runs::{SeenRun, SeenRuns};
use crate::facts::Outcome;
use crate::runs::Seen;

/// What a failure is to those who looked before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// No run before had it.
    New,
    /// It was seen, then it was absent for so many runs that chance is no explanation, and now it is here.
    Back,
    /// It was seen before.
    Ongoing,
}

/// What is remembered of one failure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Past {
    /// Absent where there is no earlier run to compare with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// Ids that it had under earlier rules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_ids: Vec<String>,
    pub first_seen: Seen,
    pub last_seen: Seen,
    /// Runs that failed so, and runs of their jobs.
    pub failed: u64,
    pub ran: u64,
    /// Runs without it between its last sighting and its return; 0 unless it is back.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub absent: u64,
    /// By week, such as `2026-W40`, the latest last; weeks without a run are left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weeks: Vec<Share>,
    /// By commit, the latest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commits: Vec<Share>,
}

/// Of the runs of one week or commit, those that failed so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Share {
    pub of: String,
    pub failed: u64,
    pub ran: u64,
}

/// A failure that was seen and is not any more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Gone {
    pub id: String,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<String>,
    pub last_seen: Seen,
    /// Runs of its job since then, none of which had it.
    pub runs_since: u64,
}

/// Weeks and commits that are told.
const WEEKS: usize = 26;
const COMMITS: usize = 20;
/// Failures that are told as gone.
const GONE: usize = 20;
/// The probability below which absence is no chance.
const LEVEL: f64 = 0.05;
/// Letters of a commit's name on which logs of one project agree.
const SHORT: usize = 7;

/// One look at what is remembered: all runs, and which of them are looked at now.
pub struct Look<'s> {
    seen: &'s SeenRuns,
    /// In the order of time where every time is known, else as they were seen.
    runs: Vec<&'s SeenRun>,
    /// Positions of the runs that are looked at now.
    now: BTreeSet<usize>,
    /// By id of today's rules, the positions of the runs that failed so.
    by_id: BTreeMap<&'s str, BTreeSet<usize>>,
}

impl<'s> Look<'s> {
    /// Looks at the runs of a store; those that bear one of the marks are looked at now.
    pub fn at(seen: &'s SeenRuns, marks: &BTreeSet<&str>) -> Self {
        let mut runs: Vec<&SeenRun> = seen.all().collect();
        if runs.iter().all(|run| run.time.is_some()) {
            runs.sort_by_key(|run| run.time.as_deref().and_then(|time| time.parse::<Timestamp>().ok()));
        }
        let (mut now, mut by_id) = (BTreeSet::new(), BTreeMap::<&str, BTreeSet<usize>>::new());
        for (at, run) in runs.iter().enumerate() {
            if run.marks.iter().any(|mark| marks.contains(mark.as_str())) {
                now.insert(at);
            }
            for failure in &run.failures {
                for id in [&failure.id, &failure.exact] {
                    by_id.entry(seen.today(id)).or_default().insert(at);
                }
            }
        }
        Self { seen, runs, now, by_id }
    }

    /// Returns what is remembered of a failure that goes under these ids; `None` if no run had it.
    pub fn past(&self, ids: &[&str]) -> Option<Past> {
        let former = self.seen.aliases.keys().filter(|old| ids.contains(&self.seen.today(old)));
        let sightings = self.sightings(ids);
        let (first, last) = (self.run(*sightings.first()?)?, self.run(*sightings.last()?)?);
        let ran = self.ran(&sightings);
        let (state, absent) = self.state(&sightings, &ran);
        let share = |of: fn(&SeenRun) -> Option<String>, most| self.shares(&sightings, &ran, of, most);
        Some(Past {
            state,
            former_ids: former.cloned().collect(),
            first_seen: seen_in(first),
            last_seen: seen_in(last),
            failed: sightings.len() as u64,
            ran: ran.len() as u64,
            absent,
            weeks: share(week, WEEKS),
            commits: share(commit, COMMITS),
        })
    }

    /// Returns the failures that were seen and that so many runs looked at now, and before, lack that chance is no
    /// explanation; the last seen first. One that was gone before these runs already is not told again, and neither is
    /// one of these `present` ids.
    pub fn gone(&self, present: &BTreeSet<&str>) -> Vec<Gone> {
        let mut gone: Vec<(usize, Gone)> = Vec::new();
        for (id, sightings) in &self.by_id {
            let Some((last, run)) = sightings.last().and_then(|at| Some((*at, *self.runs.get(*at)?))) else {
                continue;
            };
            let failure = run.failures.iter().find(|failure| self.seen.today(&failure.id) == *id);
            let Some(failure) = failure.filter(|_| !present.contains(id) && !self.now.contains(&last)) else {
                continue;
            };
            let all: Vec<usize> = sightings.iter().copied().collect();
            let ran = self.ran(&all);
            let since: Vec<usize> = ran.iter().copied().filter(|at| *at > last).collect();
            let before = since.iter().filter(|at| !self.now.contains(at)).count();
            let up_to = ran.len() - since.len();
            if absence_is_chance(all.len(), up_to, since.len())
                || !absence_is_chance(all.len(), up_to, before)
            {
                continue;
            }
            let (id, title, test) = ((*id).to_owned(), failure.title.clone(), failure.test.clone());
            gone.push((
                last,
                Gone { id, title, test, last_seen: seen_in(run), runs_since: since.len() as u64 },
            ));
        }
        gone.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.id.cmp(&b.1.id)));
        gone.into_iter().map(|(_, gone)| gone).take(GONE).collect()
    }

    fn run(&self, at: usize) -> Option<&'s SeenRun> {
        self.runs.get(at).copied()
    }

    fn sightings(&self, ids: &[&str]) -> Vec<usize> {
        let all: BTreeSet<usize> =
            ids.iter().filter_map(|id| self.by_id.get(id)).flatten().copied().collect();
        all.into_iter().collect()
    }

    /// Returns the runs of the jobs in which a failure was seen that state how they ended. Without a job, only the
    /// sightings themselves are known to be of it.
    fn ran(&self, sightings: &[usize]) -> Vec<usize> {
        let jobs: BTreeSet<&str> = sightings.iter().filter_map(|at| self.run(*at)?.job.as_deref()).collect();
        let of_job = |(at, run): &(usize, &&SeenRun)| {
            let is_its = run.job.as_deref().is_some_and(|job| jobs.contains(job));
            (is_its && run.outcome != Outcome::Unknown) || sightings.binary_search(at).is_ok()
        };
        self.runs.iter().enumerate().filter(of_job).map(|(at, _)| at).collect()
    }

    /// Returns what a failure is, and for how many runs it was absent if it is back.
    fn state(&self, sightings: &[usize], ran: &[usize]) -> (Option<State>, u64) {
        let Some(first_now) = sightings.iter().copied().find(|at| self.now.contains(at)) else {
            return (None, 0);
        };
        let before = |at: usize| ran.iter().filter(|run| **run < at).count();
        let earlier: Vec<usize> = sightings.iter().copied().filter(|at| *at < first_now).collect();
        let Some(last) = earlier.last().copied() else {
            let anything = ran.iter().any(|at| *at < first_now && !self.now.contains(at));
            return (anything.then_some(State::New), 0);
        };
        let absent = before(first_now) - before(last) - 1;
        match absence_is_chance(earlier.len(), before(last) + 1, absent) {
            true => (Some(State::Ongoing), 0),
            false => (Some(State::Back), absent as u64),
        }
    }

    fn shares(
        &self,
        sightings: &[usize],
        ran: &[usize],
        of: fn(&SeenRun) -> Option<String>,
        most: usize,
    ) -> Vec<Share> {
        let mut shares: Vec<Share> = Vec::new();
        for at in ran {
            let Some(name) = self.run(*at).and_then(of) else { continue };
            let failed = u64::from(sightings.binary_search(at).is_ok());
            match shares.iter_mut().rev().find(|share| share.of == name) {
                Some(share) => (share.failed, share.ran) = (share.failed + failed, share.ran + 1),
                None => shares.push(Share { of: name, failed, ran: 1 }),
            }
        }
        shares.split_off(shares.len().saturating_sub(most))
    }
}

/// Returns true unless `absent` runs without a failure are too many for chance, that came in `failed` of `ran` runs
/// before them.
fn absence_is_chance(failed: usize, ran: usize, absent: usize) -> bool {
    // Half a failure and half a pass are added (Jeffreys), so that one failure in one run is no certainty.
    let rate = (failed as f64 + 0.5) / (ran as f64 + 1.0);
    (1.0 - rate).max(0.0).powf(absent as f64) >= LEVEL
}

fn seen_in(run: &SeenRun) -> Seen {
    Seen { run: run.run.clone(), time: run.time.clone(), commit: run.commit.clone() }
}

fn week(run: &SeenRun) -> Option<String> {
    let time: Timestamp = run.time.as_deref()?.parse().ok()?;
    let week = TimeZone::UTC.to_datetime(time).date().iso_week_date();
    Some(format!("{}-W{:02}", week.year(), week.week()))
}

fn commit(run: &SeenRun) -> Option<String> {
    Some(run.commit.as_deref()?.chars().take(SHORT).collect())
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::SeenFailure;

    /// Runs of one job, a day each: `F` failed by `f`, `G` by another failure, `.` passed; the last `now` are looked at.
    fn seen(text: &str) -> SeenRuns {
        let mut seen = SeenRuns::default();
        for (day, letter) in text.chars().enumerate() {
            let failure = |id: &str| SeenFailure {
                id: id.to_owned(),
                exact: id.to_owned(),
                place: "a.log:1".to_owned(),
                title: format!("title of {id}"),
                test: None,
            };
            let failures = match letter {
                'F' => vec![failure("f")],
                'G' => vec![failure("g")],
                _ => Vec::new(),
            };
            let time = Timestamp::from_second(1_760_000_000 + day as i64 * 86_400).unwrap();
            seen.add(SeenRun {
                run: format!("{day:03}"),
                marks: vec![format!("{day:03}")],
                job: Some("unit".to_owned()),
                commit: Some(format!("c{:06}f", day / 2)),
                time: Some(time.to_string()),
                outcome: if failures.is_empty() { Outcome::Pass } else { Outcome::Fail },
                failures,
            });
        }
        seen
    }

    fn marks(text: &str, now: usize) -> Vec<String> {
        (text.len() - now..text.len()).map(|day| format!("{day:03}")).collect()
    }

    #[test]
    fn a_failure_is_new_back_or_as_before() {
        for (text, now, state, absent, why) in [
            ("....F", 1, Some(State::New), 0, "no run before had it"),
            ("F", 1, None, 0, "there is nothing to compare with"),
            ("..F.F", 3, Some(State::New), 0, "both sightings are looked at now"),
            ("F.F.F", 1, Some(State::Ongoing), 0, "it comes every other run"),
            ("FFFF.....F", 1, Some(State::Back), 5, "it always came, was away, and is here"),
            ("F..................F", 1, Some(State::Back), 18, "once at the beginning, long ago"),
            ("..............F..............F", 1, Some(State::Ongoing), 0, "it is rare"),
            ("FFFF", 0, None, 0, "none of its runs is looked at"),
        ] {
            let (seen, now) = (seen(text), marks(text, now));
            let now: BTreeSet<&str> = now.iter().map(String::as_str).collect();
            let past = Look::at(&seen, &now).past(&["f"]).unwrap();
            assert_eq!((past.state, past.absent), (state, absent), "{text}: {why}");
        }
    }

    #[test]
    fn a_failure_that_stays_away_is_told_as_gone_once() {
        for (text, now, gone, why) in [
            ("FFFF.....", 5, vec!["f"], "it always came"),
            ("FFFF.........", 1, vec![], "it was gone before this look"),
            ("F.F.F..", 2, vec![], "two runs without it are chance"),
            ("FFFFG....", 5, vec!["f"], "the other one came now"),
        ] {
            let (seen, now) = (seen(text), marks(text, now));
            let now: BTreeSet<&str> = now.iter().map(String::as_str).collect();
            let look = Look::at(&seen, &now);
            let ids: Vec<String> = look.gone(&BTreeSet::new()).into_iter().map(|gone| gone.id).collect();
            assert_eq!(ids, gone, "{text}: {why}");
            assert!(look.gone(&BTreeSet::from(["f", "g"])).is_empty(), "what is present is not gone");
        }
    }

    #[test]
    fn shares_stand_by_week_and_by_commit_in_the_order_of_time() {
        let seen = seen("F..F......F...");
        let past = Look::at(&seen, &BTreeSet::new()).past(&["f"]).unwrap();
        assert_eq!((past.failed, past.ran), (3, 14));
        let sums = past.weeks.iter().fold((0, 0), |sum, week| (sum.0 + week.failed, sum.1 + week.ran));
        assert_eq!((sums, past.weeks[0].of.as_str()), ((3, 14), "2025-W41"));
        let first = Share { of: "c000000".to_owned(), failed: 1, ran: 2 };
        assert_eq!((&past.commits[0], past.commits.len()), (&first, 7));
        assert_eq!((past.first_seen.run.as_str(), past.last_seen.run.as_str()), ("000", "010"));
    }
}
