//! One column from one field of many rows.

use polars::prelude::{Column, IntoColumn, NamedFrom, Series, TimeUnit};

/// Builds the columns of one frame from the rows behind it.
pub struct Columns<'a, R> {
    rows: &'a [R],
}

impl<'a, R> Columns<'a, R> {
    pub fn of(rows: &'a [R]) -> Self {
        Self { rows }
    }

    pub fn text(&self, name: &str, field: impl Fn(&'a R) -> Option<&'a str>) -> Column {
        let values: Vec<Option<&str>> = self.rows.iter().map(field).collect();
        Series::new(name.into(), values).into_column()
    }

    pub fn number(&self, name: &str, field: impl Fn(&'a R) -> Option<u64>) -> Column {
        let values: Vec<Option<u64>> = self.rows.iter().map(field).collect();
        Series::new(name.into(), values).into_column()
    }

    pub fn real(&self, name: &str, field: impl Fn(&'a R) -> Option<f64>) -> Column {
        let values: Vec<Option<f64>> = self.rows.iter().map(field).collect();
        Series::new(name.into(), values).into_column()
    }

    pub fn truth(&self, name: &str, field: impl Fn(&'a R) -> bool) -> Column {
        let values: Vec<bool> = self.rows.iter().map(field).collect();
        Series::new(name.into(), values).into_column()
    }

    /// Takes RFC 3339 and keeps microseconds in UTC; anything else is missing.
    pub fn time(&self, name: &str, field: impl Fn(&'a R) -> Option<&'a str>) -> Column {
        let microseconds = |text: &str| text.parse().ok().map(jiff::Timestamp::as_microsecond);
        let values: Vec<Option<i64>> =
            self.rows.iter().map(|row| field(row).and_then(microseconds)).collect();
        Series::new(name.into(), values).into_datetime(TimeUnit::Microseconds, None).into_column()
    }

    /// Takes RFC 3339 and keeps the day in UTC, as `2026-10-04`.
    pub fn day(&self, name: &str, field: impl Fn(&'a R) -> Option<&'a str>) -> Column {
        self.part_of_time(name, field, "%Y-%m-%d")
    }

    /// Takes RFC 3339 and keeps the week in UTC, as `2026-W40`.
    pub fn week(&self, name: &str, field: impl Fn(&'a R) -> Option<&'a str>) -> Column {
        self.part_of_time(name, field, "%G-W%V")
    }

    fn part_of_time(&self, name: &str, field: impl Fn(&'a R) -> Option<&'a str>, form: &str) -> Column {
        let part =
            |text: &str| text.parse().ok().map(|time: jiff::Timestamp| time.strftime(form).to_string());
        let values: Vec<Option<String>> = self.rows.iter().map(|row| field(row).and_then(part)).collect();
        Series::new(name.into(), values).into_column()
    }
}
