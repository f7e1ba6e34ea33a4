//! Whether a run failed with the oracle's signature: the match rule `ndlog.match/1`.

use std::collections::BTreeSet;

use super::oracle::Oracle;
use super::recognise::masked;
use super::testimony::Testimony;
use crate::findings::{ClusterSummary, OccurrenceSummary};

/// Frames on top of the stack that must be equal.
const FRAMES: usize = 3;
/// The share of words that two masked messages must have in common.
const ALIKE: f64 = 0.9;
/// How the names of errors end that tell of a time limit.
const EXPIRES: [&str; 4] = ["Timeout", "TimeoutError", "TimeoutExpired", "TimeoutException"];
/// Letters of a message that are compared; findings keep no more.
const COMPARED: usize = 500;

impl Oracle {
    /// Returns true if this occurrence of `cluster`, of which its log tells `told`, is the failure: the
    /// same id; or the same kind and exception in nearly the same words, with the same frames on top,
    /// or, where there is no stack, after the same step.
    pub fn is_met_by(
        &self,
        cluster: &ClusterSummary,
        occurrence: &OccurrenceSummary,
        told: &Testimony,
    ) -> bool {
        let own = [&cluster.id, &occurrence.exact];
        let has_id = |id: &String| own.contains(&id) || cluster.aliases.contains(id);
        std::iter::once(&self.cluster).chain(&self.aliases).any(has_id) || self.is_alike(cluster, told)
    }

    fn is_alike(&self, cluster: &ClusterSummary, told: &Testimony) -> bool {
        let says = told.headline.as_ref().is_some_and(|(text, _)| jaccard(&self.message, text) >= ALIKE);
        self.kind == cluster.kind && self.exception == told.exception && says && self.is_reached_by(told)
    }

    /// Returns true if both got there on the same way, as far as both tell. A time limit strikes wherever
    /// the program is just then.
    fn is_reached_by(&self, told: &Testimony) -> bool {
        let expires = |name: &String| EXPIRES.iter().any(|end| name.ends_with(end));
        if self.kind == "timeout" || self.exception.as_ref().is_some_and(expires) {
            return true;
        }
        if !self.frames.is_empty() || !told.frames.is_empty() {
            return self.frames.iter().take(FRAMES).eq(told.frames.iter().take(FRAMES));
        }
        let Some((step, _)) = &told.phase else { return true };
        self.phase.is_empty() || self.phase.iter().any(|phase| jaccard(&phase.text, step) >= ALIKE)
    }
}

/// Returns how many of the words of two lines, numbers and addresses masked, both have.
fn jaccard(a: &str, b: &str) -> f64 {
    let (a, b) = (words(a), words(b));
    let either = a.union(&b).count();
    if either == 0 { 1.0 } else { a.intersection(&b).count() as f64 / either as f64 }
}

/// Returns the words without the marks around them, which change with the length of what is listed.
fn words(text: &str) -> BTreeSet<String> {
    let begin: String = text.chars().take(COMPARED).collect();
    let masked = masked(&begin);
    let bare = masked
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| c.is_ascii_punctuation() && c != '#'));
    bare.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Log;
    use super::super::example::{findings, occurrence, pattern};
    use super::*;

    /// A log that fails like the example, but in these words and after this step.
    fn is_met(id: &str, kind: &str, step: &str, words: &str) -> bool {
        let mut findings = findings();
        let cluster = &mut findings.clusters[0];
        (cluster.id, cluster.kind) = (id.to_owned(), kind.to_owned());
        let text = format!("{step}\n{words}\n");
        let occurrence = OccurrenceSummary {
            line_start: 2,
            line_end: 2,
            message: words.trim_start_matches("E ").trim().to_owned(),
            ..occurrence()
        };
        let told = Testimony::failing(Log { source: "log", bytes: text.as_bytes() }, &occurrence);
        pattern().oracle.is_met_by(cluster, &occurrence, &told)
    }

    #[test]
    fn another_step_before_it_is_another_failure() {
        let mut oracle = pattern().oracle;
        (oracle.kind, oracle.exception) = ("assertion".to_owned(), None);
        let told = |step: &str| {
            let text = format!("{step}\nring is broken\n");
            let occurrence = OccurrenceSummary { line_start: 2, line_end: 2, ..occurrence() };
            Testimony::failing(Log { source: "log", bytes: text.as_bytes() }, &occurrence)
        };
        assert!(oracle.is_reached_by(&told("gather step 7 of 8")));
        assert!(!oracle.is_reached_by(&told("closing the ring")));
    }

    #[test]
    fn the_same_id_or_the_same_words_on_the_same_way() {
        const OTHER: &str = "0000000000000000";
        let (step, says) = ("gather step 7 of 8", "E   RingTimeout: no answer from peer 5");
        for (id, kind, step, words, expected, why) in [
            ("5b1c0e77a90412fd", "crash", "x", "y", true, "the same id"),
            (OTHER, "timeout", step, says, true, "only numbers differ"),
            (OTHER, "crash", step, says, false, "another kind"),
            (OTHER, "timeout", "closing the ring", says, true, "a limit strikes anywhere"),
            (OTHER, "timeout", step, "E   LinkTimeout: no answer from peer 5", false, "another exception"),
            (OTHER, "timeout", step, "E   RingTimeout: no words from host 5", false, "other words"),
        ] {
            assert_eq!(is_met(id, kind, step, words), expected, "{why}");
        }
    }
}
