//! Evidence of place: failures that keep to one machine, part, commit or test.

mod concentration;
mod episodes;

pub use concentration::{Concentration, concentrations};
