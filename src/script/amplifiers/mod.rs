//! The amplifiers, a file for each kind of thing that they change.

mod clocks;
mod cores;
mod limits;
mod load;
mod network;
mod order;
pub(super) mod pauses;
mod repeats;
pub(super) mod seeds;
#[cfg(test)]
mod tests;
mod trees;

use super::{Amplifier, Dose, Target, Treatment};
use crate::facts::runners::Framework;

/// Every amplifier.
const ALL: [&[Amplifier]; 10] = [
    clocks::ALL,
    cores::ALL,
    limits::ALL,
    load::ALL,
    network::ALL,
    order::ALL,
    pauses::ALL,
    repeats::ALL,
    seeds::ALL,
    trees::ALL,
];

/// Returns the amplifier called `name`.
pub fn find(name: &str) -> Option<&'static Amplifier> {
    ALL.into_iter().flatten().find(|amplifier| amplifier.name == name)
}

fn is_python(target: &Target) -> bool {
    matches!(target.framework, Framework::Pytest | Framework::Unittest)
}

/// Returns a treatment of variables that the Python shims read.
fn seen_by_python<const N: usize>(dose: &Dose, variables: [(&str, String); N]) -> Treatment {
    Treatment { python_path: vec![dose.machine.python_shim.clone()], ..Treatment::variables(variables) }
}
