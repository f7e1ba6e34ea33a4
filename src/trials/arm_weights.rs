//! What each thing that runs may show weighs for each cause.
//!
//! The weights are set by hand, in nats, from what each amplifier does; no tool has fitted them.

use crate::signatures::Cause;

/// What it says of causes that an amplifier alone raised the rate beyond doubt.
pub const RAISED: &[(&str, &[(Cause, f64)])] = &[
    ("order-replay", &[(Cause::OrderDependence, 3.0)]),
    ("polluter-pair", &[(Cause::OrderDependence, 3.0)]),
    ("order-shuffle", &[(Cause::OrderDependence, 2.5)]),
    ("no-reset", &[(Cause::OrderDependence, 1.5), (Cause::Exhaustion, 1.0)]),
    ("dirty-tree", &[(Cause::OrderDependence, 2.5)]),
    ("seed-replay", &[(Cause::Randomness, 2.5), (Cause::OrderDependence, 0.5), (Cause::Race, -1.0)]),
    ("seed-sweep", &[(Cause::Randomness, 2.0)]),
    ("delay", &[(Cause::Race, 2.0), (Cause::Timeout, 0.5)]),
    ("scheduling-noise", &[(Cause::Race, 1.5), (Cause::Timeout, 0.5)]),
    ("one-cpu", &[(Cause::Race, 1.0), (Cause::Deadlock, 0.5)]),
    ("cpu-hogs", &[(Cause::Timeout, 1.5), (Cause::Contention, 1.0), (Cause::Race, 0.7)]),
    ("cpu-quota", &[(Cause::Timeout, 2.0), (Cause::Contention, 1.0)]),
    ("parallel", &[(Cause::Contention, 1.0), (Cause::Exhaustion, 0.7), (Cause::Race, 0.5)]),
    ("io-load", &[(Cause::Contention, 1.5), (Cause::Timeout, 1.0)]),
    ("timeout-scale", &[(Cause::Timeout, 2.0)]),
    ("memory-limit", &[(Cause::OutOfMemory, 2.0)]),
    ("gc-pressure", &[(Cause::MemoryCorruption, 1.5), (Cause::Race, 0.5)]),
    ("descriptor-limit", &[(Cause::Exhaustion, 2.0)]),
    ("disk-limit", &[(Cause::Exhaustion, 2.0)]),
    ("port-limit", &[(Cause::Exhaustion, 2.0)]),
    ("network-delay", &[(Cause::Network, 1.5), (Cause::Timeout, 1.0)]),
    ("network-loss", &[(Cause::Network, 2.0)]),
    ("generator-seed", &[(Cause::Randomness, 3.0), (Cause::Race, -1.5), (Cause::Timeout, -1.5)]),
    ("clock-rate", &[(Cause::Timeout, 2.0)]),
    ("clock-shift", &[(Cause::TestDefect, 1.5), (Cause::Environment, 0.5)]),
    ("locale-sweep", &[(Cause::Environment, 1.5), (Cause::TestDefect, 0.5)]),
];
/// The same of a seed that orders the tests: it sets what they draw as well.
pub const SEED_OF_ORDER: &[(Cause, f64)] =
    &[(Cause::OrderDependence, 2.5), (Cause::Randomness, 0.5), (Cause::Race, -1.0)];
/// Amplifiers that slow a program, and what it says that they make it fail less often.
pub const LOADS: &[&str] = &["cpu-hogs", "cpu-quota", "scheduling-noise", "io-load"];
pub const SUPPRESSED: &[(Cause, f64)] =
    &[(Cause::Race, 1.5), (Cause::Timeout, -2.0), (Cause::Contention, -2.0)];
/// What it says that a test that fails now and then does not fail without what earlier runs left, on one core, while the
/// clock stands still, or where no other program has the network.
pub const CURED: &[(&str, &[(Cause, f64)])] = &[
    ("clean-tree", &[(Cause::OrderDependence, 3.0), (Cause::Race, -1.0), (Cause::Timeout, -1.5)]),
    ("one-cpu", &[(Cause::Race, 1.5), (Cause::Randomness, -1.0), (Cause::OrderDependence, -1.0)]),
    ("delay", &[(Cause::Race, 1.5), (Cause::Randomness, -1.0), (Cause::OrderDependence, -1.0)]),
    ("clock-still", &[(Cause::TestDefect, 3.0), (Cause::Race, -1.0), (Cause::Timeout, -1.0)]),
    (
        "own-network",
        &[
            (Cause::Exhaustion, 2.0),
            (Cause::Contention, 1.5),
            (Cause::Network, 1.0),
            (Cause::Randomness, -1.0),
        ],
    ),
];
/// The parts of the evidence that a seed decides which each cause gets: what is drawn is then the same, and no timing is.
pub const SEEDED: &[(Cause, f64)] =
    &[(Cause::Randomness, 1.0), (Cause::Race, -0.5), (Cause::Timeout, -0.5), (Cause::Contention, -0.5)];
/// The same where the seed orders the tests.
pub const SEEDED_ORDER: &[(Cause, f64)] =
    &[(Cause::OrderDependence, 1.0), (Cause::Randomness, 0.3), (Cause::Race, -0.5), (Cause::Timeout, -0.5)];
/// What it says that one seed makes it fail more often and not every time: it draws a part of what matters.
pub const PARTLY_SEEDED: &[(Cause, f64)] = &[(Cause::Randomness, 1.0)];
/// What it says that a test fails every time as it is.
pub const EVERY_TIME: &[(Cause, f64)] = &[
    (Cause::Defect, 3.0),
    (Cause::Environment, 1.0),
    (Cause::Race, -2.0),
    (Cause::Randomness, -2.5),
    (Cause::Contention, -2.0),
    (Cause::Timeout, -0.5),
    (Cause::OrderDependence, -1.5),
    (Cause::Hang, -1.0),
];
/// The same where it has passed in CI: something here differs, or the failure is only more frequent here.
pub const EVERY_TIME_HERE: &[(Cause, f64)] =
    &[(Cause::Environment, 1.0), (Cause::Defect, 0.5), (Cause::Randomness, -1.5)];
/// What it says that a test fails in CI's whole command and never alone.
pub const NOT_ALONE: &[(Cause, f64)] = &[(Cause::OrderDependence, 3.0), (Cause::Randomness, -1.5)];
/// The same of a command that may run several tests at the same time: they share what they should not.
pub const NOT_ALONE_TOGETHER: &[(Cause, f64)] = &[
    (Cause::Race, 2.5),
    (Cause::OrderDependence, 1.5),
    (Cause::Contention, 1.0),
    (Cause::Exhaustion, 0.5),
    (Cause::Randomness, -1.5),
];
/// What it says that it fails now and then, and as often under load as without.
pub const INDIFFERENT: &[(Cause, f64)] =
    &[(Cause::Randomness, 1.2), (Cause::Timeout, -1.0), (Cause::Contention, -1.5), (Cause::Defect, -1.0)];
/// What it says that it fails now and then at all.
pub const NOW_AND_THEN: &[(Cause, f64)] = &[(Cause::Defect, -1.5)];
