//! Several failing logs, one experiment: what they agree on, and where they differ.

use std::collections::BTreeMap;

use super::command::Commands;
use super::failing_run::FailingRun;
use super::subject::{Order, Test};
use crate::facts::limits::Limit;
use crate::facts::setup::Variable;

/// Returns the value that most have, of several the one met first.
pub(super) fn most_common<T: Clone, K: Ord>(
    values: impl Iterator<Item = T>,
    key: impl Fn(&T) -> K,
) -> Option<T> {
    let mut counts: BTreeMap<K, (usize, usize, T)> = BTreeMap::new();
    for (at, value) in values.enumerate() {
        counts.entry(key(&value)).or_insert((0, at, value)).0 += 1;
    }
    let best = counts.into_values().max_by_key(|(count, at, _)| (*count, std::cmp::Reverse(*at)))?;
    Some(best.2)
}

pub(super) fn test(failing: &[FailingRun<'_>]) -> Option<Test> {
    most_common(failing.iter().filter_map(|run| run.test.clone()), |test| test.id.clone())
}

/// Returns the commands of the log whose command most logs show.
pub(super) fn commands(failing: &[FailingRun<'_>]) -> Commands {
    let shown = failing.iter().map(|run| &run.commands).filter(|commands| commands.command.is_some());
    let key = |commands: &&Commands| commands.command.as_ref().map(|command| command.printed.clone());
    most_common(shown, key).cloned().unwrap_or_default()
}

/// Returns what ran before the test in the first log that shows it.
pub(super) fn order(failing: &[FailingRun<'_>], test: Option<&Test>) -> Option<Order> {
    let same = |run: &&FailingRun<'_>| run.test.as_ref().map(|own| &own.id) == test.map(|test| &test.id);
    failing.iter().filter(same).find_map(|run| run.order.clone())
}

/// Returns every variable by name; one that differs between logs says so.
pub(super) fn variables(failing: &[FailingRun<'_>]) -> Vec<Variable> {
    let mut merged: BTreeMap<&str, Variable> = BTreeMap::new();
    for variable in failing.iter().flat_map(|run| &run.variables) {
        let known = merged.entry(&variable.name).or_insert_with(|| variable.clone());
        known.varies |= known.value != variable.value;
    }
    merged.into_values().collect()
}

/// Returns every limit once, shortest first; it fired or was hugged if it was so in any log.
pub(super) fn limits(failing: &[FailingRun<'_>]) -> Vec<Limit> {
    let mut merged: Vec<Limit> = Vec::new();
    for limit in failing.iter().flat_map(|run| &run.limits) {
        let same = |known: &&mut Limit| {
            (&known.name, &known.variable, &known.option) == (&limit.name, &limit.variable, &limit.option)
                && (known.seconds - limit.seconds).abs() <= 0.02 * limit.seconds
        };
        match merged.iter_mut().find(same) {
            None => merged.push(limit.clone()),
            Some(known) => {
                known.fired |= limit.fired;
                known.hugged |= limit.hugged;
                known.elapsed = known.elapsed.or(limit.elapsed);
            }
        }
    }
    merged.sort_by(|a, b| a.seconds.total_cmp(&b.seconds).then_with(|| a.name.cmp(&b.name)));
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_majority_wins_and_the_first_of_equals() {
        assert_eq!(most_common("abcbc".chars(), |c| *c), Some('b'));
        assert_eq!(most_common("".chars(), |c| *c), None);
    }
}
