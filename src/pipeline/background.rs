//! From facts and runs to what is read after others, as runs of the job print it whatever failed in them.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::runs::Runs;
use crate::background::{self, Background, Forms, SetBack};
use crate::facts::Facts;
use crate::findings::Outcome;

/// Runs of one job and one outcome that are held against each other: more would not tell more.
const HELD: usize = 1000;
/// Runs of one folder, of no known job, up to which it is asked which are alike: each must be held in memory for that.
const ALIKE: usize = 20_000;

/// Reads what is background after the other failures of each source; returns what was put behind, by source.
pub fn set_back(facts: &mut [Facts], runs: &Runs) -> BTreeMap<String, Vec<SetBack>> {
    let of_runs = of_runs(facts, runs);
    let set_back = facts.par_iter_mut().filter_map(|facts| {
        let background = of_runs.get(&runs.at(&facts.source.name)?)?;
        let set_back = background::set_back(facts, background);
        (!set_back.is_empty()).then(|| (facts.source.name.clone(), set_back))
    });
    set_back.collect()
}

/// Returns what is background in each run, where anything is.
fn of_runs(facts: &[Facts], runs: &Runs) -> BTreeMap<usize, Arc<Background>> {
    let sources = RunSources::by(facts, runs);
    let groups: Vec<Vec<usize>> = runs.of_jobs().chain(sources.alike()).collect();
    let found = groups.into_par_iter().map(|group| (sources.background(&group), group));
    let found: Vec<(Background, Vec<usize>)> = found.filter(|(found, _)| !found.is_empty()).collect();
    let each = |(found, group): (Background, Vec<usize>)| {
        let found = Arc::new(found);
        group.into_iter().map(move |run| (run, Arc::clone(&found)))
    };
    found.into_iter().flat_map(each).collect()
}

/// What the sources of each run say.
struct RunSources<'f> {
    of_runs: BTreeMap<usize, Vec<&'f Facts>>,
    runs: &'f Runs,
}

impl<'f> RunSources<'f> {
    fn by(facts: &'f [Facts], runs: &'f Runs) -> Self {
        let mut of_runs: BTreeMap<usize, Vec<&'f Facts>> = BTreeMap::new();
        for facts in facts {
            if let Some(run) = runs.at(&facts.source.name) {
                of_runs.entry(run).or_default().push(facts);
            }
        }
        Self { of_runs, runs }
    }

    /// Returns what a run might have failed of.
    fn forms(&self, run: usize) -> Forms {
        let mut forms = Forms::default();
        self.of_runs.get(&run).into_iter().flatten().for_each(|facts| forms.add(&facts.candidates.all));
        forms
    }

    /// Returns the runs without a job that lie in one folder and are alike.
    fn alike(&self) -> Vec<Vec<usize>> {
        let mut folders: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for run in self.runs.without_job() {
            if let Some(folder) = self.runs.folder(run) {
                folders.entry(folder).or_default().push(run);
            }
        }
        let few = folders.into_values().filter(|runs| runs.len() <= ALIKE);
        let groups = few.flat_map(|runs| {
            let forms: Vec<Forms> = runs.iter().map(|run| self.forms(*run)).collect();
            let groups = background::alike(&forms).into_iter();
            let named = |group: Vec<usize>| group.iter().filter_map(|at| runs.get(*at).copied()).collect();
            groups.map(named).collect::<Vec<Vec<usize>>>()
        });
        groups.collect()
    }

    /// Returns what is background in runs of one job; a run of which nothing says how it ended tells nothing.
    fn background(&self, group: &[usize]) -> Background {
        let of = |outcome: Outcome| -> Vec<Forms> {
            let ended = group.iter().filter(|run| self.runs.outcome(**run) == outcome);
            let ended: Vec<usize> = ended.copied().collect();
            let every = ended.len().div_ceil(HELD).max(1);
            ended.into_iter().step_by(every).map(|run| self.forms(run)).collect()
        };
        background::background(&of(Outcome::Fail), &of(Outcome::Pass))
    }
}
