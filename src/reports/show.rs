//! All about one failure, for a terminal.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use super::evidence::Evidence;
use super::folded::folded;
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
/// Lines of the terminal for one line of a log, unless all of it is asked for.
const PARTS: usize = 4;
/// Columns in front of a paragraph.
const INDENT: usize = 4;

/// How one failure is shown.
pub struct Show {
    /// `usize::MAX` where nothing limits it, as in a pipe.
    pub width: usize,
    /// Lines shown before and after those of the failure.
    pub context: u64,
    /// Name every run and every test, and show long lines whole.
    pub all: bool,
    /// Show the figures behind the causes.
    pub verbose: bool,
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
        let shape = Shape { top: Some(1), verbose: self.verbose, ..Shape::wide(self.width) };
        let (evidence, terminal) = (Evidence { shape }, Terminal::shaped(shape, 1));
        let mut shown = findings.primary();
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
            self.heading("Causes, likeliest first: + speaks for it, - against it", out)?;
        }
        evidence.causes(&cluster.causes, out)?;
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
        if let Some(runs) = phrases::counted(cluster) {
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
        let id = visible(&known.id);
        let heading =
            if known.form { format!("What such words say ({id})") } else { format!("Known as {id}") };
        self.heading(&heading, out)?;
        for text in [&known.name, &known.what, &known.why] {
            self.paragraph(text, out)?;
        }
        if known.form {
            self.paragraph(&known.next, out)?;
        }
        Ok(())
    }

    /// Writes the lines of the example with those round it; the lines of the failure are marked.
    fn lines(&self, cluster: &ClusterSummary, findings: &Findings, out: &mut dyn Write) -> io::Result<()> {
        let Some(example) = cluster.example() else { return Ok(()) };
        writeln!(out, "    {QUIET}{}{QUIET:#}", phrases::place(example))?;
        let last = example.line_end.min(example.line_start.saturating_add(LONGEST));
        let first = example.line_start.saturating_sub(self.context).max(1);
        let numbers = first..=last.saturating_add(self.context);
        let lines = numbers.filter_map(|number| Some((number, findings.line(&example.source, number)?)));
        let lines: Vec<(u64, &str)> = lines.collect();
        let stamped = lines.iter().any(|(_, text)| folded(text).0.is_some());
        let mut above = "";
        for (number, text) in lines {
            let meant = (example.line_start..=example.line_end).contains(&number);
            let (time, text) = folded(text);
            let changed = time.filter(|time| *time != above).unwrap_or_default();
            let stamp = if stamped { format!("{changed:8}  ") } else { String::new() };
            self.line(number, meant, &stamp, text, out)?;
            above = time.unwrap_or(above);
        }
        let left_out = example.line_end.saturating_sub(last);
        if left_out > 0 {
            writeln!(out, "    … and {} of it", phrases::count(left_out, "more line"))?;
        }
        Ok(())
    }

    /// Writes one line of a log behind its number and its time.
    fn line(&self, number: u64, meant: bool, stamp: &str, text: &str, out: &mut dyn Write) -> io::Result<()> {
        let (style, arrow) = if meant { (MEANT, '>') } else { (QUIET, ' ') };
        let blank = " ".repeat(stamp.len());
        let room = self.width.saturating_sub(15 + stamp.len());
        let parts = wrapped(&squeezed(&visible(text), room), room);
        // In a pipe a line is one part, however long it is.
        let most = if self.all { usize::MAX } else { PARTS };
        for (at, text) in parts.iter().take(most).enumerate() {
            match at {
                0 => {
                    let line = format!("{arrow} {number:>7}  {stamp}{text}");
                    writeln!(out, "    {style}{}{style:#}", line.trim_end())?;
                }
                _ => writeln!(out, "    {style}           {blank}{text}{style:#}")?,
            }
        }
        let left_out: usize = parts.iter().skip(most).map(|part| part.chars().count()).sum();
        if left_out > 0 {
            let more = phrases::count(left_out as u64, "more letter");
            writeln!(out, "    {QUIET}           {blank}… {more} (--all){QUIET:#}")?;
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

/// Letters of which tools make rules and columns, and how many of a run of them stay.
const RULERS: &str = " =-_*#.~";
const RULER: usize = 3;

/// Returns a line that is too wide with its rules and gaps made short; one that fits as it is.
fn squeezed(text: &str, width: usize) -> Cow<'_, str> {
    if text.width() <= width {
        return Cow::Borrowed(text);
    }
    let (mut squeezed, mut before, mut run) = (String::with_capacity(text.len()), '\0', 0);
    // The indent says to what a line belongs.
    let indent = text.len() - text.trim_start().len();
    let (indent, text) = text.split_at(indent);
    squeezed.push_str(indent);
    for letter in text.chars() {
        run = if letter == before { run + 1 } else { 1 };
        before = letter;
        if run <= RULER || !RULERS.contains(letter) {
            squeezed.push(letter);
        }
    }
    Cow::Owned(squeezed)
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
        let show = Show { width, context: 2, all: false, verbose: false };
        show.write(&findings.clusters[0], findings, &mut out).unwrap();
        example::colourless(&String::from_utf8(out).unwrap())
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
            form: false,
        });
        let text = shown(&findings, 80);
        for part in [
            " 1  device timeout",
            "id 5b1c0e77a90412fd, kind timeout",
            "2 of 12 runs (17 %, likely 5–45 %): flaky",
            "Known as device/timeout\n    Device timeout\n    The device did not answer.",
            "Lines\n    logs/a.log:4012\n         4010  waiting for device 4",
            "    >    4012  TIMEOUT: device timeout",
            "Causes, likeliest first",
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
    fn rules_and_gaps_of_a_line_that_is_too_wide_are_made_short() {
        for (text, width, shown) in [
            ("test_a PASSED        [ 16%]", 20, "test_a PASSED   [ 16%]"),
            ("test_a PASSED        [ 16%]", 40, "test_a PASSED        [ 16%]"),
            ("========== FAILURES ==========", 10, "=== FAILURES ==="),
            ("        deep = aaaaaa", 10, "        deep = aaaaaa"),
        ] {
            assert_eq!(squeezed(text, width), shown);
        }
    }

    #[test]
    fn a_long_line_is_wrapped_and_never_cut() {
        assert_eq!(wrapped("abcdefg", 3), ["abc", "def", "g"]);
        assert_eq!(wrapped("", 3), [""]);
    }
}
