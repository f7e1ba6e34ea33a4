//! The first screen: what failed, how often, since when, why probably, what next.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use super::badges::badges;
use super::dates::{Days, first_and_last};
use super::format::Writer;
use super::next_steps::write_next;
use super::shape::Shape;
use super::{cause_words, coverage, links, phrases, visible};
use crate::facts::failures::CodePlace;
use crate::findings::{ClusterSummary, Findings, PARTS};

const TITLE: Style = Style::new().bold();
const COUNT: Style = AnsiColor::Red.on_default();
const LABEL: Style = Style::new().dimmed();

/// Failures shown unless all are asked for.
pub const MOST: usize = 10;
/// Columns in front of all but the first line of a failure.
const INDENT: usize = 4;
/// Columns of a label with the gap behind it.
const LABELLED: usize = 6;
/// Letters of an id that are shown; any unique prefix names it.
const ID: usize = 8;

/// Blocks of text that fit `width` columns; nothing that matters is cut.
pub struct Terminal {
    /// `usize::MAX` where nothing limits it, as in a pipe.
    pub width: usize,
    /// Failures to show at the most; all of them with what only followed.
    pub most: usize,
    /// True if the next command needs no logs named.
    pub remembered: bool,
    /// True to show the figures behind the causes.
    pub verbose: bool,
}

impl Writer for Terminal {
    fn write(&self, findings: &Findings, out: &mut dyn Write) -> io::Result<()> {
        self.head(findings, out)?;
        let failing = || findings.primary();
        for (position, cluster) in failing().take(self.most).enumerate() {
            writeln!(out)?;
            self.block(position + 1, cluster, findings, out)?;
        }
        self.tail(failing().skip(self.most), findings, out)
    }
}

impl Terminal {
    /// Returns the writer for a shape, with `most` failures where it does not say how many.
    pub fn shaped(shape: Shape, most: usize) -> Self {
        let Shape { width, top, remembered, verbose, .. } = shape;
        Self { width, most: top.unwrap_or(most), remembered, verbose }
    }

    /// Writes how many runs failed, of what and when, and what they were compared with.
    pub fn head(&self, findings: &Findings, out: &mut dyn Write) -> io::Result<()> {
        let lines = [phrases::runs(findings), phrases::failures(findings)].into_iter();
        for line in
            lines.chain(phrases::baseline(findings)).chain(coverage::left_out(&findings.totals.coverage))
        {
            for line in phrases::wrap(&line, self.width) {
                writeln!(out, "{line}")?;
            }
        }
        Ok(())
    }

    /// Writes what is known of one failure, in a few lines.
    pub fn block(
        &self,
        number: usize,
        cluster: &ClusterSummary,
        findings: &Findings,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let title = visible(phrases::message(cluster)).into_owned();
        let (name, message) = match phrases::tests(cluster) {
            Some(tests) => (tests, Some(title)),
            None => (title, None),
        };
        self.title(number, &name, &phrases::share(cluster), out)?;
        let code = cluster.example().and_then(|example| example.code.as_ref());
        self.message(message.as_deref().unwrap_or_default(), code, out)?;
        self.history(cluster, findings, out)?;
        self.detail("past", phrases::past(cluster), out)?;
        self.detail("issue", phrases::issue(cluster).map(|issue| visible(&issue).into_owned()), out)?;
        self.detail("why", cause_words::why_with(cluster, self.verbose), out)?;
        self.detail("look", phrases::change(cluster), out)?;
        self.detail("next", phrases::advice(cluster).map(|next| visible(next).into_owned()), out)?;
        // A path that is cut cannot be opened, so this line may run over.
        match cluster.example() {
            Some(example) => {
                let place = links::place(&example.source, example.line_start);
                writeln!(out, "    {LABEL}read {LABEL:#} {place}")
            }
            None => Ok(()),
        }
    }

