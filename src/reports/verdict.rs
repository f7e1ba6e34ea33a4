//! The answer of `ndlog why`: a verdict, the lines to read, and what to do next.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use super::folded::folded;
use super::{cause_words, links, phrases, visible};
use crate::findings::{Outcome, Pointer, Verdict};

const FAIL: Style = AnsiColor::Red.on_default().bold();
const PASS: Style = AnsiColor::Green.on_default().bold();
const UNKNOWN: Style = AnsiColor::Yellow.on_default().bold();
const LABEL: Style = Style::new().dimmed();

/// Columns before what a label names.
const INDENT: usize = 9;
/// Lines of the terminal for one line of a log.
const ROWS: usize = 4;

/// Writes `verdict` for a terminal `width` columns wide.
///
/// # Errors
/// If `out` fails.
pub fn write_verdict(verdict: &Verdict<'_>, width: usize, out: &mut dyn Write) -> io::Result<()> {
    head(verdict, width, out)?;
    let Some(cluster) = verdict.cluster else { return Ok(()) };
    if let Some(code) = cluster.example().and_then(|example| example.code.as_ref()) {
        label("at", &format!("{}:{}", visible(&code.file), code.line), out)?;
    }
    for (heading, words) in [
        ("runs", phrases::recurrence(cluster)),
        ("past", phrases::past(cluster)),
        ("issue", phrases::issue(cluster)),
        ("why", cause_words::why(cluster)),
    ] {
        if let Some(words) = words {
            paragraph(heading, &words, width, out)?;
        }
    }
    if let Some(known) = cluster.known.as_ref().filter(|known| !known.form) {
        paragraph("known", &format!("{} ({})", known.name, known.id), width, out)?;
        paragraph("", &known.what, width, out)?;
        paragraph("", &known.why, width, out)?;
    }
    for (index, line) in verdict.lines.iter().enumerate() {
        pointer(if index == 0 { "read" } else { "" }, line, width, out)?;
    }
    if let Some(behind) = verdict.behind {
        paragraph("behind", &phrases::behind(behind), width, out)?;
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

/// Writes how it ended and what failed: the test and its message, or the message alone.
fn head(verdict: &Verdict<'_>, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let (style, word) = match verdict.outcome {
        Outcome::Fail => (FAIL, "FAIL"),
        Outcome::Pass => (PASS, "PASS"),
        Outcome::Unknown => (UNKNOWN, "UNKNOWN"),
    };
    let mut lines = Vec::new();
    if let Some(cluster) = verdict.cluster {
        if verdict.outcome == Outcome::Unknown {
            lines.push("no line says how it ended; what may have failed:".to_owned());
        }
        lines.extend(phrases::tests(cluster));
        lines.push(visible(phrases::message(cluster)).into_owned());
    } else {
        lines.push(visible(verdict.because.unwrap_or("the log does not say how it ended")).into_owned());
    }
    let lines = lines.iter().flat_map(|line| phrases::wrap(line, width.saturating_sub(INDENT)));
    for (at, line) in lines.enumerate() {
        match at {
            0 => writeln!(out, "{style}{word:<8}{style:#} {line}")?,
            _ => label("", &line, out)?,
        }
    }
    Ok(())
}

/// Writes the place whole, since it is to be opened, and the words beside it or, where they do not fit, below it.
fn pointer(heading: &str, pointer: &Pointer<'_>, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let (place, words) = (links::place(pointer.source, pointer.line), visible(folded(pointer.text).1));
    let plain = format!("{}:{}", visible(pointer.source), pointer.line).width();
    if INDENT + plain + 2 + words.trim().width() <= width {
        return label(heading, &format!("{place}  {}", words.trim()), out);
    }
    label(heading, &place, out)?;
    let lines = phrases::wrap(words.trim(), width.saturating_sub(INDENT + 2));
    for (at, line) in lines.iter().take(ROWS).enumerate() {
        let more = if at + 1 == ROWS && lines.len() > ROWS { " …" } else { "" };
        label("", &format!("  {line}{more}"), out)?;
    }
    Ok(())
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
        example::colourless(&String::from_utf8(out).unwrap())
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
        FAIL     device timeout, potential hang detected, the device is unrecoverable |
                 worker 3
        at       tests/test_gather.py:25
        runs     2 of 12 runs (17 %, likely 5–45 %): flaky
        why      likely: work that stopped without saying why. Less likely: a time limit
                 that is too short for work that went on
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
