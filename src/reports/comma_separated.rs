//! A row for each occurrence, for spreadsheets.

use std::borrow::Cow;
use std::io::{self, Write};

use super::format::Writer;
use super::visible;
use crate::findings::{Findings, Row};

/// RFC 4180 with a header. Text that a spreadsheet would run as a formula gets a `'` in front,
/// and control characters are written out; JSON has the exact text.
pub struct CommaSeparated;

impl Writer for CommaSeparated {
    fn write(&self, findings: &Findings, out: &mut dyn Write) -> io::Result<()> {
        let mut rows = csv::Writer::from_writer(out);
        for row in findings.rows() {
            // Ids and times too: findings may come from a file that somebody else wrote.
            let [cluster, id, title] = [row.cluster, row.id, row.title].map(inert);
            let [source, message] = [row.source, row.message].map(inert);
            let [time, host, test] = [row.time, row.host, row.test].map(|text| text.map(inert));
            rows.serialize(Row {
                cluster: &cluster,
                id: &id,
                title: &title,
                source: &source,
                message: &message,
                time: time.as_deref(),
                host: host.as_deref(),
                test: test.as_deref(),
                ..row
            })?;
        }
        if findings.totals.occurrences == 0 {
            rows.write_record(Row::COLUMNS)?;
        }
        rows.flush()
    }
}

/// Returns text that no spreadsheet takes for a formula (OWASP, "CSV Injection").
pub(super) fn inert(text: &str) -> Cow<'_, str> {
    let shown = visible(text);
    match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => Cow::Owned(format!("'{shown}")),
        false => shown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::example;

    fn shown(findings: &Findings) -> String {
        example::written(&CommaSeparated, findings)
    }

    #[test]
    fn a_row_for_each_occurrence_under_the_same_header_with_and_without_rows() {
        let text = shown(&example::findings());
        assert_eq!(text.lines().count() as u64, 1 + example::findings().totals.occurrences);
        assert_eq!(text.lines().next(), shown(&example::passing()).lines().next());
        insta::assert_snapshot!(text.lines().take(2).collect::<Vec<_>>().join("\n"), @r#"
        cluster,id,title,kind,source,line_start,line_end,byte_start,byte_end,rank,time,host,rank_no,device,worker,test,message,cause,score,outcome,baseline
        5b1c0e77a90412fd,0123456789abcdef,"TIMEOUT: device timeout, potential hang detected, the device is unrecoverable | worker 3",timeout,logs/a.log,4012,4014,401200,401450,1,2026-01-30T04:12:07.123Z,f10cs08,3,,,tests/test_gather.py::test_all_gather[8-True],it did not end as it should,hang,0.61,fail,false
        "#);
    }

    #[test]
    fn text_that_a_spreadsheet_would_run_is_quoted() {
        for (text, cell) in [
            ("=HYPERLINK(\"http://x\")", "'=HYPERLINK(\"http://x\")"),
            ("-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0"),
            ("\t=1", "' =1"),
            ("a=1", "a=1"),
        ] {
            assert_eq!(inert(text), cell);
        }
        assert!(!shown(&example::hostile()).contains('\x1b'));
    }
}
