//! From facts and runs to what is read after others, as runs of the job print it whatever failed in them.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::runs::Runs;
use crate::background::{self, Background, Forms, SetBack};
use crate::facts::Facts;
use crate::findings::Outcome;

/// Reads what is background after the other failures of each source; returns what was put behind, by source.
pub fn set_back(facts: &mut [Facts], runs: &Runs) -> BTreeMap<String, Vec<SetBack>> {
    let forms = forms(facts, runs);
    let groups: Vec<Vec<usize>> = runs.of_jobs().chain(alike(&forms, runs)).collect();
    let backgrounds: Vec<Background> = groups.par_iter().map(|group| of_group(group, &forms, runs)).collect();
    let mut of_runs: BTreeMap<usize, &Background> = BTreeMap::new();
    for (group, background) in groups.iter().zip(&backgrounds).filter(|(_, found)| !found.is_empty()) {
        of_runs.extend(group.iter().map(|run| (*run, background)));
    }
    let told = facts.par_iter_mut().filter_map(|facts| {
        let background = of_runs.get(&runs.at(&facts.source.name)?)?;
        let told = background::set_back(facts, background);
        (!told.is_empty()).then(|| (facts.source.name.clone(), told))
    });
    told.collect()
}

/// Returns what each run might have failed of.
fn forms(facts: &[Facts], runs: &Runs) -> BTreeMap<usize, Forms> {
    let mut forms: BTreeMap<usize, Forms> = BTreeMap::new();
    for facts in facts {
        if let Some(run) = runs.at(&facts.source.name) {
            forms.entry(run).or_default().add(&facts.candidates.all);
        }
    }
    forms
}

/// Returns the runs without a job that lie in one folder and are alike.
fn alike(forms: &BTreeMap<usize, Forms>, runs: &Runs) -> impl Iterator<Item = Vec<usize>> {
    let mut folders: BTreeMap<&str, Vec<(usize, &Forms)>> = BTreeMap::new();
    for run in runs.without_job() {
        if let Some((folder, forms)) = runs.folder(run).zip(forms.get(&run)) {
            folders.entry(folder).or_default().push((run, forms));
        }
    }
    let groups: Vec<Vec<usize>> = folders
        .into_values()
        .flat_map(|held| {
            let forms: Vec<&Forms> = held.iter().map(|(_, forms)| *forms).collect();
            let groups = background::alike(&forms).into_iter();
            let runs = |group: Vec<usize>| group.iter().filter_map(|at| Some(held.get(*at)?.0)).collect();
            groups.map(runs).collect::<Vec<Vec<usize>>>()
        })
        .collect();
    groups.into_iter()
}

/// Returns what is background in runs of one job; a run of which nothing says how it ended tells nothing.
fn of_group(group: &[usize], forms: &BTreeMap<usize, Forms>, runs: &Runs) -> Background {
    let of = |outcome: Outcome| -> Vec<&Forms> {
        let ended = |run: &&usize| runs.outcome(**run) == outcome;
        group.iter().filter(ended).filter_map(|run| forms.get(run)).collect()
    };
    background::background(&of(Outcome::Fail), &of(Outcome::Pass))
}
