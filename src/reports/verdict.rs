//! The answer of `ndlog why`: a verdict, the lines to read, and what to do next.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use super::{phrases, visible};
use crate::findings::{Outcome, Pointer, Verdict};

const FAIL: Style = AnsiColor::Red.on_default().bold();
const PASS: Style = AnsiColor::Green.on_default().bold();
const UNKNOWN: Style = AnsiColor::Yellow.on_default().bold();
const LABEL: Style = Style::new().dimmed();

/// Causes named on the line that says why.
const CAUSES: usize = 3;
/// Columns before what a label names.
const INDENT: usize = 9;
/// Columns that the words of a line need to be worth a place beside it.
const ROOM: usize = 30;

/// Writes `verdict` for a terminal `width` columns wide.
///
/// # Errors
/// If `out` fails.
pub fn write_verdict(verdict: &Verdict<'_>, width: usize, out: &mut dyn Write) -> io::Result<()> {
    first_line(verdict, width, out)?;
    let Some(cluster) = verdict.cluster else { return Ok(()) };
    if let Some(runs) = phrases::recurrence(cluster) {
        paragraph("runs", &runs, width, out)?;
    }
    if !cluster.causes.is_empty() {
        label("why", &phrases::causes(&cluster.causes, CAUSES), out)?;
    }
    if let Some(known) = &cluster.known {
        paragraph("known", &format!("{} ({})", known.name, known.id), width, out)?;
        paragraph("", &known.what, width, out)?;
        paragraph("", &known.why, width, out)?;
    }
    for (index, line) in verdict.lines.iter().enumerate() {
        pointer(if index == 0 { "read" } else { "" }, line, width, out)?;
    }
    if let Some(next) = &cluster.next {
        paragraph("next", next, width, out)?;
    }
    Ok(())
}

fn paragraph(mut heading: &str, text: &str, width: usize, out: &mut dyn Write) -> io::Result<()> {
    for line in phrases::wrap(&visible(text), width.saturating_sub(INDENT)) {
        label(heading, &line, out)?;
        heading = "";
    }
    Ok(())
}

fn first_line(verdict: &Verdict<'_>, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let (style, word) = match verdict.outcome {
        Outcome::Fail => (FAIL, "FAIL"),
        Outcome::Pass => (PASS, "PASS"),
        Outcome::Unknown => (UNKNOWN, "UNKNOWN"),
    };
    let what = match (verdict.cluster, verdict.because) {
        (Some(cluster), _) if verdict.outcome == Outcome::Unknown => {
            format!("no line says how it ended; suspect: {}", visible(&cluster.title)).into()
        }
        (Some(cluster), _) => visible(&cluster.title),
        (None, Some(because)) => visible(because),
        (None, None) => "the log does not say how it ended".into(),
    };
    writeln!(out, "{style}{word:<8}{style:#} {}", phrases::cut(&what, width.saturating_sub(INDENT)))
}

/// Writes the place whole, since it is to be opened, and the words beside it or, where there is
/// no room, below it.
fn pointer(heading: &str, pointer: &Pointer<'_>, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let place = format!("{}:{}", visible(pointer.source), pointer.line);
    let words = visible(pointer.text);
    let beside = width.saturating_sub(INDENT + place.width() + 2);
    if beside >= ROOM {
        return label(heading, &format!("{place}  {}", phrases::cut(words.trim(), beside)), out);
    }
    label(heading, &place, out)?;
    label("", &format!("  {}", phrases::cut(words.trim(), width.saturating_sub(INDENT + 2))), out)
}

fn label(label: &str, text: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{LABEL}{label:<8}{LABEL:#} {text}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::Findings;
    use crate::reports::example;

    fn shown(findings: &Findings) -> String {
        let mut out = Vec::new();
        write_verdict(&Verdict::of(findings), 80, &mut out).unwrap();
        anstream::adapter::strip_str(&String::from_utf8(out).unwrap()).to_string()
    }

    #[test]
    fn a_red_build_gets_a_verdict_lines_to_read_and_a_step() {
        let mut findings = example::findings();
        findings.clusters[0].next = Some(
            "Look at the device's watcher log for the core that did not answer, then reset the board \
             and run the test alone."
                .to_owned(),
        );
        insta::assert_snapshot!(shown(&findings), @r#"
        FAIL     TIMEOUT: device timeout, potential hang detected, the device is unreco…
        runs     2 of 12 runs (17 %, likely 5-45 %): flaky
        why      hang .61 (heuristic), timeout .20 (hypothesis)
        read     logs/a.log:4012  it did not end as it should
        next     Look at the device's watcher log for the core that did not answer, then
                 reset the board and run the test alone.
        "#);
    }

    #[test]
    fn a_green_build_is_told_as_green() {
        insta::assert_snapshot!(shown(&example::passing()), @r#"
        PASS     the log does not say how it ended
        "#);
    }

    #[test]
    fn hostile_words_do_not_act() {
        let text = shown(&example::hostile());
        assert!(!text.contains('\x1b') && !text.contains('\u{202e}') && !text.contains('\r'), "{text}");
    }
}
