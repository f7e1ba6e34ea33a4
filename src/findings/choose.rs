//! Which failure a person means: by its number on the first screen, or by its id.

use super::{ClusterSummary, Findings};

/// What was meant.
#[derive(Clone, Debug, PartialEq)]
pub enum Chosen<'a> {
    One(&'a ClusterSummary),
    /// The digits fit several.
    Several(Vec<&'a ClusterSummary>),
    None,
}

/// Digits from which on a number may be the beginning of an id.
const LEAST_DIGITS: usize = 4;

impl Findings {
    /// Returns the failure of this number on the first screen, or else whose id, or the id of a near-duplicate in it,
    /// begins so.
    pub fn choose(&self, what: &str) -> Chosen<'_> {
        let what = what.to_lowercase();
        let number = what.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let shown = || self.primary();
        if let Some(cluster) = number.and_then(|number| shown().nth(number)) {
            return Chosen::One(cluster);
        }
        if what.is_empty() || (number.is_some() && what.len() < LEAST_DIGITS) {
            return Chosen::None;
        }
        let fits: Vec<&ClusterSummary> = self.clusters.iter().filter(|one| one.has_id(&what)).collect();
        match fits.as_slice() {
            [] => Chosen::None,
            [one] => Chosen::One(one),
            _ => Chosen::Several(fits),
        }
    }
}

impl ClusterSummary {
    /// Returns true if one of its ids begins so.
    pub fn has_id(&self, digits: &str) -> bool {
        let exact = self.occurrences.iter().map(|occurrence| &occurrence.exact);
        let former = self.past.iter().flat_map(|past| &past.former_ids);
        std::iter::once(&self.id)
            .chain(&self.aliases)
            .chain(exact)
            .chain(former)
            .any(|id| id.starts_with(digits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::{SCHEMA, Totals};

    fn cluster(id: &str, aliases: &[&str], failures: u64) -> ClusterSummary {
        ClusterSummary {
            id: id.to_owned(),
            aliases: aliases.iter().map(|id| (*id).to_owned()).collect(),
            failures,
            in_sources: failures,
            ..ClusterSummary::default()
        }
    }

    #[test]
    fn a_failure_is_meant_by_its_number_or_by_the_beginning_of_an_id() {
        let findings = Findings {
            schema: SCHEMA.to_owned(),
            totals: Totals::default(),
            sources: Vec::new(),
            runs: Vec::new(),
            clusters: vec![
                cluster("12340000000000aa", &[], 3),
                cluster("beef000000000000", &[], 0),
                cluster("12350000000000bb", &["abcd000000000000"], 2),
            ],
            gone: Vec::new(),
            excerpts: Vec::new(),
        };
        let ids = |what: &str| -> Vec<String> {
            match findings.choose(what) {
                Chosen::One(one) => vec![one.id.get(..4).unwrap().to_owned()],
                Chosen::Several(all) => all.iter().map(|one| one.id.get(..4).unwrap().to_owned()).collect(),
                Chosen::None => Vec::new(),
            }
        };
        for (what, expected) in [
            ("1", ["1234"].as_slice()),
            ("2", &["1235"]),
            ("3", &[]),
            ("1234", &["1234"]),
            ("123", &[]),
            ("beef", &["beef"]),
            ("BEEF", &["beef"]),
            ("abcd", &["1235"]),
            ("b", &["beef"]),
            ("", &[]),
            ("ffff", &[]),
        ] {
            assert_eq!(ids(what), expected, "{what:?}");
        }
        let more = Findings { clusters: vec![cluster("aa10", &[], 1), cluster("aa20", &[], 1)], ..findings };
        assert!(matches!(more.choose("aa"), Chosen::Several(all) if all.len() == 2));
    }
}
