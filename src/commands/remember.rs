//! Whether what was seen is remembered: the options of every command that reads logs.

use std::io;
use std::path::PathBuf;

use anyhow::Result;

use crate::error::Problem;
use crate::pipeline::Memory;
use crate::settings::Settings;
use crate::signatures::Catalog;
use crate::store::STORE;

/// Where to remember what was seen.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Memory")]
pub struct Remember {
    /// Remember what was read and seen in this folder, and tell what is new, back again or gone. Without a value, the
    /// folder that `.ndlog.toml` names, or else `.ndlog`; without logs, show all that is remembered.
    #[arg(long, value_name = "DIR", num_args = 0..=1)]
    store: Option<Option<PathBuf>>,
    /// Remember nothing, whatever `.ndlog.toml` says.
    #[arg(long, conflicts_with = "store")]
    no_store: bool,
}

impl Remember {
    /// Returns true if the command line asks for it.
    pub fn asked(&self) -> bool {
        self.store.is_some()
    }

    /// Opens the store that is asked for or set; `None` where there is none. If there are `logs` to be read, a store
    /// that cannot be written is a problem and no error: what is found does not depend on it.
    ///
    /// # Errors
    /// If it cannot be used.
    pub fn open(
        &self,
        settings: &Settings,
        catalog: &Catalog,
        logs: bool,
    ) -> Result<(Option<Memory>, Option<Problem>)> {
        let Some(folder) = self.folder(settings) else { return Ok((None, None)) };
        match Memory::open(&folder, catalog) {
            Ok(memory) => Ok((Some(memory), None)),
            Err(error) if logs && is_of_the_disk(&error) => {
                let what = format!("{error:#}; the findings are whole, and are not remembered");
                Ok((None, Some(Problem::incomplete("ndlog", what))))
            }
            Err(error) => Err(error),
        }
    }

    fn folder(&self, settings: &Settings) -> Option<PathBuf> {
        let set = || settings.store.clone();
        match &self.store {
            _ if self.no_store => None,
            Some(Some(folder)) => Some(folder.clone()),
            Some(None) => Some(set().unwrap_or_else(|| PathBuf::from(STORE))),
            None => set(),
        }
    }
}

/// Returns false for a folder that was named by mistake.
fn is_of_the_disk(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() != io::ErrorKind::InvalidInput)
}
