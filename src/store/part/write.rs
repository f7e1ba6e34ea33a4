//! From what was scanned to a file.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use super::frame::{Kind, append};
use super::input::{Columns, InputRecord, Scanned};
use crate::error::Problem;

/// The number of the form. Readers refuse what is newer than they are.
pub(super) const FORMAT: u32 = 1;
/// zstd's own default: higher levels take much longer and save little of such text.
const LEVEL: i32 = 3;

/// What wrote a file.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Head {
    pub(super) format: u32,
    /// The version of ndlog, for people.
    pub(super) program: String,
    /// The rules by which the logs were read.
    pub(super) rules: String,
}

/// How much there is in a file.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct End {
    pub(super) inputs: u64,
    pub(super) sources: u64,
}

/// Writes a part piece by piece.
pub struct Writer<W> {
    out: W,
    end: End,
}

/// Starts a part of logs that were read by these rules.
///
/// # Errors
/// If `out` fails.
pub fn write<W: Write>(out: W, rules: &str) -> io::Result<Writer<W>> {
    let mut writer = Writer { out, end: End::default() };
    let head =
        Head { format: FORMAT, program: env!("CARGO_PKG_VERSION").to_owned(), rules: rules.to_owned() };
    writer.put(Kind::Head, &serde_json::to_vec(&head)?)?;
    Ok(writer)
}

impl<W: Write> Writer<W> {
    /// Adds what could not be found.
    ///
    /// # Errors
    /// If `out` fails.
    pub fn problems(&mut self, problems: &[Problem]) -> io::Result<()> {
        if problems.is_empty() {
            return Ok(());
        }
        self.put(Kind::Problems, &serde_json::to_vec(problems)?)
    }

    /// Adds one input with the facts of its sources.
    ///
    /// # Errors
    /// If `out` fails.
    pub fn input(&mut self, scanned: &Scanned) -> io::Result<()> {
        let number = self.end.inputs;
        let record = InputRecord {
            number,
            input: scanned.input.clone(),
            sources: scanned.facts.len() as u64,
            problems: scanned.problems.clone(),
            columns: scanned.facts.iter().map(Columns::of).collect(),
        };
        self.put(Kind::Input, &serde_json::to_vec(&record)?)?;
        for facts in &scanned.facts {
            let mut held = number.to_le_bytes().to_vec();
            held.extend(zstd::bulk::compress(&serde_json::to_vec(facts)?, LEVEL)?);
            self.put(Kind::Facts, &held)?;
        }
        self.end.inputs += 1;
        self.end.sources += record.sources;
        Ok(())
    }

    /// Ends the part.
    ///
    /// # Errors
    /// If `out` fails.
    pub fn finish(mut self) -> io::Result<W> {
        self.put(Kind::End, &serde_json::to_vec(&self.end)?)?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn put(&mut self, kind: Kind, held: &[u8]) -> io::Result<()> {
        let mut frame = Vec::with_capacity(held.len() + 32);
        if !append(&mut frame, kind, held) {
            return Err(io::Error::other("what one log says is too much for a part: more than 4 GB"));
        }
        self.out.write_all(&frame)
    }
}
