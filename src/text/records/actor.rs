//! Who wrote a line.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The one who wrote a line, as far as the line says. Every part is `None` where it does not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Actor {
    /// The name of the machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The container or service whose output a tool shows; several may run on one machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// The process id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub process: Option<u64>,
    /// The thread or goroutine, as printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thread: Option<String>,
    /// The MPI or collective rank.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rank: Option<u64>,
    /// The test worker, as in pytest-xdist's `[gw3]`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worker: Option<u64>,
    /// The device or chip number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<u64>,
}

impl Actor {
    /// Returns true if and only if nothing is known.
    pub fn is_unknown(&self) -> bool {
        *self == Self::default()
    }

    /// Returns this actor, with what it does not know taken from `other`.
    pub fn or(self, other: Self) -> Self {
        Self {
            host: self.host.or(other.host),
            service: self.service.or(other.service),
            process: self.process.or(other.process),
            thread: self.thread.or(other.thread),
            rank: self.rank.or(other.rank),
            worker: self.worker.or(other.worker),
            device: self.device.or(other.device),
        }
    }
}
