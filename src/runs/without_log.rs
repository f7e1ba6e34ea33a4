//! Reports and annotations that belong to no log: which of them are of one run.

use std::collections::{BTreeMap, HashSet};

use super::group::Group;
use super::part::{Part, PartKind};
use super::path::{folder, leading_id};

/// Groups them: those of one folder are of one run where none names a test that another names.
pub fn alone<'p>(left: &[&'p Part]) -> Vec<Group<'p>> {
    let mut folders: BTreeMap<(&str, bool), Vec<&'p Part>> = BTreeMap::new();
    for part in left {
        folders.entry((folder(&part.source), part.baseline)).or_default().push(part);
    }
    folders
        .into_values()
        .flat_map(|parts| if are_apart(&parts) { together(&parts) } else { each(&parts) })
        .collect()
}

fn are_apart(parts: &[&Part]) -> bool {
    if parts.len() < 2 {
        return true;
    }
    let mut seen: HashSet<&str> = HashSet::new();
    let reports = parts.iter().all(|part| part.kind == PartKind::Report && !part.tests.is_empty());
    reports
        && parts.iter().all(|part| {
            let own: HashSet<&str> = part.tests.iter().map(|test| test.name.as_str()).collect();
            own.into_iter().all(|name| seen.insert(name))
        })
}

fn together<'p>(parts: &[&'p Part]) -> Vec<Group<'p>> {
    let mut parts = parts.iter();
    let mut groups: Vec<Group<'p>> = parts.next().map(|first| Group::of(first)).into_iter().collect();
    for part in parts {
        let why = "a report in the same folder, on other tests".to_owned();
        groups.iter_mut().for_each(|group| group.add(part, why.clone()));
    }
    groups
}

fn each<'p>(parts: &[&'p Part]) -> Vec<Group<'p>> {
    let mut groups: Vec<Group<'p>> = Vec::new();
    let mut by_id: BTreeMap<&str, usize> = BTreeMap::new();
    for part in parts {
        let id = leading_id(&part.source);
        let held = id.and_then(|id| by_id.get(id)).and_then(|at| groups.get_mut(*at));
        match (held, id) {
            (Some(group), Some(id)) if group.parts.iter().all(|one| one.kind != part.kind) => {
                group.add(part, format!("{id} begins both names"));
            }
            _ => {
                if let Some(id) = id {
                    by_id.insert(id, groups.len());
                }
                groups.push(Group::of(part));
            }
        }
    }
    groups
}
