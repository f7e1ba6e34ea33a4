//! From documents that ndlog wrote earlier back to what they hold.

use std::path::Path;
#[cfg(feature = "tables")]
use std::path::PathBuf;

use anyhow::{Context, anyhow};

use super::merge::{Parts, merge};
use crate::findings::Findings;
use crate::input;
use crate::signatures::Catalog;
use crate::store::part;
#[cfg(feature = "tables")]
use crate::tables::Tables;

/// Reads the document that `--format json` writes, or a part that `ndlog scan` writes.
///
/// # Errors
/// If the file cannot be read or is something else; the message names it.
pub fn findings(path: &Path) -> anyhow::Result<Findings> {
    let bytes = input::whole(path)?;
    if part::is_part(&bytes) {
        return findings_of_part(path);
    }
    serde_json::from_slice(&bytes)
        .with_context(|| format!("{} is not what `ndlog cluster --format json` writes", path.display()))
}

fn findings_of_part(path: &Path) -> anyhow::Result<Findings> {
    let (paths, catalog) = (vec![path.to_owned()], Catalog::embedded());
    let merged = merge(&Parts { paths, catalog, threads: None, jobs: None })?;
    match merged.problems.into_iter().find(|problem| problem.incomplete) {
        Some(problem) => Err(anyhow!("{problem}")),
        None => Ok(merged.findings),
    }
}

/// Reads tables: the parts that `--format parquet` writes, together, or one document as [`findings`].
///
/// # Errors
/// If a file cannot be read, is something else, or does not go with the others.
#[cfg(feature = "tables")]
pub fn tables(paths: &[PathBuf]) -> anyhow::Result<Tables> {
    let mut tables: Option<Tables> = None;
    for path in paths {
        let bytes = input::whole(path)?;
        let part = match bytes.starts_with(b"PAR1") {
            true => Tables::from_parquet(&bytes)
                .with_context(|| format!("{} is not Parquet written by ndlog", path.display()))?,
            false => Tables::of(&findings(path)?)?,
        };
        tables = Some(match tables {
            Some(tables) => tables.with(part)?,
            None => part,
        });
    }
    tables.context("no file named")
}
