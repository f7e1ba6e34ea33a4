//! The occurrence table as Parquet, for data frames and warehouses.

use std::io::{self, Write};

use super::format::Writer;
use crate::findings::Findings;

/// Written by the table engine, which is a feature of the build.
pub struct Parquet;

#[cfg(feature = "tables")]
impl Writer for Parquet {
    fn write(&self, findings: &Findings, out: &mut dyn Write) -> io::Result<()> {
        crate::tables::Tables::of(findings).map_err(io::Error::other)?.write_parquet(out)
    }
}

#[cfg(not(feature = "tables"))]
impl Writer for Parquet {
    fn write(&self, _: &Findings, _: &mut dyn Write) -> io::Result<()> {
        let what = "this ndlog was built without the feature `tables`, which writes Parquet";
        Err(io::Error::new(io::ErrorKind::Unsupported, what))
    }
}
