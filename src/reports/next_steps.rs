//! What to type after the first look, and what it does.

use std::borrow::Cow;
use std::io::{self, Write};

use anstyle::Style;
use unicode_width::UnicodeWidthStr;

use super::visible;
use crate::findings::{ClusterSummary, Findings};

const LABEL: Style = Style::new().dimmed();

/// Steps and what each does. `LOGS` stands where the logs must be named again.
const STEPS: [(&str, &str); 3] = [
    ("ndlog show 1 LOGS", "its lines, all its runs, every cause"),
    ("ndlog reproduce 1 LOGS", "writes a stress test and runs it, 20m at most"),
    ("ndlog report LOGS --format html -o report.html", "all of it, for a browser"),
];
/// Columns of a step with the gap behind it.
const STEP: usize = 23;

/// Writes what to type next; the logs are not named again where they are remembered.
pub fn write_next(
    findings: &Findings,
    remembered: bool,
    width: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let first = findings.primary().next();
    let Some(example) = first.and_then(ClusterSummary::example) else { return Ok(()) };
    // A name with control characters cannot be typed as it is shown.
    let Cow::Borrowed(_) = visible(&example.source) else { return Ok(()) };
    let mut label = "Next";
    writeln!(out)?;
    for (command, does) in STEPS {
        let command = if remembered { command.replace(" LOGS", "") } else { command.to_owned() };
        let explained = format!("{command:<STEP$}  {does}");
        let shown = if 7 + explained.width() <= width { explained } else { command };
        writeln!(out, "{LABEL}{label:<6}{LABEL:#} {shown}")?;
        label = "";
    }
    Ok(())
}
