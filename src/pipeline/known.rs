//! From paths to known failures: every line on its own against the catalog.

use std::path::PathBuf;

use crate::error::Problem;
use crate::input::{self, Limits, Request, Source};
use crate::signatures::{Catalog, KnownLine};
use crate::text::lines;
use crate::text::records;

/// What is known in some logs.
pub struct Known<'c> {
    /// In the order in which they were read.
    pub sources: Vec<KnownSource<'c>>,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

/// What is known in one log.
pub struct KnownSource<'c> {
    pub name: String,
    pub hits: Vec<KnownLine<'c>>,
}

/// Returns the lines of the logs at `paths` that `catalog` knows.
pub fn known(catalog: &Catalog, paths: Vec<PathBuf>) -> Known<'_> {
    let found = input::find(&Request { paths, ..Request::default() });
    let mut known = Known { sources: Vec::new(), problems: found.problems };
    for input in &found.inputs {
        let skipped = input::open(input, &Limits::default(), &mut |source| {
            let hits = hits(catalog, &source);
            known.problems.extend(source.problems);
            known.sources.push(KnownSource { name: source.name, hits });
        });
        known.problems.extend(skipped);
    }
    known
}

fn hits<'c>(catalog: &'c Catalog, source: &Source) -> Vec<KnownLine<'c>> {
    let records = lines::split(&source.bytes).map(records::parse);
    records
        .filter_map(|record| {
            let found = catalog.find(&record.message)?;
            let message = String::from_utf8_lossy(&record.message).into_owned();
            Some(KnownLine { line: record.line.number, message, found })
        })
        .collect()
}
