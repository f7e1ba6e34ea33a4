//! A file of rules as it is part of the program.

use serde::de::DeserializeOwned;

/// A TOML file of rules in the form in which `build.rs` puts it into the program.
#[derive(Clone, Copy, Debug)]
pub struct Embedded(&'static str);

impl Embedded {
    /// Takes the text of a file that `build.rs` wrote: [`table!`](crate::rules::table) names it.
    pub const fn new(json: &'static str) -> Self {
        Self(json)
    }

    /// Returns what the file holds.
    pub fn read<T: DeserializeOwned>(self) -> T {
        serde_json::from_str(self.0).unwrap_or_else(|error| unreachable!("a test reads each file: {error}"))
    }
}

/// Returns the table of rules in the file `$name.toml`.
macro_rules! table {
    ($name:literal) => {
        $crate::rules::Embedded::new(include_str!(concat!(env!("OUT_DIR"), "/", $name, ".json")))
    };
}

pub(crate) use table;
