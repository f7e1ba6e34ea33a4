//! Brings one log of a server into a collection.

use std::io::{self, Read};
use std::path::Path;

use anyhow::{Context, Result};

use super::{Client, Refusal};
use crate::folder::{Collection, manifest};

/// A log, or an archive of logs, on a server.
pub struct Log<'l> {
    /// Its path or address in the API.
    pub path: &'l str,
    /// The name of the file for it.
    pub name: &'l str,
    /// What it is of, in words.
    pub what: &'l str,
    pub passed: bool,
    pub job: Option<manifest::Job>,
}

/// Brings a log into a collection. Returns why it could not be had, where others may be; `refused` words what the server
/// said.
///
/// # Errors
/// If the rate limit is used up for longer than the settings' patience, or the folder cannot be written.
pub fn bring(
    client: &Client,
    collection: &mut Collection<'_>,
    log: Log<'_>,
    refused: impl Fn(&Refusal) -> String,
) -> Result<Option<String>> {
    let reader = match client.bytes(log.path) {
        Ok(reader) => reader,
        Err(refusal @ Refusal::RateLimited(..)) => {
            return Err(refusal).with_context(|| format!("stopped before {}", log.what));
        }
        Err(refusal) => return Ok(Some(refused(&refusal))),
    };
    let mut reader = Watched { inner: reader, failed: None };
    let from = client.absolute(log.path);
    let put = collection.put(Path::new(log.name), &mut reader, &from, log.passed, log.job);
    match (put, reader.failed) {
        (Ok(()), _) => Ok(None),
        (Err(_), Some(broken)) => {
            Ok(Some(format!("the download broke off ({broken}); nothing was kept of it")))
        }
        (Err(error), None) => Err(error),
    }
}

/// A reader that remembers its own error, so that a broken download and a full disk are told apart.
struct Watched<R> {
    inner: R,
    failed: Option<String>,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer).inspect_err(|error| self.failed = Some(error.to_string()))
    }
}
