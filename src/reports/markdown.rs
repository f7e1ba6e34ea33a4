//! The report for a pull request or a GitHub step summary.

use std::io::{self, Write};

use super::format::Writer;
use super::{phrases, visible};
use crate::findings::{CauseSummary, ClusterSummary, EvidenceSummary, Findings, Spread};

/// Clusters shown; GitHub refuses a summary above 1 MiB.
const MOST: usize = 50;
/// Places shown with a cluster.
const PLACES: usize = 5;
/// Causes shown with a cluster, and lines for and against each.
const CAUSES: usize = 5;
const LINES: usize = 3;
/// Characters of one piece of log text.
const TEXT: usize = 300;

/// GitHub-flavoured Markdown. Everything from a log stands in a code span, where nothing acts.
pub struct Markdown;

impl Writer for Markdown {
    fn write(&self, findings: &Findings, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "## {}", phrases::headline(findings))?;
        if let Some(baseline) = phrases::baseline(findings) {
            writeln!(out, "\n{baseline}")?;
        }
        let failing = || findings.clusters.iter().filter(|cluster| cluster.is_primary());
        overview(failing, findings, out)?;
        for cluster in failing().take(MOST) {
            details(cluster, findings, out)?;
        }
        let more = failing().count().saturating_sub(MOST);
        if more > 0 {
            writeln!(out, "\n… and {}.", phrases::count(more as u64, "more cluster"))?;
        }
        Ok(())
    }
}

fn overview<'a, I: Iterator<Item = &'a ClusterSummary>>(
    clusters: impl Fn() -> I,
    findings: &Findings,
    out: &mut dyn Write,
) -> io::Result<()> {
    if clusters().next().is_none() {
        return Ok(());
    }
    writeln!(out, "\n| times | what failed | logs | when | why |\n| ---: | --- | ---: | --- | --- |")?;
    for cluster in clusters().take(MOST) {
        let seen = phrases::seen(&Spread::of(findings, cluster)).unwrap_or_default();
        let why = cluster.causes.first().map(cause).unwrap_or_default();
        let (times, logs) = (cluster.occurrences.len(), cluster.in_sources);
        writeln!(out, "| {times} | {} | {logs} | {seen} | {why} |", cell(&cluster.title))?;
    }
    Ok(())
}

fn details(cluster: &ClusterSummary, findings: &Findings, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n<details><summary><code>{}</code></summary>\n", html(&cluster.title))?;
    writeln!(out, "Cluster {}, kind {}.\n", code(&cluster.id), code(&cluster.kind))?;
    if let Some(runs) = phrases::recurrence(cluster) {
        writeln!(out, "{}.\n", html(&runs))?;
    }
    for occurrence in cluster.occurrences.iter().take(PLACES) {
        writeln!(out, "- {}: {}", code(&phrases::place(occurrence)), code(&occurrence.message))?;
    }
    let more = cluster.occurrences.len().saturating_sub(PLACES);
    if more > 0 {
        writeln!(out, "- … and {}", phrases::count(more as u64, "more place"))?;
    }
    for range in cluster.contrast_beside().take(LINES) {
        let place = code(&format!("{}:{}", range.source, range.line_start));
        let text = findings.line(&range.source, range.line_start).unwrap_or_default();
        writeln!(out, "- new against passing runs: {place}: {}", code(text))?;
    }
    let causes = cluster.causes.iter().take(CAUSES);
    let (told, silent): (Vec<_>, Vec<_>) = causes.partition(|cause| speaks(cause));
    for cause in told {
        evidence(cause, out)?;
    }
    if !silent.is_empty() {
        let silent: Vec<String> = silent.into_iter().map(cause).collect();
        writeln!(out, "\nWithout a line for or against: {}.", silent.join(", "))?;
    }
    if let Some(next) = &cluster.next {
        writeln!(out, "\n<p><b>Next:</b> {}</p>", html(next))?;
    }
    writeln!(out, "\n</details>")
}

fn speaks(cause: &CauseSummary) -> bool {
    !cause.evidence.is_empty() || !cause.against.is_empty()
}

fn evidence(because: &CauseSummary, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n**{}**\n", cause(because))?;
    for (sign, side) in [("for", &because.evidence), ("against", &because.against)] {
        for evidence in side.iter().take(LINES) {
            writeln!(out, "- {sign}: {}{}", code(&evidence.text), place(evidence))?;
        }
    }
    Ok(())
}

fn cause(cause: &CauseSummary) -> String {
    format!("{} {} ({})", code(&cause.cause), phrases::probability(cause.score), code(&cause.grade))
}

