//! Failures that somebody works on, and which of the failures that were found they are.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::settings::KnownIssue;

/// A failure that somebody works on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Issue {
    /// An address or a number in a tracker.
    pub issue: String,
    /// The last day on which it counts as known, as `2026-12-31`; absent for always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// True if that day is over.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub expired: bool,
    /// Who works on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// An entry whose digits fit several failures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ambiguous {
    /// The digits of the entry.
    pub id: String,
    /// The positions of the failures.
    pub fits: Vec<usize>,
}

/// Returns the issue of each failure, and the entries that fit several and so none. `ids` are all ids under which each
/// failure goes. Of several entries for one failure the first counts.
pub fn assign(known: &[KnownIssue], today: Date, ids: &[Vec<&str>]) -> (Vec<Option<Issue>>, Vec<Ambiguous>) {
    let mut issues: Vec<Option<Issue>> = vec![None; ids.len()];
    let mut ambiguous = Vec::new();
    for entry in known {
        let is_it = |ids: &Vec<&str>| ids.iter().any(|id| id.starts_with(&entry.id));
        let fits: Vec<usize> =
            ids.iter().enumerate().filter(|(_, ids)| is_it(ids)).map(|(at, _)| at).collect();
        match fits.as_slice() {
            [] => {}
            [at] => {
                if let Some(issue) = issues.get_mut(*at) {
                    issue.get_or_insert_with(|| issue_of(entry, today));
                }
            }
            _ => ambiguous.push(Ambiguous { id: entry.id.clone(), fits }),
        }
    }
    (issues, ambiguous)
}

fn issue_of(entry: &KnownIssue, today: Date) -> Issue {
    Issue {
        issue: entry.issue.clone(),
        until: entry.until.clone(),
        expired: is_over(entry, today),
        owner: entry.owner.clone(),
        note: entry.note.clone(),
    }
}

/// Returns true if the day until which an entry counts is over.
pub fn is_over(entry: &KnownIssue, today: Date) -> bool {
    let until = entry.until.as_deref().and_then(|until| until.parse::<Date>().ok());
    until.is_some_and(|until| until < today)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn an_entry_marks_the_one_failure_that_it_fits() {
        let entry = |id: &str, until: Option<&str>| KnownIssue {
            id: id.to_owned(),
            issue: format!("issue of {id}"),
            until: until.map(str::to_owned),
            ..KnownIssue::default()
        };
        let known = [
            entry("5b1c", Some("2026-11-26")),
            entry("aa", None),
            entry("cc00000000000001", Some("2026-11-27")),
            entry("dead", None),
        ];
        let ids = [
            vec!["5b1c0e77a90412fd"],
            vec!["aa00000000000001"],
            // An id of a near-duplicate fits as well.
            vec!["aa11000000000000", "cc00000000000001"],
        ];
        let (issues, ambiguous) = assign(&known, date(2026, 11, 27), &ids);
        let told: Vec<_> = issues.iter().map(|issue| issue.as_ref().map(|one| one.expired)).collect();
        assert_eq!(told, [Some(true), None, Some(false)], "the last day counts, the day after does not");
        assert_eq!(ambiguous, [Ambiguous { id: "aa".to_owned(), fits: vec![1, 2] }]);
    }
}
