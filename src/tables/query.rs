//! SQL over the tables.

use anyhow::anyhow;
use jiff::Timestamp;
use polars::prelude::{AnyValue, DataFrame, IntoLazy, PolarsError, TimeUnit};
use polars::sql::SQLContext;
use serde_json::Value;

use super::Tables;
use super::guarded::{check_depth, guarded};
use super::order::keep_order;
use super::refusals::{check_question, in_plain_words};
use crate::findings::Grid;

impl Tables {
    /// Returns what the tables answer to one SQL statement.
    ///
    /// # Errors
    /// If the statement is not understood; the message lists the tables and their columns.
    pub fn query(&self, statement: &str) -> anyhow::Result<Grid> {
        let mut context = SQLContext::new();
        for (name, frame) in self.named() {
            context.register(name, frame.clone().lazy());
        }
        check_depth(statement)?;
        check_question(statement).map_err(|why| anyhow!("{why}\n{}", self.help()))?;
        guarded(|| {
            let answer = context.execute(statement).and_then(|plan| keep_order(plan).collect());
            grid(&answer.map_err(|error| self.refused(&error))?)
        })
    }

    fn named(&self) -> impl Iterator<Item = (&'static str, &DataFrame)> {
        [
            Some(("occurrences", &self.occurrences)),
            self.sources.as_ref().map(|frame| ("sources", frame)),
            self.clusters.as_ref().map(|frame| ("clusters", frame)),
            self.runs.as_ref().map(|frame| ("runs", frame)),
        ]
        .into_iter()
        .flatten()
    }

    fn refused(&self, error: &PolarsError) -> anyhow::Error {
        let columns = |frame: &'_ DataFrame| {
            frame.get_column_names().iter().map(|name| name.to_string()).collect::<Vec<_>>()
        };
        let tables: Vec<(&str, Vec<String>)> =
            self.named().map(|(name, frame)| (name, columns(frame))).collect();
        anyhow!("{}\n{}", in_plain_words(&error.to_string(), &tables), self.help())
    }

    fn help(&self) -> String {
        let table = |(name, frame): (&str, &DataFrame)| {
            let columns: Vec<&str> = frame.get_column_names().iter().map(|name| name.as_str()).collect();
            format!("  {name}: {}", columns.join(", "))
        };
        let tables: Vec<String> = self.named().map(table).collect();
        format!("The tables and their columns:\n{}", tables.join("\n"))
    }
}

fn grid(frame: &DataFrame) -> anyhow::Result<Grid> {
    let columns = frame.get_column_names().iter().map(|name| name.to_string()).collect();
    let row = |index: usize| frame.columns().iter().map(|column| Ok(value(column.get(index)?))).collect();
    let rows = (0..frame.height()).map(row).collect::<anyhow::Result<_>>()?;
    Ok(Grid { columns, rows })
}

fn value(value: AnyValue<'_>) -> Value {
    match value {
        AnyValue::Null => Value::Null,
        AnyValue::Boolean(truth) => Value::from(truth),
        AnyValue::String(text) => Value::from(text),
        AnyValue::StringOwned(text) => Value::from(text.as_str()),
        AnyValue::Float32(number) => Value::from(number),
        AnyValue::Float64(number) => Value::from(number),
        AnyValue::Datetime(time, unit, _) | AnyValue::DatetimeOwned(time, unit, _) => moment(time, unit),
        other if other.dtype().is_integer() => other.extract::<i64>().map_or(Value::Null, Value::from),
        other => Value::from(other.to_string()),
    }
}

fn moment(time: i64, unit: TimeUnit) -> Value {
    let moment = match unit {
        TimeUnit::Nanoseconds => Timestamp::from_nanosecond(time.into()),
        TimeUnit::Microseconds => Timestamp::from_microsecond(time),
        TimeUnit::Milliseconds => Timestamp::from_millisecond(time),
    };
    moment.map_or(Value::Null, |moment| Value::from(moment.to_string()))
}
