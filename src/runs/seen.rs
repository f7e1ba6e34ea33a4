//! When a failure was first and last seen, and whether it is new.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::identity::value;
use super::rate::{Counted, rounded};
use super::run::Run;
use crate::stats::fisher_less;

/// A run in which a failure was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Seen {
    /// The id of the run.
    pub run: String,
    /// RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
}

/// Since when a failure comes that did not come before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct News {
    /// The first run that failed so.
    #[serde(flatten)]
    pub first: Seen,
    /// The last run before it.
    pub last_without: Seen,
    /// Runs before it, none of which failed so.
    pub before: u64,
    /// Runs since, this one included, and how many of them failed so.
    pub since: u64,
    pub failed_since: u64,
    /// How probable so many runs without it are if the rate never changed.
    pub p_value: f64,
}

/// The probability below which a failure is called new.
const LEVEL: f64 = 0.05;

impl Seen {
    fn in_run(run: &Run) -> Self {
        let time = run.began.and_then(|nanos| jiff::Timestamp::from_nanosecond(i128::from(nanos)).ok());
        Self {
            run: run.id.clone(),
            time: time.map(|time| time.to_string()),
            commit: value(&run.identity.commit).map(str::to_owned),
        }
    }
}

/// Returns the first and the last of the runs at these positions, by time; `None` if there is none.
pub fn first_and_last(runs: &[Run], failed: impl Iterator<Item = usize>) -> Option<(Seen, Seen)> {
    let mut found: Vec<&Run> = failed.filter_map(|at| runs.get(at)).collect();
    let in_order = found.iter().all(|run| run.began.is_some());
    // Without times nothing says which came first.
    if found.len() > 1 && !in_order {
        return None;
    }
    found.sort_by_key(|run| (run.began, &run.sources));
    Some((Seen::in_run(found.first()?), Seen::in_run(found.last()?)))
}

/// Returns since when the failure comes, if so many runs before lack it that chance is no explanation.
pub fn news(runs: &[Run], counted: &Counted<'_>) -> Option<News> {
    let cases = counted.in_order.then_some(&counted.cases)?;
    let first = cases.iter().position(|case| case.failed)?;
    let (before, since) = (first as u64, (cases.len() - first) as u64);
    let failed = cases.iter().filter(|case| case.failed).count() as u64;
    let p_value = fisher_less(0, before, failed, since - failed);
    let last = cases.get(first.checked_sub(1)?)?;
    let at = |run: usize| runs.get(run).map(Seen::in_run);
    Some(News {
        first: at(cases.get(first)?.run)?,
        last_without: at(last.run)?,
        before,
        since,
        failed_since: failed,
        p_value: rounded(p_value),
    })
    .filter(|_| p_value < LEVEL)
}
