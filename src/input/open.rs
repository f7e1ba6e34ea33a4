//! Opens one input and hands out each log in it.

use std::fs::{File, Metadata};
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::budget::Budget;
use super::entry::Origin;
use super::find::unreadable;
use super::place::Place;
use super::unpack::Unpack;
use super::{Bytes, Input, Limits, Source};
use crate::error::Problem;

/// Files from this size on are mapped instead of read.
const MAPPED_FROM: u64 = 1 << 20;

const BUFFER: usize = 64 << 10;

/// A file changed this lately may still be written, and shortening a mapped file is deadly.
const SETTLED_AFTER: Duration = Duration::from_secs(10);

/// Opens `input` and calls `visit` with each source in it: one for a plain file, one for each
/// member of an archive. Returns what was skipped; a source's own problems go with the source.
pub fn open(input: &Input, limits: &Limits, visit: &mut dyn FnMut(Source)) -> Vec<Problem> {
    let place = Place::whole(input.name(), input.is_named());
    match input.origin() {
        Origin::Stdin => stream(place, io::stdin().lock(), limits, visit),
        Origin::File(path) => match file(path, place, limits, visit) {
            Ok(problems) => problems,
            Err(error) => vec![unreadable(path, &error)],
        },
    }
}

/// Opens bytes that are at hand as if they were a file called `name`.
pub fn open_bytes(
    name: &str,
    bytes: Vec<u8>,
    limits: &Limits,
    visit: &mut dyn FnMut(Source),
) -> Vec<Problem> {
    let budget = Budget::new(limits, bytes.len() as u64);
    let mut unpack = Unpack::new(limits, &budget, visit);
    unpack.bytes(Place::whole(name, true), Bytes::from(bytes));
    unpack.problems
}

fn file(
    path: &Path,
    place: Place,
    limits: &Limits,
    visit: &mut dyn FnMut(Source),
) -> io::Result<Vec<Problem>> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if !(metadata.is_file() && metadata.len() >= MAPPED_FROM && is_settled(&metadata)) {
        return Ok(stream(place, file, limits, visit));
    }
    let bytes = Bytes::map(&file)?;
    let budget = Budget::new(limits, bytes.len() as u64);
    let mut unpack = Unpack::new(limits, &budget, visit);
    unpack.bytes(place, bytes);
    Ok(unpack.problems)
}

fn stream(place: Place, reader: impl Read, limits: &Limits, visit: &mut dyn FnMut(Source)) -> Vec<Problem> {
    let budget = Budget::new(limits, 0);
    let mut unpack = Unpack::new(limits, &budget, visit);
    let counted = BufReader::with_capacity(BUFFER, Counted { reader, budget: &budget });
    unpack.stream(place, &mut { counted });
    unpack.problems
}

/// Tells the budget what was read.
struct Counted<'a, R> {
    reader: R,
    budget: &'a Budget<'a>,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.reader.read(buffer)?;
        self.budget.add_stored(length as u64);
        Ok(length)
    }
}

/// Returns true if and only if nobody has written the file lately. A time in the future, from
/// another machine's clock, counts as lately.
fn is_settled(metadata: &Metadata) -> bool {
    let age = metadata.modified().ok().and_then(|time| SystemTime::now().duration_since(time).ok());
    age.is_some_and(|age| age >= SETTLED_AFTER)
}
