//! The long report for a terminal: each cluster with its lines, and each cause with what speaks for
//! and against it.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::folded::folded;
use super::format::Writer;
use super::terminal::Terminal;
use super::{Shape, cause_words, phrases, visible};
use crate::findings::{CauseSummary, ClusterSummary, EvidenceSummary, Findings};

const CAUSE: Style = Style::new().bold();
const MEANT: Style = AnsiColor::Yellow.on_default();
const QUIET: Style = Style::new().dimmed();

/// Failures told with their evidence, unless more or fewer are asked for.
const MOST: usize = 10;
/// Causes of a cluster, and lines for and against each.
const CAUSES: usize = 4;
const LINES: usize = 5;
/// Lines of the terminal for one piece of evidence.
const WRAPPED: usize = 3;
/// Ranges shown that are new against passing runs, and lines of each.
const NEWS: usize = 3;
/// Classes of stacks shown, and frames of each.
const STACKS: usize = 5;
const FRAMES: usize = 3;
/// Log lines shown before and after the first one of a failure.
const BEFORE: u64 = 3;
const AFTER: u64 = 4;

/// The short report, with evidence.
pub struct Evidence {
    pub shape: Shape,
}

impl Writer for Evidence {
    fn write(&self, findings: &Findings, out: &mut dyn Write) -> io::Result<()> {
        let terminal = Terminal::shaped(self.shape, MOST);
        let most = terminal.most;
        terminal.head(findings, out)?;
        let failing = || findings.primary();
        for (position, cluster) in failing().take(most).enumerate() {
            writeln!(out)?;
            terminal.block(position + 1, cluster, findings, out)?;
            self.context(cluster, findings, out)?;
            self.news(cluster, findings, out)?;
            self.stacks(cluster, out)?;
            if !cluster.causes.is_empty() {
                writeln!(
                    out,
                    "         {QUIET}causes, likeliest first: + speaks for it, - against it{QUIET:#}"
                )?;
            }
            self.causes(cluster.causes.get(..CAUSES).unwrap_or(&cluster.causes), out)?;
        }
        terminal.tail(failing().skip(most), findings, out)
    }
}

impl Evidence {
    fn context(&self, cluster: &ClusterSummary, findings: &Findings, out: &mut dyn Write) -> io::Result<()> {
        let Some(example) = cluster.example() else { return Ok(()) };
        let first = example.line_start.saturating_sub(BEFORE).max(1);
        for number in first..=example.line_start.saturating_add(AFTER) {
            let Some(text) = findings.line(&example.source, number) else { continue };
            let meant = (example.line_start..=example.line_end).contains(&number);
            let (style, arrow) = if meant { (MEANT, '>') } else { (QUIET, ' ') };
            let text = phrases::cut(&visible(folded(text).1), self.shape.width.saturating_sub(21));
            writeln!(out, "         {style}{arrow} {number:>7}  {text}{style:#}")?;
        }
        Ok(())
    }

    /// Writes how many threads had which stack; the one that differs is marked.
    pub(super) fn stacks(&self, cluster: &ClusterSummary, out: &mut dyn Write) -> io::Result<()> {
        for class in cluster
            .stacks
            .iter()
            .take(STACKS)
            .chain(cluster.stacks.iter().skip(STACKS).filter(|one| one.suspect))
        {
            let (style, mark) = if class.suspect { (MEANT, '>') } else { (QUIET, ' ') };
            let frames: Vec<&str> = class.frames.iter().take(FRAMES).map(String::as_str).collect();
            let text = format!("{} threads {} in {}", class.count, class.state, frames.join(" < "));
            let text = phrases::cut(&visible(&text), self.shape.width.saturating_sub(12));
            writeln!(out, "         {style}{mark} {text}{style:#}")?;
        }
        Ok(())
    }