    /// Writes what the failure says, and the line of the sources at its right where there is room.
    fn message(&self, message: &str, code: Option<&CodePlace>, out: &mut dyn Write) -> io::Result<()> {
        let mut lines = phrases::wrap(message, self.room(INDENT));
        let place = code.map(|code| format!("{}:{}", visible(&code.file), code.line)).unwrap_or_default();
        let last = lines.pop().unwrap_or_default();
        for line in lines {
            writeln!(out, "    {line}")?;
        }
        match self.gap(INDENT + last.width(), place.width()).filter(|_| !last.is_empty()) {
            _ if place.is_empty() && last.is_empty() => Ok(()),
            _ if place.is_empty() => writeln!(out, "    {last}"),
            Some(gap) => writeln!(out, "    {last}{}{LABEL}{place}{LABEL:#}", " ".repeat(gap)),
            None if last.is_empty() => writeln!(out, "    {LABEL}{place}{LABEL:#}"),
            None => writeln!(out, "    {last}\n    {LABEL}{place}{LABEL:#}"),
        }
    }

    /// Writes the name of a failure and how often it came, on one line where there is room.
    fn title(&self, number: usize, name: &str, share: &str, out: &mut dyn Write) -> io::Result<()> {
        let lines = phrases::wrap(name, self.room(INDENT));
        let last = lines.len().saturating_sub(1);
        for (at, line) in lines.iter().enumerate() {
            let number = if at == 0 { format!("{number:>2}  ") } else { " ".repeat(INDENT) };
            write!(out, "{number}{TITLE}{line}{TITLE:#}")?;
            if at == last {
                let gap = self.gap(INDENT + line.width(), share.width());
                match gap {
                    Some(gap) => write!(out, "{}{COUNT}{share}{COUNT:#}", " ".repeat(gap))?,
                    None => write!(out, "\n    {COUNT}{share}{COUNT:#}")?,
                }
            }
            writeln!(out)?;
        }
        Ok(())
    }

    /// Writes how the failure came and went, what it is called for short, and its id.
    fn history(&self, cluster: &ClusterSummary, findings: &Findings, out: &mut dyn Write) -> io::Result<()> {
        let spark = findings.history(cluster).map(|shares| spark(&shares));
        let seen = first_and_last(cluster, Days::of(findings));
        let left: Vec<String> = spark.into_iter().chain(seen).collect();
        let left = left.join("  ");
        let id = cluster.id.get(..ID).unwrap_or(&cluster.id);
        let badges: Vec<String> = badges(cluster).into_iter().chain([id.to_owned()]).collect();
        let right = badges.join(" · ");
        match self.gap(INDENT + left.width(), right.width()) {
            Some(gap) if !left.is_empty() => writeln!(out, "    {left}{}{right}", " ".repeat(gap)),
            _ => {
                if !left.is_empty() {
                    writeln!(out, "    {left}")?;
                }
                writeln!(out, "    {right}")
            }
        }
    }

    /// Writes a paragraph behind a label, wrapped.
    fn detail(&self, label: &str, text: Option<String>, out: &mut dyn Write) -> io::Result<()> {
        let Some(text) = text else { return Ok(()) };
        let mut label = label;
        for line in phrases::wrap(&text, self.room(INDENT + LABELLED)) {
            writeln!(out, "    {LABEL}{label:<5}{LABEL:#} {line}")?;
            label = "";
        }
        Ok(())
    }

    /// Returns the columns that are left beside an indent.
    fn room(&self, indent: usize) -> usize {
        self.width.saturating_sub(indent).max(1)
    }

    /// Returns the blanks between a left and a right part of one line; `None` where they do not fit. Where nothing
    /// limits the width there is nothing to align to.
    fn gap(&self, left: usize, right: usize) -> Option<usize> {
        if self.width == usize::MAX {
            return Some(2);
        }
        self.width.checked_sub(left + right).filter(|gap| *gap >= 2)
    }

