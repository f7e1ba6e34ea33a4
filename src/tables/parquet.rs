//! The occurrence table as Parquet: a part for each shard, put together by reading several.

use std::io::{self, Cursor, Write};

use polars::prelude::{Column, DataFrame, ParquetReader, ParquetWriter, PolarsResult, SerReader};

use super::Tables;
use super::frames::occurrences;
use super::guarded::guarded;
use crate::findings::Row;

impl Tables {
    /// Writes the occurrences.
    ///
    /// # Errors
    /// If `out` fails.
    pub fn write_parquet(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut occurrences = self.occurrences.clone();
        // Through memory, because the engine hides why a write failed, and a closed pipe is no failure.
        let mut bytes = Vec::new();
        ParquetWriter::new(&mut bytes)
            .set_parallel(false)
            .finish(&mut occurrences)
            .map_err(io::Error::other)?;
        out.write_all(&bytes)
    }

    /// Reads what [`Tables::write_parquet`] wrote; only the table `occurrences` is there.
    ///
    /// # Errors
    /// If the bytes are not Parquet or lack a column.
    pub fn from_parquet(bytes: &[u8]) -> anyhow::Result<Self> {
        guarded(|| {
            let mut frame = ParquetReader::new(Cursor::new(bytes)).finish()?;
            let form = occurrences(&[])?;
            // What is worked out of the time is no field of a row, and may be missing in a part of an earlier version.
            for column in
                form.columns().iter().filter(|column| !Row::COLUMNS.contains(&column.name().as_str()))
            {
                if frame.column(column.name()).is_err() {
                    let empty = Column::full_null(column.name().clone(), frame.height(), column.dtype());
                    frame.with_column(empty)?;
                }
            }
            // Columns that a later version adds are left out, so that old and new parts go together.
            let occurrences = frame.select(form.get_column_names_owned())?;
            Ok(Self { occurrences, sources: None, clusters: None, runs: None })
        })
    }

    /// Returns the occurrences of both. Sources and clusters cannot be added up from parts.
    ///
    /// # Errors
    /// If a column has another type in `other`.
    pub fn with(self, other: Self) -> PolarsResult<Self> {
        let occurrences: DataFrame = self.occurrences.vstack(&other.occurrences)?;
        Ok(Self { occurrences, sources: None, clusters: None, runs: None })
    }
}
