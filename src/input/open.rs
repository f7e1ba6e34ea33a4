//! Opens one input and hands out each log in it.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::budget::Budget;
use super::entry::Origin;
use super::files::is_descriptor;
use super::find::{cannot_be_read, unreadable};
use super::place::Place;
use super::unpack::Unpack;
use super::{Bytes, Input, Limits, Source, remote};
use crate::error::Problem;

const BUFFER: usize = 64 << 10;

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
        Origin::Remote(address) => match remote::open(address) {
            Ok(reader) => stream(place, reader, limits, visit),
            Err(error) => vec![cannot_be_read(address, &error)],
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
    unpack.finish(name)
}

fn file(
    path: &Path,
    place: Place,
    limits: &Limits,
    visit: &mut dyn FnMut(Source),
) -> io::Result<Vec<Problem>> {
    let mut file = opened(path)?;
    let metadata = file.metadata()?;
    // The files of /proc and /sys say that they are empty.
    if !metadata.is_file() || metadata.len() == 0 {
        return Ok(stream(place, file, limits, visit));
    }
    let bytes = Bytes::of_file(&mut file, metadata.len())?;
    let (budget, watch) = (Budget::new(limits, bytes.len() as u64), bytes.watch(metadata.len()));
    let (mut unpack, name) = (Unpack::new(limits, &budget, visit), place.name.clone());
    unpack.bytes(place, bytes);
    let mut problems = unpack.finish(&name);
    problems.extend(watch.shortened(&file).map(|length| shortened(path, metadata.len(), length)));
    Ok(problems)
}

/// Opens a file so that reading it never waits: some of /proc say that they are files, and wait for what comes. Names
/// of what is open already, such as a pipe, are left as they are.
pub(super) fn opened(path: &Path) -> io::Result<File> {
    let flags = if is_descriptor(path) { 0 } else { libc::O_NONBLOCK };
    OpenOptions::new().read(true).custom_flags(flags).open(path)
}

fn shortened(path: &Path, before: u64, after: u64) -> Problem {
    let what = format!(
        "was cut from {before} to {after} bytes while it was read, as by a rotation; read it again, or the file \
         that its bytes went to"
    );
    Problem::incomplete(path.display().to_string(), what)
}

fn stream(place: Place, reader: impl Read, limits: &Limits, visit: &mut dyn FnMut(Source)) -> Vec<Problem> {
    let budget = Budget::new(limits, 0);
    let (mut unpack, name) = (Unpack::new(limits, &budget, visit), place.name.clone());
    let counted = BufReader::with_capacity(BUFFER, Counted { reader, budget: &budget });
    unpack.stream(place, &mut { counted });
    unpack.finish(&name)
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
