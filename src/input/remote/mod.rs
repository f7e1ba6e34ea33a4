//! Logs in an object store, or behind an address: `s3://`, `gs://`, `az://`, `https://`.
//!
//! Knows how objects are listed and read by ranges. What they hold is unpacked as the bytes of a file are.

mod place;
mod reader;

use std::io::{self, Read};

use place::Place;
use reader::Ranges;

/// Returns the addresses of all objects below `address`, or its own where it is one object, or lies on a web server.
///
/// # Errors
/// If the address is malformed, nothing is there, or the store refuses or does not answer.
pub(super) fn list(address: &str) -> io::Result<Vec<String>> {
    let found = Place::of(address)?.list()?;
    if found.is_empty() {
        return Err(io::Error::new(
            io::ErrorKind::NotFound,
            "there is no object of this name, and none below it",
        ));
    }
    Ok(found)
}

/// Opens one object for reading.
///
/// # Errors
/// If the address is malformed, there is no such object, or the store refuses or does not answer.
pub(super) fn open(address: &str) -> io::Result<impl Read> {
    Ranges::of(Place::of(address)?)
}