fn place(evidence: &EvidenceSummary) -> String {
    match (&evidence.source, evidence.line) {
        (Some(source), Some(line)) => format!(" at {}", code(&format!("{source}:{line}"))),
        (Some(source), None) => format!(" in {}", code(source)),
        _ => String::new(),
    }
}

/// Returns a code span; its fence is longer than any run of backticks in the text (CommonMark 6.1). Text that
/// could be a tag is HTML instead, all of it written out: some renderers take what stands in `<details>` as it is.
fn code(text: &str) -> String {
    let text = phrases::cut(&visible(text), TEXT);
    if text.contains('<') {
        return format!("<code>{}</code>", written_out(&text));
    }
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space = if longest > 0 || text.trim().is_empty() { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// Returns text in which no sign means anything to HTML or Markdown.
fn written_out(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len() * 2), |mut written, character| {
        match character {
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '&' => written.push_str("&amp;"),
            '"' => written.push_str("&quot;"),
            _ if character.is_ascii_punctuation() && !"-,./=%?;".contains(character) => {
                written.push_str(&format!("&#{};", character as u32));
            }
            _ => written.push(character),
        }
        written
    })
}

/// Returns a code span for a table cell, where a pipe would end the cell even inside code.
pub(super) fn cell(text: &str) -> String {
    code(text).replace('|', "\\|")
}

fn html(text: &str) -> String {
    let text = phrases::cut(&visible(text), TEXT);
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::example;

    fn shown(findings: &Findings) -> String {
        let mut out = Vec::new();
        Markdown.write(findings, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_summary_has_an_overview_and_the_evidence_to_open() {
        insta::assert_snapshot!(shown(&example::findings()), @r#"
        ## 5 runs: 3 failed, 1 passed, 1 unclear; 2 different failures

        | times | what failed | logs | when | why |
        | ---: | --- | ---: | --- | --- |
        | 2 | `TIMEOUT: device timeout, potential hang detected, the device is unrecoverable \| worker 3` | 2 | 2026-01-30 04:12:07 to 2026-02-02 11:00:01 UTC | `hang` .61 (`heuristic`) |
        | 2 | `AssertionError: assert 3 == 4` | 2 |  |  |

        <details><summary><code>TIMEOUT: device timeout, potential hang detected, the device is unrecoverable | worker 3</code></summary>

        Cluster `5b1c0e77a90412fd`, kind `timeout`.

        2 of 12 runs (17 %, likely 5-45 %): flaky.

        - `logs/a.log:4012`: `it did not end as it should`
        - `logs/b.log:77`: `it did not end as it should`

        **`hang` .61 (`heuristic`)**

        - for: `no output from rank 3 for 1799 s before the limit of 1800 s` at `logs/a.log:4012`

        **`timeout` .20 (`hypothesis`)**

        - for: `the limit of 1800 s fired` at `logs/a.log:4012`

        </details>

        <details><summary><code>AssertionError: assert 3 == 4</code></summary>

        Cluster `aa00000000000001`, kind `assertion`.

        only one run given; cannot tell whether it is flaky.

        - `logs/c.log:9`: `it did not end as it should`
        - `logs/d.log:12`: `it did not end as it should`

        </details>
        "#);
    }

    #[test]
    fn a_summary_stays_below_the_size_that_github_takes() {
        let mut findings = example::hostile();
        let mut cluster = findings.clusters.remove(0);
        cluster.title = "é<".repeat(400);
        cluster.causes = vec![cluster.causes[0].clone(); 19];
        for cause in &mut cluster.causes {
            cause.evidence =
                vec![EvidenceSummary { text: "é`".repeat(400), ..cause.evidence[0].clone() }; 9];
            cause.against = cause.evidence.clone();
        }
        findings.clusters = vec![cluster; 60];
        let text = shown(&findings);
        assert!(text.len() < 1 << 20, "{} bytes", text.len());
        assert!(text.contains("… and 10 more clusters."));
    }

    #[test]
    fn log_text_cannot_leave_its_code_span() {
        for (text, span) in [
            ("<img src=x>", "<code>&lt;img src=x&gt;</code>"),
            ("a `<b>` *c* @d", "<code>a &#96;&lt;b&gt;&#96; &#42;c&#42; &#64;d</code>"),
            ("a `b` c", "`` a `b` c ``"),
            ("```", "```` ``` ````"),
            ("line\n# head", "`line␊# head`"),
            ("", "`  `"),
        ] {
            assert_eq!(code(text), span);
        }
        assert_eq!(cell("a | b"), "`a \\| b`");
        assert_eq!(html("</code><script>"), "&lt;/code&gt;&lt;script&gt;");
    }
}
