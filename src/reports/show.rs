//! All about one failure, for a terminal.

use std::collections::BTreeSet;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::evidence::Evidence;
use super::shape::Shape;
use super::terminal::Terminal;
use super::{phrases, visible};
use crate::findings::{ClusterSummary, Findings, OccurrenceSummary, RunSummary};

const HEADING: Style = Style::new().bold();
const MEANT: Style = AnsiColor::Yellow.on_default();
const QUIET: Style = Style::new().dimmed();

/// Lines of one occurrence that are shown in full.
const LONGEST: u64 = 50;
/// Runs and tests that are named unless all are asked for.
const RUNS: usize = 10;
const TESTS: usize = 10;
/// Columns in front of a paragraph.
const INDENT: usize = 4;

/// How one failure is shown.
pub struct Show {
    /// `usize::MAX` where nothing limits it, as in a pipe.
    pub width: usize,
    /// Lines shown before and after those of the failure.
    pub context: u64,
    /// Name every run and every test.
    pub all: bool,
}

impl Show {
    /// Writes all about one failure of `findings`.
    ///
    /// # Errors
    /// If `out` fails.
    pub fn write(
        &self,
        cluster: &ClusterSummary,
        findings: &Findings,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let evidence = Evidence { shape: Shape::wide(self.width) };
        let terminal = Terminal { width: self.width, most: 1 };
        let mut shown = findings.clusters.iter().filter(|cluster| cluster.is_primary());
        let number = shown.position(|one| one.id == cluster.id).map_or(0, |at| at + 1);
        terminal.block(number, cluster, findings, out)?;
        self.names(cluster, out)?;
        self.known(cluster, out)?;
        self.heading("Lines", out)?;
        self.lines(cluster, findings, out)?;
        if cluster.contrast_beside().next().is_some() {
            self.heading("What passing runs do not say", out)?;
            evidence.news(cluster, findings, out)?;
        }
        if !cluster.stacks.is_empty() {
            self.heading("Stacks", out)?;
            evidence.stacks(cluster, out)?;
        }
        if !cluster.causes.is_empty() {
            self.heading("Causes", out)?;
        }
        for cause in &cluster.causes {
            evidence.cause(cause, out)?;
        }
        self.heading("Where it was seen", out)?;
        self.runs(cluster, findings, out)
    }

    fn heading(&self, text: &str, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "\n{HEADING}{text}{HEADING:#}")
    }

    fn paragraph(&self, text: &str, out: &mut dyn Write) -> io::Result<()> {
        for line in phrases::wrap(&visible(text), self.width.saturating_sub(INDENT).max(1)) {
            writeln!(out, "    {line}")?;
        }
        Ok(())
    }

    /// Writes the ids, how often it came, and the tests.
    fn names(&self, cluster: &ClusterSummary, out: &mut dyn Write) -> io::Result<()> {
        let mut names = format!("id {}, kind {}", cluster.id, cluster.kind);
        if !cluster.aliases.is_empty() {
            names.push_str(&format!("; also {}", cluster.aliases.join(", ")));
        }
        self.paragraph(&names, out)?;
        if let Some(runs) = phrases::recurrence(cluster) {
            self.paragraph(&runs, out)?;
        }
        if cluster.tests.len() < 2 {
            return Ok(());
        }
        self.heading("Tests", out)?;
        let most = if self.all { usize::MAX } else { TESTS };
        for test in cluster.tests.iter().take(most) {
            self.paragraph(test, out)?;
        }
        self.more(cluster.tests.len().saturating_sub(most), "more test", out)
    }

    fn more(&self, more: usize, noun: &str, out: &mut dyn Write) -> io::Result<()> {
        if more == 0 {
            return Ok(());
        }
        writeln!(out, "    … and {} (--all)", phrases::count(more as u64, noun))
    }

    /// Writes what the catalog says.
    fn known(&self, cluster: &ClusterSummary, out: &mut dyn Write) -> io::Result<()> {
        let Some(known) = &cluster.known else { return Ok(()) };
        self.heading(&format!("Known as {}", visible(&known.id)), out)?;
        for text in [&known.name, &known.what, &known.why] {
            self.paragraph(text, out)?;
        }
        Ok(())
    }

    /// Writes the lines of the example with those round it; the lines of the failure are marked.
    fn lines(&self, cluster: &ClusterSummary, findings: &Findings, out: &mut dyn Write) -> io::Result<()> {
        let Some(example) = cluster.example() else { return Ok(()) };
        writeln!(out, "    {QUIET}{}{QUIET:#}", phrases::place(example))?;
        let last = example.line_end.min(example.line_start.saturating_add(LONGEST));
        let first = example.line_start.saturating_sub(self.context).max(1);
        for number in first..=last.saturating_add(self.context) {
            let Some(text) = findings.line(&example.source, number) else { continue };
            let meant = (example.line_start..=example.line_end).contains(&number);
            let (style, arrow) = if meant { (MEANT, '>') } else { (QUIET, ' ') };
            for (at, text) in wrapped(&visible(text), self.width.saturating_sub(15)).iter().enumerate() {
                match at {
                    0 => writeln!(out, "    {style}{arrow} {number:>7}  {text}{style:#}")?,
                    _ => writeln!(out, "    {style}           {text}{style:#}")?,
                }
            }
        }
        let left_out = example.line_end.saturating_sub(last);
        if left_out > 0 {
            writeln!(out, "    … and {} of it", phrases::count(left_out, "more line"))?;
        }
        Ok(())
    }

    /// Writes each run in which it was seen, the latest in front.
    fn runs(&self, cluster: &ClusterSummary, findings: &Findings, out: &mut dyn Write) -> io::Result<()> {
        let mut places: Vec<(&OccurrenceSummary, Option<&RunSummary>)> = Vec::new();
        let mut met = BTreeSet::new();
        for one in &cluster.occurrences {
            let run = one.run.as_deref().and_then(|id| findings.runs.iter().find(|run| run.id == id));
            if met.insert(run.map_or(one.source.as_str(), |run| run.id.as_str())) {
                places.push((one, run));
            }
        }
        let time = |run: Option<&RunSummary>| run.and_then(|run| run.time.clone());
        places.sort_by(|a, b| (time(b.1), &a.0.source).cmp(&(time(a.1), &b.0.source)));
        let most = if self.all { usize::MAX } else { RUNS };
        for (one, run) in places.iter().take(most) {
            let facts = run.map(run_facts).unwrap_or_default();
            writeln!(out, "    {}", phrases::place(one))?;
            if !facts.is_empty() {
                writeln!(out, "      {QUIET}{}{QUIET:#}", visible(&facts))?;
            }
        }
        self.more(places.len().saturating_sub(most), "more run", out)
    }
}

