//! Tables: the occurrences as a data frame, for SQL and for Parquet.
//!
//! Knows polars, column types and SQL. Must not know log syntax, regexes or terminals.

mod frames;
mod parquet;
mod query;

mod columns;
mod guarded;
mod order;
mod refusals;

pub use frames::Tables;
