//! What a proof beside the logs showed: the causes of its failure stand as the runs have moved them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::pattern_of;
use crate::experiment::Pattern;
use crate::findings::Findings;
use crate::folder::Failure;
use crate::trials::{self, Outcome};

/// How far above a log the failure's folder stands: `x/logs/passing/a.log`.
const ABOVE: usize = 4;

/// A pattern and what its runs showed.
pub struct Proof {
    pattern: Pattern,
    outcome: Outcome,
}

/// Returns the proofs of the failures in whose folders these logs lie.
pub fn beside(paths: &[PathBuf]) -> Vec<Proof> {
    let folders: BTreeSet<&Path> =
        paths.iter().flat_map(|path| path.ancestors().take(ABOVE)).filter(|path| path.is_dir()).collect();
    folders.into_iter().filter_map(proof).collect()
}

fn proof(folder: &Path) -> Option<Proof> {
    let failure = Failure::open(folder).ok()?;
    let outcome = failure.read(&failure.trials().join("outcome.json"), "ndlog verify").ok()?;
    Some(Proof { pattern: pattern_of(&failure).ok()?, outcome })
}

impl Proof {
    /// Puts the causes of the proved failure into the order that the runs gave them, with what the runs say.
    pub fn rerank(&self, findings: &mut Findings) {
        let oracle = &self.pattern.oracle;
        let own = findings
            .clusters
            .iter_mut()
            .find(|cluster| cluster.id == oracle.cluster || cluster.aliases.contains(&oracle.cluster));
        if let Some(cluster) = own {
            cluster.causes = trials::rerank(&cluster.causes, &self.pattern.knobs, &self.outcome);
        }
    }
}
