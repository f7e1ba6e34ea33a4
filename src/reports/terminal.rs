//! The first screen: what failed, how often, since when, why probably, what next.

use std::borrow::Cow;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use super::badges::badges;
use super::format::Writer;
use super::{cause_words, coverage, links, phrases, visible};
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
/// What to type after the first look, and what it does.
const STEPS: [(&str, &str); 2] = [
    ("ndlog show 1 LOGS", "its lines, all its runs, every cause"),
    ("ndlog reproduce LOGS", "a stress test, written and run: 20 minutes at most"),
];
/// Letters of an id that are shown; any unique prefix names it.
const ID: usize = 8;

/// Blocks of text that fit `width` columns; nothing that matters is cut.
pub struct Terminal {
    /// `usize::MAX` where nothing limits it, as in a pipe.
    pub width: usize,
    /// Failures to show at the most.
    pub most: usize,
}

impl Writer for Terminal {
    fn write(&self, findings: &Findings, out: &mut dyn Write) -> io::Result<()> {
        self.head(findings, out)?;
        let failing = || findings.clusters.iter().filter(|cluster| cluster.is_primary());
        for (position, cluster) in failing().take(self.most).enumerate() {
            writeln!(out)?;
            self.block(position + 1, cluster, findings, out)?;
        }
        self.tail(failing().count().saturating_sub(self.most), findings, out)
    }
}

impl Terminal {
    /// Writes how many runs failed, and what they were compared with.
    pub fn head(&self, findings: &Findings, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", phrases::headline(findings))?;
        for line in
            phrases::baseline(findings).into_iter().chain(coverage::left_out(&findings.totals.coverage))
        {
            writeln!(out, "{line}")?;
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
        for line in message.iter().flat_map(|message| phrases::wrap(message, self.room(INDENT))) {
            writeln!(out, "    {line}")?;
        }
        self.history(cluster, findings, out)?;
        self.detail("past", phrases::past(cluster), out)?;
        self.detail("issue", phrases::issue(cluster).map(|issue| visible(&issue).into_owned()), out)?;
        if let Some(known) = &cluster.known {
            self.detail("known", Some(visible(&known.name).into_owned()), out)?;
            self.detail("", Some(format!("{} {}", visible(&known.what), visible(&known.why))), out)?;
        }
        self.detail("why", cause_words::why(cluster), out)?;
        self.detail("look", phrases::change(cluster), out)?;
        self.detail("next", cluster.next.as_deref().map(|next| visible(next).into_owned()), out)?;
        // A path that is cut cannot be opened, so this line may run over.
        match cluster.example() {
            Some(example) => {
                let place = links::place(&example.source, example.line_start);
                writeln!(out, "    {LABEL}read {LABEL:#} {place}")
            }
            None => Ok(()),
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
        let seen = phrases::first_and_last(cluster);
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
    pub fn tail(&self, more: usize, findings: &Findings, out: &mut dyn Write) -> io::Result<()> {
        if more > 0 {
            writeln!(out, "\n… and {} (--all)", phrases::count(more as u64, "more failure"))?;
        }
        let others = findings.clusters.iter().filter(|cluster| !cluster.is_primary()).count();
        if others > 0 {
            writeln!(out, "\n{} (--format json)", phrases::count(others as u64, "follow-up error"))?;
        }
        for (at, gone) in findings.gone.iter().enumerate() {
            if at == 0 {
                writeln!(out, "\nGone: remembered, and not in these runs any more")?;
            }
            for line in phrases::wrap(&phrases::gone(gone), self.room(INDENT)) {
                writeln!(out, "    {line}")?;
            }
        }
        self.next(findings, out)
    }

    fn next(&self, findings: &Findings, out: &mut dyn Write) -> io::Result<()> {
        let first = findings.clusters.iter().find(|cluster| cluster.is_primary());
        let Some(example) = first.and_then(ClusterSummary::example) else { return Ok(()) };
        // A name with control characters cannot be typed as it is shown.
        let Cow::Borrowed(source) = visible(&example.source) else { return Ok(()) };
        // Of an archive, the whole is opened.
        let file = source.split_once('!').map_or(source, |(archive, _)| archive);
        let Ok(file) = shlex::try_quote(file) else { return Ok(()) };
        writeln!(out, "\n{LABEL}Next{LABEL:#}   ndlog why {file}")?;
        for (command, does) in STEPS {
            let explained = format!("       {command:<22}{does}");
            let fits = explained.width() <= self.width;
            writeln!(out, "{}", if fits { explained } else { format!("       {command}") })?;
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
        let mut out = Vec::new();
        Terminal { width, most: MOST }.write(findings, &mut out).unwrap();
        anstream::adapter::strip_str(&String::from_utf8(out).unwrap()).to_string()
    }

    #[test]
    fn a_report_answers_what_how_often_where_since_when_and_why() {
        insta::assert_snapshot!(shown(&example::findings(), 80), @r#"
        5 runs: 3 failed, 1 passed, 1 unclear; 2 different failures

         1  device timeout, potential hang detected, the device is unrecoverable |
            worker 3                                                  2 of 12 runs, 17 %
            FLAKY · 5b1c0e77
            why   likely: work that stopped without saying why. Less likely: a time
                  limit that is too short for work that went on
            read  logs/a.log:4012

         2  AssertionError: assert 3 == 4                                          1 run
            aa000000
            read  logs/c.log:9

        Next   ndlog why logs/a.log
               ndlog show 1 LOGS     its lines, all its runs, every cause
               ndlog reproduce LOGS  a stress test, written and run: 20 minutes at most
        "#);
    }

    #[test]
    fn a_folder_without_failures_says_so() {
        insta::assert_snapshot!(shown(&example::passing(), 80), @r#"
        1 run: 0 failed, 1 passed, 0 unclear; no failure
        "#);
    }

    #[test]
    fn only_a_path_to_open_may_be_wider_than_the_terminal() {
        let text = shown(&example::findings(), 60);
        assert!(text.lines().filter(|line| !line.contains("read")).all(|line| line.width() <= 60), "{text}");
    }

    #[test]
    fn nothing_from_a_log_reaches_the_terminal_as_an_escape() {
        let mut out = Vec::new();
        Terminal { width: 80, most: MOST }.write(&example::hostile(), &mut out).unwrap();
        let text = anstream::adapter::strip_str(&String::from_utf8(out).unwrap()).to_string();
        assert!(text.contains("␛[2J") && !text.contains('\x1b') && !text.contains('\u{202e}'), "{text}");
    }
}
