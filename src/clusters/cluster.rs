//! One failure in all its places.

use std::sync::Arc;

use crate::facts::failures::{CodePlace, Event};
use crate::signatures::Signature;

/// One event of one log, signed and ranked.
#[derive(Clone, Debug)]
pub struct Occurrence {
    /// The name of the log.
    pub source: String,
    pub event: Event,
    /// The line of the sources that its lines name.
    pub code: Option<CodePlace>,
    /// Shared by those that are called the same, of which there may be very many.
    pub signature: Arc<Signature>,
    /// Within its log, 1 is what to read first.
    pub rank: u64,
    /// True if nothing states how the log ended: it may explain a failure, and makes none.
    pub suspect: bool,
}

/// One failure in all its places.
#[derive(Clone, Debug)]
pub struct Cluster {
    /// The smallest of the members' ids: it depends on the members alone, not on their order.
    pub id: String,
    /// The other members' ids, ascending.
    pub aliases: Vec<String>,
    /// In the order of source and line.
    pub occurrences: Vec<Occurrence>,
}

impl Cluster {
    /// Returns the occurrence that shows best what the cluster is: the one ranked highest in its
    /// log, the first of these by source and line.
    pub fn example(&self) -> Option<&Occurrence> {
        let exact = |occurrence: &&Occurrence| occurrence.signature.id == self.id;
        let by_rank = |occurrence: &&Occurrence| occurrence.rank;
        self.occurrences
            .iter()
            .filter(exact)
            .min_by_key(by_rank)
            .or_else(|| self.occurrences.iter().min_by_key(by_rank))
    }
}
