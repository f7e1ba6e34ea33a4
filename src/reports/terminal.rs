//! The report for a terminal: what failed, how often, where, since when, why probably, what next.

use std::borrow::Cow;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::format::Writer;
use super::{phrases, visible};
use crate::findings::{ClusterSummary, Findings, Spread};

const TITLE: Style = Style::new().bold();
const COUNT: Style = AnsiColor::Red.on_default();
const LABEL: Style = Style::new().dimmed();

/// Clusters shown in full; the rest are counted, and every other format has them.
const MOST: usize = 30;
/// Causes shown with a cluster.
const CAUSES: usize = 3;

/// Blocks of text that fit `width` columns.
pub struct Terminal {
    pub width: usize,
}

impl Writer for Terminal {
    fn write(&self, findings: &Findings, out: &mut dyn Write) -> io::Result<()> {
        self.head(findings, out)?;
        let failing = || findings.clusters.iter().filter(|cluster| cluster.is_primary());
        for (position, cluster) in failing().take(MOST).enumerate() {
            writeln!(out)?;
            self.block(position + 1, cluster, findings, out)?;
        }
        self.tail(failing().count().saturating_sub(MOST), findings, out)
    }
}

impl Terminal {
    /// Writes how many logs failed, and what they were compared with.
    pub fn head(&self, findings: &Findings, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", phrases::headline(findings))?;
        match phrases::baseline(findings) {
            Some(baseline) => writeln!(out, "{baseline}"),
            None => Ok(()),
        }
    }

    /// Writes what is known of one cluster, in a few lines.
    pub fn block(
        &self,
        number: usize,
        cluster: &ClusterSummary,
        findings: &Findings,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let head = format!("{number:>3} {:>4}x  ", cluster.occurrences.len());
        let title = phrases::cut(&visible(&cluster.title), self.width.saturating_sub(head.len()));
        writeln!(out, "{COUNT}{head}{COUNT:#}{TITLE}{title}{TITLE:#}")?;
        let spread = Spread::of(findings, cluster);
        self.detail("where", Some(place(cluster, &spread)), out)?;
        self.detail("test", phrases::names(&spread.tests, "test"), out)?;
        self.detail("when", phrases::seen(&spread), out)?;
        self.detail("runs", phrases::recurrence(cluster).map(|runs| visible(&runs).into_owned()), out)?;
        let why = phrases::causes(&cluster.causes, CAUSES);
        self.detail("why", (!why.is_empty()).then_some(why), out)?;
        self.detail("next", cluster.next.as_deref().map(|next| visible(next).into_owned()), out)?;
        // A path that is cut cannot be opened, so this line may run over.
        match cluster.example() {
            Some(example) => writeln!(out, "         {LABEL}read {LABEL:#} {}", phrases::place(example)),
            None => Ok(()),
        }
    }

    fn detail(&self, label: &str, text: Option<String>, out: &mut dyn Write) -> io::Result<()> {
        let Some(text) = text else { return Ok(()) };
        let text = phrases::cut(&text, self.width.saturating_sub(15));
        writeln!(out, "         {LABEL}{label:<5}{LABEL:#} {text}")
    }

    /// Writes what was left out, and what to type next.
    pub fn tail(&self, failing: usize, findings: &Findings, out: &mut dyn Write) -> io::Result<()> {
        if failing > 0 {
            let more = phrases::count(failing as u64, "more failing cluster");
            writeln!(out, "\n… and {more} (--format csv has all)")?;
        }
        let others = findings.clusters.iter().filter(|cluster| !cluster.is_primary()).count();
        if others > 0 {
            let also = phrases::count(others as u64, "cluster");
            writeln!(out, "\nalso seen: {also} that no log fails with first (--format json has all)")?;
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
        match shlex::try_quote(file) {
            Ok(quoted) => writeln!(out, "\n{LABEL}next:{LABEL:#} ndlog why {quoted}"),
            Err(_) => Ok(()),
        }
    }
}

/// Returns how many logs fail with it, and on which hosts.
fn place(cluster: &ClusterSummary, spread: &Spread<'_>) -> String {
    match phrases::names(&spread.hosts, "host") {
        Some(hosts) => format!("{} on {hosts}", phrases::logs(cluster)),
        None => phrases::logs(cluster),
    }
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::*;
    use crate::reports::example;

    fn shown(findings: &Findings, width: usize) -> String {
        let mut out = Vec::new();
        Terminal { width }.write(findings, &mut out).unwrap();
        anstream::adapter::strip_str(&String::from_utf8(out).unwrap()).to_string()
    }

    #[test]
    fn a_report_answers_what_how_often_where_since_when_and_why() {
        insta::assert_snapshot!(shown(&example::findings(), 80), @r#"
        5 runs: 3 failed, 1 passed, 1 unclear; 2 different failures

          1    2x  TIMEOUT: device timeout, potential hang detected, the device is unre…
                 where fails 2 logs on 2 hosts (f10cs08 1x, …)
                 test  tests/test_gather.py::test_all_gather[8-True]
                 when  2026-01-30 04:12:07 to 2026-02-02 11:00:01 UTC
                 runs  2 of 12 runs (17 %, likely 5-45 %): flaky
                 why   hang .61 (heuristic), timeout .20 (hypothesis)
                 read  logs/a.log:4012

          2    2x  AssertionError: assert 3 == 4
                 where fails 1 of 2 logs
                 test  tests/test_gather.py::test_all_gather[8-True]
                 runs  only one run given; cannot tell whether it is flaky
                 read  logs/c.log:9

        next: ndlog why logs/a.log
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
        Terminal { width: 80 }.write(&example::hostile(), &mut out).unwrap();
        let text = anstream::adapter::strip_str(&String::from_utf8(out).unwrap()).to_string();
        assert!(text.contains("␛[2J") && !text.contains('\x1b') && !text.contains('\u{202e}'), "{text}");
    }
}
