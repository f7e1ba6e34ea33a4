//! A small table of values: what a query answers.

use serde_json::Value;

/// Named columns and rows of values; every row has a value for every column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grid {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Value>>,
}
