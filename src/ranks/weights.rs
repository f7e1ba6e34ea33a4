//! The fitted weights, by the names of the features.

use std::sync::OnceLock;

use super::features::names;

/// Made by `tools/fit_ranks.py`, which says from what.
const DATA: &str = include_str!("weights.toml");

/// Returns one weight for each feature, in the order of [`names`]; a feature that the file does not
/// name weighs nothing.
pub fn weights() -> &'static [f32] {
    static WEIGHTS: OnceLock<Vec<f32>> = OnceLock::new();
    WEIGHTS.get_or_init(|| {
        let table: toml::Table = DATA.parse().unwrap_or_else(|error| panic!("weights.toml: {error}"));
        let weight =
            |name: &String| table.get(name).and_then(toml::Value::as_float).unwrap_or_default() as f32;
        names().iter().map(weight).collect()
    })
}
