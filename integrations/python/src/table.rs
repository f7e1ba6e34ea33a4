//! The occurrences as one Arrow batch.

use std::sync::Arc;

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{
    ArrayRef, BooleanArray, Float64Array, RecordBatch, RecordBatchIterator, StringArray, UInt64Array,
};
use arrow_schema::ArrowError;
use ndlog::Findings;
use ndlog::document::Row;

/// Returns a row for each occurrence, in the columns and the order of the CSV; times are RFC 3339.
///
/// # Errors
/// None that findings can cause; the library checks the lengths again.
pub fn occurrences(findings: &Findings) -> Result<RecordBatch, ArrowError> {
    let rows: Vec<Row<'_>> = findings.rows().collect();
    let columns: [ArrayRef; Row::COLUMNS.len()] = [
        text(&rows, |row| Some(row.cluster)),
        text(&rows, |row| Some(row.id)),
        text(&rows, |row| Some(row.title)),
        text(&rows, |row| Some(row.kind.name())),
        text(&rows, |row| Some(row.source)),
        number(&rows, |row| Some(row.line_start)),
        number(&rows, |row| Some(row.line_end)),
        number(&rows, |row| Some(row.byte_start)),
        number(&rows, |row| Some(row.byte_end)),
        number(&rows, |row| Some(row.rank)),
        text(&rows, |row| row.time),
        text(&rows, |row| row.host),
        number(&rows, |row| row.rank_no),
        number(&rows, |row| row.device),
        number(&rows, |row| row.worker),
        text(&rows, |row| row.test),
        text(&rows, |row| Some(row.message)),
        text(&rows, |row| row.cause.map(|cause| cause.name())),
        Arc::new(rows.iter().map(|row| row.score).collect::<Float64Array>()),
        text(&rows, |row| Some(row.outcome.name())),
        Arc::new(rows.iter().map(|row| Some(row.baseline)).collect::<BooleanArray>()),
    ];
    RecordBatch::try_from_iter_with_nullable(
        Row::COLUMNS.into_iter().zip(columns).map(|(name, column)| (name, column, true)),
    )
}

/// Returns a stream that hands over `batch` and ends.
pub fn stream(batch: RecordBatch) -> FFI_ArrowArrayStream {
    let schema = batch.schema();
    FFI_ArrowArrayStream::new(Box::new(RecordBatchIterator::new([Ok(batch)], schema)))
}

fn text<'a>(rows: &[Row<'a>], field: impl Fn(&Row<'a>) -> Option<&'a str>) -> ArrayRef {
    Arc::new(rows.iter().map(field).collect::<StringArray>())
}

fn number<'a>(rows: &[Row<'a>], field: impl Fn(&Row<'a>) -> Option<u64>) -> ArrayRef {
    Arc::new(rows.iter().map(field).collect::<UInt64Array>())
}
