//! Where each collected log came from: `collected.json`.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::write::write_whole;

/// The name and number of this document's form.
pub const SCHEMA: &str = "ndlog.collected/1";

/// What was collected, in the order of the files' names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Manifest {
    /// Always `ndlog.collected/1`.
    pub schema: String,
    pub logs: Vec<Origin>,
}

/// One log and where it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Origin {
    /// Relative to the failure's folder.
    pub file: String,
    pub bytes: u64,
    /// XXH3-128 of the content, 32 hex digits.
    pub hash: String,
    /// The path or URL as it was given or fetched.
    pub from: String,
    pub passing: bool,
    /// The CI job, where it came from one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<Job>,
}

/// One job of one attempt of a CI run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Job {
    /// `owner/name`.
    pub repository: String,
    pub run: u64,
    /// 1 for the first.
    pub attempt: u64,
    pub id: u64,
    pub name: String,
    /// `failure`, `success`, `timed_out`, `cancelled`, …
    pub conclusion: String,
    pub commit: String,
    /// The machine, where told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runner: Option<String>,
}

impl Manifest {
    /// Reads the manifest; one that is not there is empty.
    ///
    /// # Errors
    /// If it cannot be read or is of another form.
    pub fn read(path: &Path) -> Result<Self> {
        match fs::read(path) {
            Ok(text) => serde_json::from_slice(&text).with_context(|| {
                format!("{} is not what `ndlog collect` writes; move it away", path.display())
            }),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                Ok(Self { schema: SCHEMA.to_owned(), logs: Vec::new() })
            }
            Err(error) => Err(error).context(format!("cannot read {}", path.display())),
        }
    }

    /// Writes the manifest, sorted by file.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&mut self, path: &Path) -> Result<()> {
        self.logs.sort_by(|a, b| a.file.cmp(&b.file));
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        write_whole(path, &text)
    }
}