    /// Writes the first lines of what passing runs do not say.
    pub(super) fn news(
        &self,
        cluster: &ClusterSummary,
        findings: &Findings,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        for range in cluster.contrast_beside().take(NEWS) {
            let place = format!("{}:{}", visible(&range.source), range.line_start);
            writeln!(out, "         {QUIET}new against passing runs, {place}{QUIET:#}")?;
            for number in (range.line_start..=range.line_end).take(NEWS) {
                let Some(text) = findings.line(&range.source, number) else { continue };
                let text = phrases::cut(&visible(folded(text).1), self.shape.width.saturating_sub(21));
                writeln!(out, "         {MEANT}+ {number:>7}  {text}{MEANT:#}")?;
            }
        }
        Ok(())
    }

    /// Writes causes, each with what speaks for it and against it.
    pub(super) fn causes(&self, causes: &[CauseSummary], out: &mut dyn Write) -> io::Result<()> {
        causes.iter().try_for_each(|cause| self.cause(cause, out))
    }

    fn cause(&self, cause: &CauseSummary, out: &mut dyn Write) -> io::Result<()> {
        let (name, grade) = (cause_words::words(cause.cause), cause_words::grade(cause.grade));
        let (kind, score) = (cause.cause, phrases::probability(cause.score));
        let figure = if self.shape.verbose { format!("{kind} {score}, ") } else { String::new() };
        writeln!(out, "         {CAUSE}{name}{CAUSE:#} ({figure}{grade})")?;
        for (sign, side) in [('+', &cause.evidence), ('-', &cause.against)] {
            for evidence in side.iter().take(LINES) {
                self.line(sign, evidence, out)?;
            }
            let more = side.len().saturating_sub(LINES);
            if more > 0 {
                writeln!(out, "           {sign} … and {}", phrases::count(more as u64, "more line"))?;
            }
        }
        Ok(())
    }

    fn line(&self, sign: char, evidence: &EvidenceSummary, out: &mut dyn Write) -> io::Result<()> {
        let room = self.shape.width.saturating_sub(13);
        let lines = phrases::wrap(&visible(&evidence.text), room);
        for (index, line) in lines.iter().take(WRAPPED).enumerate() {
            let sign = if index == 0 { sign } else { ' ' };
            let more = if index + 1 == WRAPPED && lines.len() > WRAPPED { " …" } else { "" };
            writeln!(out, "           {sign} {}", phrases::cut(&format!("{line}{more}"), room))?;
        }
        match (&evidence.source, evidence.line) {
            (Some(source), Some(line)) => {
                writeln!(out, "             {QUIET}{}:{line}{QUIET:#}", visible(source))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::example;

    #[test]
    fn each_cause_stands_with_its_evidence_and_each_failure_with_its_lines() {
        let mut findings = example::findings();
        findings.clusters.truncate(1);
        findings.clusters[0].causes[0].against = findings.clusters[0].causes[1].evidence.clone();
        let text = example::plain(&Evidence { shape: Shape::wide(80) }, &findings);
        insta::assert_snapshot!(text, @r#"
        5 runs of job "test": 3 failed, 1 passed, 1 unclear
        1 failure

         1  device timeout, potential hang detected, the device is unrecoverable |
            worker 3                                                  2 of 12 runs, 17 %
            tests/test_gather.py:25
            FLAKY · 5b1c0e77
            why   likely: work that stopped without saying why. Less likely: a time
                  limit that is too short for work that went on
            read  logs/a.log:4012
                      4010  waiting for device 4
                      4011  waiting for device 4
                 >    4012  TIMEOUT: device timeout
                 >    4013  exit code 1
                 causes, likeliest first: + speaks for it, - against it
                 work that stopped without saying why (pattern)
                   + no output from rank 3 for 1799 s before the limit of 1800 s
                     logs/a.log:4012
                   - the limit of 1800 s fired
                     logs/a.log:4012
                 a time limit that is too short for work that went on (guess)
                   + the limit of 1800 s fired
                     logs/a.log:4012

        Next   ndlog show 1 LOGS        its lines, all its runs, every cause
               ndlog reproduce 1 LOGS   writes a stress test and runs it, 20m at most
               ndlog report LOGS --format html -o report.html  all of it, for a browser
        "#);
    }

    #[test]
    fn lines_of_a_log_do_not_act() {
        let text = example::plain(&Evidence { shape: Shape::wide(80) }, &example::hostile());
        assert!(!text.contains(['\x1b', '\r', '\u{202e}', '\x07']), "{text}");
    }
}
