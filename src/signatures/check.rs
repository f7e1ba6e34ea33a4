//! Whether an entry keeps its own word: its examples, its completeness, and its neighbours' lines.

use crate::signatures::catalog::Catalog;
use crate::signatures::entry::Entry;

/// At least so many lines must match, and as many must not.
const FEWEST_EXAMPLES: usize = 2;

/// Returns what is wrong with `entry`, each with the key of its file, judged within `catalog`.
pub fn faults(catalog: &Catalog, entry: &Entry) -> Vec<String> {
    let mut faults = Vec::new();
    for (key, count) in [("matches", entry.matches.len()), ("misses", entry.misses.len())] {
        if count < FEWEST_EXAMPLES {
            faults.push(format!("{key}: {count} lines, at least {FEWEST_EXAMPLES} are needed"));
        }
    }
    if entry.causes.is_empty() {
        faults.push("causes: none named; `unknown` with weight 0 says that none is known".to_owned());
    }
    faults.extend(entry.matches.iter().enumerate().filter_map(|(index, example)| {
        must_match(catalog, entry, &example.line).map(|what| format!("matches[{index}]: {what}"))
    }));
    let tempting = entry.misses.iter().enumerate();
    faults.extend(tempting.filter(|(_, example)| entry.pattern_for(example.line.as_bytes()).is_some()).map(
        |(index, example)| format!("misses[{index}]: matches although it must not: {}", example.line),
    ));
    faults.extend(unused_patterns(entry));
    faults
}

fn must_match(catalog: &Catalog, entry: &Entry, line: &str) -> Option<String> {
    if entry.pattern_for(line.as_bytes()).is_none() {
        return Some(format!("no pattern of this entry matches: {line}"));
    }
    match catalog.find(line.as_bytes()) {
        Some(found) if found.entry.id == entry.id => None,
        Some(found) => Some(format!("{} takes this line: {line}", found.entry.id)),
        None => Some(format!("the catalog does not find this line: {line}")),
    }
}

/// Returns a fault for each pattern that no example shows at work.
fn unused_patterns(entry: &Entry) -> impl Iterator<Item = String> {
    entry.patterns.iter().enumerate().filter_map(|(index, pattern)| {
        let shown = entry.matches.iter().any(|example| pattern.is_match(example.line.as_bytes()));
        (!shown).then(|| format!("patterns[{index}]: no line of `matches` shows it: {}", pattern.regex))
    })
}
