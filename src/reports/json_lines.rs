//! A line of JSON for each occurrence, with the id and title of its cluster.

use std::io::{self, Write};

use super::format::Writer;
use super::inert_json::write_json;
use crate::findings::Findings;

/// JSON Lines.
pub struct JsonLines;

impl Writer for JsonLines {
    fn write(&self, findings: &Findings, out: &mut dyn Write) -> io::Result<()> {
        for row in findings.rows() {
            write_json(&row, out)?;
            writeln!(out)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::example;

    #[test]
    fn every_occurrence_is_one_line_that_parses() {
        let findings = example::hostile();
        let text = example::written(&JsonLines, &findings);
        let lines: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len() as u64, findings.totals.occurrences);
        assert_eq!(lines[0]["message"], findings.clusters[0].occurrences[0].message.as_str());
    }
}
