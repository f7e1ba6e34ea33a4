//! The catalog of known failures with those of one's own: as an option says, or else as `.ndlog.toml` does.

use std::path::Path;

use crate::settings::Settings;
use crate::signatures::Catalog;

/// Returns the catalog with the entries of one's own; `None` where there are none beside those of this program.
///
/// # Errors
/// If the entries of one's own are bad.
pub fn extended(option: Option<&Path>, settings: &Settings) -> anyhow::Result<Option<Catalog>> {
    let own = option.or(settings.signatures.as_deref()).map(Catalog::load).transpose()?;
    Ok(own.map(|own| Catalog::embedded().extended(&own)).transpose()?)
}
