//! Families of evidence: each counts once for a cause, however often it speaks.

use super::super::failures::Kind;

words! {
    /// What sort of thing speaks for or against a cause, by name.
    Family {
        /// Actors that wait for one another or overlap.
        Actors = "actors",
        Build = "build",
        /// Seeds and what is drawn at random.
        Chance = "chance",
        /// Time limits that fired or are nearly used up.
        Clock = "clock",
        /// Who arrived at a collective and who did not.
        Collective = "collective",
        Device = "device",
        /// Runs of the test that was written for the failure.
        Experiment = "experiment",
        /// An entry of the catalog.
        Known = "known",
        /// Lines that name a limit.
        Limits = "limits",
        Machine = "machine",
        /// The CI system's own.
        Machinery = "machinery",
        Memory = "memory",
        Network = "network",
        /// Which step came before which.
        Order = "order",
        /// How fast a run went on, and when it stopped.
        Pace = "pace",
        /// Hosts, devices and commits that have the failures.
        Places = "places",
        Resources = "resources",
        /// How long passing runs take, against the limit.
        Room = "room",
        /// That other runs passed.
        Runs = "runs",
        /// Which test ran before.
        Sequence = "sequence",
        Stacks = "stacks",
        /// What was left by something before.
        State = "state",
        /// How far runs had come when they stopped.
        Stops = "stops",
        /// The actor that fell behind.
        Straggler = "straggler",
        Values = "values",
    }
}

impl Family {
    /// Returns the family of the clues that speak of the same as a kind of failure.
    pub fn of_kind(kind: Kind) -> Self {
        match kind {
            Kind::Timeout | Kind::Silence => Self::Limits,
            Kind::Crash | Kind::Sanitizer => Self::Memory,
            Kind::Race | Kind::Deadlock => Self::Actors,
            Kind::Exhaustion | Kind::Kill => Self::Resources,
            Kind::Network => Self::Network,
            Kind::Hardware => Self::Device,
            Kind::Build => Self::Build,
            _ => Self::Values,
        }
    }

    /// Returns the kind of a failure of which nothing but a clue of this family tells.
    pub fn kind(self) -> Kind {
        match self {
            Self::Limits => Kind::Timeout,
            Self::Memory => Kind::Crash,
            Self::Resources => Kind::Exhaustion,
            Self::Network => Kind::Network,
            Self::Machinery => Kind::Kill,
            Self::Device => Kind::Hardware,
            _ => Kind::Error,
        }
    }
}