    /// Writes what was left out, and what to type next.
    pub fn tail<'f>(
        &self,
        hidden: impl Iterator<Item = &'f ClusterSummary>,
        findings: &Findings,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        if let Some(hidden) = phrases::hidden(hidden) {
            writeln!(out, "\n… and {hidden} (--all)")?;
        }
        self.others(findings, out)?;
        for (at, gone) in findings.gone.iter().enumerate() {
            if at == 0 {
                writeln!(out, "\nGone: remembered, and not in these runs any more")?;
            }
            for line in phrases::wrap(&phrases::gone(gone), self.room(INDENT)) {
                writeln!(out, "    {line}")?;
            }
        }
        write_next(findings, self.remembered, self.width, out)
    }

    /// Writes what no run failed with first: how many, and where all are asked for, which.
    fn others(&self, findings: &Findings, out: &mut dyn Write) -> io::Result<()> {
        let others = || findings.clusters.iter().filter(|cluster| !cluster.is_primary());
        let count = others().count() as u64;
        if count == 0 {
            return Ok(());
        }
        let counted = phrases::count(count, "follow-up error");
        if self.most < usize::MAX {
            return writeln!(out, "\n{counted} (--all)");
        }
        writeln!(out, "\n{counted}: no run failed with them first")?;
        for cluster in others() {
            let logs = phrases::count(cluster.in_sources, "log");
            let id = cluster.id.get(..ID).unwrap_or(&cluster.id);
            let title =
                phrases::tests(cluster).unwrap_or_else(|| visible(phrases::message(cluster)).into_owned());
            let lines = phrases::wrap(&format!("{title} ({logs}, {id})"), self.room(INDENT));
            for line in lines {
                writeln!(out, "    {line}")?;
            }
        }
        Ok(())
    }
}

/// Returns shares as bars of eight heights; none at all is a dot.
pub fn spark(shares: &[f64; PARTS]) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let bar = |share: &f64| match *share {
        share if share > 0.0 => {
            BARS.get(((share * 8.0).ceil() as usize).clamp(1, 8) - 1).copied().unwrap_or('█')
        }
        _ => '·',
    };
    shares.iter().map(bar).collect()
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::*;
    use crate::reports::example;

    fn shown(findings: &Findings, width: usize) -> String {
        example::plain(&Terminal { width, most: MOST, remembered: false, verbose: false }, findings)
    }

    #[test]
    fn a_report_answers_what_how_often_where_since_when_and_why() {
        insta::assert_snapshot!(shown(&example::findings(), 80), @r#"
        5 runs of job "test": 3 failed, 1 passed, 1 unclear
        2 different failures, most often first

         1  device timeout, potential hang detected, the device is unrecoverable |
            worker 3                                                  2 of 12 runs, 17 %
            tests/test_gather.py:25
            FLAKY · 5b1c0e77
            why   likely: work that stopped without saying why. Less likely: a time
                  limit that is too short for work that went on
            read  logs/a.log:4012

         2  AssertionError: assert 3 == 4                                          1 run
            aa000000
            read  logs/c.log:9

        Next   ndlog show 1 LOGS        its lines, all its runs, every cause
               ndlog reproduce 1 LOGS   writes a stress test and runs it, 20m at most
               ndlog report LOGS --format html -o report.html  all of it, for a browser
        "#);
    }

    #[test]
    fn a_folder_without_failures_says_so() {
        insta::assert_snapshot!(shown(&example::passing(), 80), @r#"
        1 run of job "test": 0 failed, 1 passed, 0 unclear
        no failure
        "#);
    }

    #[test]
    fn only_a_path_to_open_may_be_wider_than_the_terminal() {
        let text = shown(&example::findings(), 60);
        assert!(text.lines().filter(|line| !line.contains("read")).all(|line| line.width() <= 60), "{text}");
    }

    #[test]
    fn nothing_from_a_log_reaches_the_terminal_as_an_escape() {
        let text = shown(&example::hostile(), 80);
        assert!(text.contains("␛[2J") && !text.contains('\x1b') && !text.contains('\u{202e}'), "{text}");
    }
}
