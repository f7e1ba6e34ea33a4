//! Opens one input and hands out each log in it.

use std::fs::{File, Metadata};
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::input::Origin;
use super::spool::{Spooled, spool};
use super::{Bytes, Input, Limits, Source, content};
use crate::error::Problem;

/// Files from this size on are mapped instead of read.
const MAPPED_FROM: u64 = 1 << 20;

/// A file changed this lately may still be written, and shortening a mapped file is deadly.
const SETTLED_AFTER: Duration = Duration::from_secs(10);

/// Opens `input` and calls `visit` with each source in it: one for a plain file, one for each
/// member of an archive. Returns what was skipped; a source's own problems go with the source.
pub fn open(input: &Input, limits: &Limits, visit: &mut dyn FnMut(Source)) -> Vec<Problem> {
    let spooled = match input.origin() {
        Origin::Stdin => Ok(spool(&mut io::stdin().lock(), limits.memory_bytes)),
        Origin::File(path) => read(path, limits),
    };
    match spooled {
        Ok(spooled) => deliver(input, spooled, visit),
        Err(error) => vec![Problem::incomplete(input.name(), format!("cannot be read: {error}"))],
    }
}

fn deliver(input: &Input, spooled: Spooled, visit: &mut dyn FnMut(Source)) -> Vec<Problem> {
    let Spooled { bytes, stopped } = spooled;
    if let Some(what) = content::binary(&bytes) {
        let problem = if input.is_named() { Problem::incomplete } else { Problem::remark };
        return vec![problem(input.name().to_owned(), format!("is no log but {what}"))];
    }
    let problems = stopped
        .map(|error| Problem::incomplete(input.name(), format!("read up to byte {}: {error}", bytes.len())))
        .into_iter()
        .collect();
    let kind = content::kind(&bytes);
    visit(Source { name: input.name().to_owned(), bytes, kind, problems });
    Vec::new()
}

fn read(path: &Path, limits: &Limits) -> io::Result<Spooled> {
    let mut file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_file() && metadata.len() >= MAPPED_FROM && is_settled(&metadata) {
        if let Ok(bytes) = Bytes::map(&file) {
            return Ok(Spooled { bytes, stopped: None });
        }
    }
    Ok(spool(&mut file, limits.memory_bytes))
}

/// Returns true if and only if nobody has written the file lately. A time in the future, from
/// another machine's clock, counts as lately.
fn is_settled(metadata: &Metadata) -> bool {
    let age = metadata.modified().ok().and_then(|time| SystemTime::now().duration_since(time).ok());
    age.is_some_and(|age| age >= SETTLED_AFTER)
}
