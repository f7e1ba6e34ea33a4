//! What can be wrong with a catalog, told with the file and the key.

use std::path::PathBuf;

use thiserror::Error;

/// Why a catalog could not be used.
#[derive(Debug, Error)]
pub enum CatalogError {
    /// The folder or one of its files cannot be read.
    #[error("failed to read {}: {source}", path.display())]
    Read { path: PathBuf, source: std::io::Error },
    /// The folder has no entry.
    #[error("no entry `<family>/<name>.toml` below {}", path.display())]
    Empty { path: PathBuf },
    /// The file is not TOML, or lacks a key, or has one too many.
    #[error("{file}: {what}")]
    Syntax { file: String, what: String },
    /// The value of a key cannot be used.
    #[error("{file}: {key}: {what}")]
    Value { file: String, key: String, what: String },
    /// The entries cannot be searched for together.
    #[error("the patterns together need {strings} strings, and at most 65535 can be sought at once")]
    TooLarge { strings: usize },
}
