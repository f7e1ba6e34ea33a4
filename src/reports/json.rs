//! The whole document for programs, compact, exactly as the contract names its fields.

use std::io::{self, Write};

use super::format::Writer;
use super::inert_json::write_json;
use crate::findings::Findings;

/// One line of JSON.
pub struct Json;

impl Writer for Json {
    fn write(&self, findings: &Findings, out: &mut dyn Write) -> io::Result<()> {
        write_json(findings, out)?;
        writeln!(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::example;

    #[test]
    fn the_document_can_be_read_back_and_holds_no_raw_escape() {
        for findings in [example::findings(), example::passing(), example::hostile()] {
            let mut out = Vec::new();
            Json.write(&findings, &mut out).unwrap();
            assert!(!out.contains(&0x1b));
            assert_eq!(serde_json::from_slice::<Findings>(&out).unwrap(), findings);
        }
    }
}
