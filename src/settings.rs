//! Settings: the file `.ndlog.toml` of a project. Must not know what its keys are used for.

use std::fs;
use std::path::Path;

use anyhow::Context;
use serde::Deserialize;

/// The name of the file.
const FILE: &str = ".ndlog.toml";

/// What the file says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    pub jobs: JobSettings,
}

/// The table `[jobs]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct JobSettings {
    /// A regular expression that finds the name of the job in the path of a log.
    pub pattern: Option<String>,
}

impl Settings {
    /// Reads the file in a folder or the nearest one above it; nothing is set where there is none.
    ///
    /// # Errors
    /// If the file cannot be read or says something unknown; the message names it.
    pub fn near(folder: &Path) -> anyhow::Result<Self> {
        let Some(path) = folder.ancestors().map(|above| above.join(FILE)).find(|path| path.is_file()) else {
            return Ok(Self::default());
        };
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        toml::from_str(&text).with_context(|| path.display().to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_file_counts_and_a_wrong_key_is_named() {
        let top = tempfile::tempdir().unwrap();
        let below = top.path().join("a/b");
        fs::create_dir_all(&below).unwrap();
        fs::write(top.path().join(FILE), "[jobs]\npattern = 'ci/([^/]+)/'\n").unwrap();
        assert_eq!(Settings::near(&below).unwrap().jobs.pattern.as_deref(), Some("ci/([^/]+)/"));
        fs::write(below.join(FILE), "").unwrap();
        assert_eq!(Settings::near(&below).unwrap(), Settings::default());
        fs::write(below.join(FILE), "[job]\n").unwrap();
        let error = format!("{:#}", Settings::near(&below).unwrap_err());
        assert!(error.contains("a/b/.ndlog.toml") && error.contains("job"), "{error}");
    }
}