/// Returns what is known of a run in one line: `2026-10-24 10:00, commit 4f1c09ab, job test (3.11), host ci-7`.
fn run_facts(run: &RunSummary) -> String {
    let time = run.time.as_ref().map(|time| time.get(..16).unwrap_or(time).replacen('T', " ", 1));
    let short = |commit: &String| commit.chars().take(12).collect::<String>();
    let named = [
        time,
        run.commit.as_ref().map(|commit| format!("commit {}", short(commit))),
        run.branch.as_ref().map(|branch| format!("branch {branch}")),
        run.job.as_ref().map(|job| format!("job {job}")),
        run.host.as_ref().map(|host| format!("host {host}")),
    ];
    named.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Breaks a line of a log where it reaches the edge; its blanks stay as they are.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    if letters.is_empty() {
        return vec![String::new()];
    }
    letters.chunks(width.max(1)).map(|part| part.iter().collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::KnownFailure;
    use crate::reports::example;

    fn shown(findings: &Findings, width: usize) -> String {
        let mut out = Vec::new();
        let show = Show { width, context: 2, all: false };
        show.write(&findings.clusters[0], findings, &mut out).unwrap();
        anstream::adapter::strip_str(&String::from_utf8(out).unwrap()).to_string()
    }

    #[test]
    fn one_failure_is_told_whole() {
        let mut findings = example::findings();
        findings.clusters[0].known = Some(KnownFailure {
            id: "device/timeout".to_owned(),
            name: "Device timeout".to_owned(),
            what: "The device did not answer.".to_owned(),
            why: "A core waits for one that is gone.".to_owned(),
            next: "Reset it.".to_owned(),
        });
        let text = shown(&findings, 80);
        for part in [
            " 1  device timeout",
            "id 5b1c0e77a90412fd, kind timeout",
            "2 of 12 runs (17 %, likely 5-45 %): flaky",
            "Known as device/timeout\n    Device timeout\n    The device did not answer.",
            "Lines\n    logs/a.log:4012\n         4010  waiting for device 4",
            "    >    4012  TIMEOUT: device timeout",
            "Causes\n",
            "+ no output from rank 3",
            "Where it was seen\n",
            "    logs/b.log:77\n",
        ] {
            assert!(text.contains(part), "{part:?} is not in {text}");
        }
    }

    #[test]
    fn nothing_from_a_log_acts() {
        let text = shown(&example::hostile(), 80);
        assert!(!text.contains(['\x1b', '\r', '\u{202e}', '\x07']), "{text}");
    }

    #[test]
    fn a_long_line_is_wrapped_and_never_cut() {
        assert_eq!(wrapped("abcdefg", 3), ["abc", "def", "g"]);
        assert_eq!(wrapped("", 3), [""]);
    }
}
