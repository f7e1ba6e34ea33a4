//! The report for a pull request or a GitHub step summary.

use std::io::{self, Write};

use super::badges::badges;
use super::code_text::code_span;
use super::dates::first_and_last;
use super::format::Writer;
use super::telling::telling_lines;
use super::{cause_words, phrases, visible};
use crate::findings::{CauseSummary, ClusterSummary, EvidenceSummary, Findings};

/// Failures shown unless more or fewer are asked for, and those of them that stand open.
const MOST: usize = 50;
const OPEN: usize = 3;
/// Bytes unless others are asked for; GitHub refuses a summary above 1 MiB.
const BYTES: usize = 900_000;
/// Places named of a failure; causes with evidence, and lines for and against each.
const PLACES: usize = 5;
const CAUSES: usize = 2;
const LINES: usize = 3;
/// Characters of one piece of log text.
const TEXT: usize = 300;

/// GitHub-flavoured Markdown. Everything from a log stands in a code span or a block of text, where nothing acts.
#[derive(Default)]
pub struct Markdown {
    /// Failures shown at the most.
    pub top: Option<usize>,
    /// Bytes of the whole; a failure that does not fit is left out whole, and that is said.
    pub bytes: Option<usize>,
}

/// One failure: its row of the overview and its section.
struct Part {
    row: String,
    section: String,
}

impl Writer for Markdown {
    fn write(&self, findings: &Findings, out: &mut dyn Write) -> io::Result<()> {
        let mut head = format!("## {}\n", phrases::headline(findings));
        if let Some(baseline) = phrases::baseline(findings) {
            head += &format!("\n{baseline}\n");
        }
        let failing: Vec<&ClusterSummary> = findings.primary().collect();
        let most = self.bytes.unwrap_or(BYTES);
        let mut parts: Vec<Part> = Vec::new();
        let gone = gone(findings);
        let mut used = head.len() + OVERVIEW.len() + left_out(usize::MAX).len() + gone.len();
        for (at, cluster) in failing.iter().take(self.top.unwrap_or(MOST)).enumerate() {
            let part = Part { row: row(at + 1, cluster), section: section(at, cluster, findings) };
            used += part.row.len() + part.section.len();
            if used > most {
                break;
            }
            parts.push(part);
        }
        out.write_all(head.as_bytes())?;
        if !parts.is_empty() {
            out.write_all(OVERVIEW.as_bytes())?;
        }
        for text in parts.iter().map(|part| &part.row).chain(parts.iter().map(|part| &part.section)) {
            out.write_all(text.as_bytes())?;
        }
        let more = failing.len() - parts.len();
        if more > 0 {
            out.write_all(left_out(more).as_bytes())?;
        }
        out.write_all(gone.as_bytes())
    }
}

const OVERVIEW: &str = "\n| | what failed | how often | |\n| ---: | --- | --- | --- |\n";

fn left_out(more: usize) -> String {
    let failures = phrases::count(more as u64, "more failure");
    format!("\n… and {failures}, left out whole to keep this short. The HTML report has all of them.\n")
}

/// Returns what is remembered and not in these runs any more.
fn gone(findings: &Findings) -> String {
    let lines: String =
        findings.gone.iter().map(|gone| format!("- {}\n", code(&phrases::gone(gone)))).collect();
    match lines.is_empty() {
        true => lines,
        false => format!("\nGone: remembered, and not in these runs any more.\n\n{lines}"),
    }
}

fn row(number: usize, cluster: &ClusterSummary) -> String {
    let message = cell(phrases::message(cluster));
    let what = match phrases::tests(cluster) {
        Some(tests) => format!("{}<br>{message}", cell(&tests)),
        None => message,
    };
    let seen = first_and_last(cluster, None).map(|seen| format!("<br>{seen}")).unwrap_or_default();
    format!("| {number} | {what} | {}{seen} | {} |\n", phrases::share(cluster), labels(cluster))
}

fn labels(cluster: &ClusterSummary) -> String {
    badges(cluster).iter().map(|badge| cell(badge)).collect::<Vec<_>>().join(" ")
}

fn section(at: usize, cluster: &ClusterSummary, findings: &Findings) -> String {
    let open = if at < OPEN { " open" } else { "" };
    let name = phrases::tests(cluster).unwrap_or_else(|| phrases::message(cluster).to_owned());
    let mut text =
        format!("\n<details{open}><summary>{}. <code>{}</code></summary>\n\n", at + 1, html(&name));
    if !cluster.tests.is_empty() {
        text += &format!("<p><code>{}</code></p>\n", html(phrases::message(cluster)));
    }
    let mut paragraph = |label: &str, words: Option<String>| {
        if let Some(words) = words {
            text += &format!("<p><b>{label}</b> {}</p>\n", html(&words));
        }
    };
    paragraph("How often:", phrases::recurrence(cluster));
    paragraph("Remembered:", phrases::past(cluster));
    paragraph(if cluster.issue.is_some() { "Known issue:" } else { "Owner:" }, phrases::issue(cluster));
    paragraph("Look at:", phrases::change(cluster));
    paragraph("Why:", cause_words::why(cluster));
    let known = cluster.known.as_ref().filter(|known| !known.form);
    paragraph("Known as:", known.map(|known| format!("{} ({})", known.name, known.id)));
    paragraph("What it says:", known.map(|known| known.what.clone()));
    paragraph("Why it happens:", known.map(|known| known.why.clone()));
    paragraph("Next:", cluster.next.clone());
    if cluster.failures == 0 {
        paragraph("Suspect:", Some("nothing states how the run ended".to_owned()));
    }
    text += &block(cluster, findings);
    text += &places(cluster);
    for range in cluster.contrast_beside().take(LINES) {
        let place = code(&format!("{}:{}", range.source, range.line_start));
        let line = findings.line(&range.source, range.line_start).unwrap_or_default();
        text += &format!("- new against passing runs: {place}: {}\n", code(line));
    }
    for because in cluster.causes.iter().filter(|cause| speaks(cause)).take(CAUSES) {
        text += &evidence(because);
    }
    text + &format!("\nid {}\n\n</details>\n", code(&cluster.id))
}

/// Returns the telling lines as a block of HTML: inside `<details>` some renderers take a fence for plain text.
fn block(cluster: &ClusterSummary, findings: &Findings) -> String {
    let Some(example) = cluster.example() else { return "\n".to_owned() };
    let lines = telling_lines(findings, example);
    if lines.is_empty() {
        return "\n".to_owned();
    }
    let lines: Vec<String> = lines.into_iter().map(|(_, text)| html(text)).collect();
    format!("\n<pre><code>{}\n</code></pre>\n\n", lines.join("\n"))
}

fn places(cluster: &ClusterSummary) -> String {
    let shown = cluster.occurrences.iter().take(PLACES);
    let mut text: String = shown
        .map(|one| {
            let code = one
                .code
                .as_ref()
                .map(|code| format!(" at {}", self::code(&format!("{}:{}", code.file, code.line))));
            format!("- {}{}\n", self::code(&phrases::place(one)), code.unwrap_or_default())
        })
        .collect();
    let more = cluster.occurrences.len().saturating_sub(PLACES);
    if more > 0 {
        text += &format!("- … and {}\n", phrases::count(more as u64, "more place"));
    }
    text
}

fn speaks(cause: &CauseSummary) -> bool {
    !cause.evidence.is_empty() || !cause.against.is_empty()
}

fn evidence(because: &CauseSummary) -> String {
    let mut text = format!("\n**{}**\n\n", cause(because));
    for (sign, side) in [("for", &because.evidence), ("against", &because.against)] {
        for evidence in side.iter().take(LINES) {
            text += &format!("- {sign}: {}{}\n", code(&evidence.text), place(evidence));
        }
    }
    text
}

fn cause(cause: &CauseSummary) -> String {
    let percent = (cause.score * 100.0).round();
    format!("{}, {percent} % ({})", cause_words::words(cause.cause), cause_words::grade(cause.grade))
}

fn place(evidence: &EvidenceSummary) -> String {
    match (&evidence.source, evidence.line) {
        (Some(source), Some(line)) => format!(" at {}", code(&format!("{source}:{line}"))),
        (Some(source), None) => format!(" in {}", code(source)),
        _ => String::new(),
    }
}

/// Returns a code span. Text that could be a tag is HTML instead, all of it written out: some renderers take what stands
/// in `<details>` as it is.
fn code(text: &str) -> String {
    let text = phrases::cut(&visible(text), TEXT);
    if text.contains('<') {
        return format!("<code>{}</code>", written_out(&text));
    }
    code_span(&text)
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
        within(findings, None)
    }

    fn within(findings: &Findings, bytes: Option<usize>) -> String {
        example::written(&Markdown { top: None, bytes }, findings)
    }

    #[test]
    fn a_summary_has_an_overview_and_the_evidence_to_open() {
        insta::assert_snapshot!(shown(&example::findings()), @r#"
        ## 5 runs: 3 failed, 1 passed, 1 unclear; 2 different failures

        | | what failed | how often | |
        | ---: | --- | --- | --- |
        | 1 | `device timeout, potential hang detected, the device is unrecoverable \| worker 3` | 2 of 12 runs, 17 % | `FLAKY` |
        | 2 | `AssertionError: assert 3 == 4` | 1 run |  |

        <details open><summary>1. <code>device timeout, potential hang detected, the device is unrecoverable | worker 3</code></summary>

        <p><b>How often:</b> 2 of 12 runs (17 %, likely 5–45 %): flaky</p>
        <p><b>Why:</b> likely: work that stopped without saying why. Less likely: a time limit that is too short for work that went on</p>

        <pre><code>waiting for device 4
        waiting for device 4
        TIMEOUT: device timeout
        exit code 1
        </code></pre>

        - `logs/a.log:4012` at `tests/test_gather.py:25`
        - `logs/b.log:77`

        **work that stopped without saying why, 61 % (pattern)**

        - for: `no output from rank 3 for 1799 s before the limit of 1800 s` at `logs/a.log:4012`

        **a time limit that is too short for work that went on, 20 % (guess)**

        - for: `the limit of 1800 s fired` at `logs/a.log:4012`

        id `5b1c0e77a90412fd`

        </details>

        <details open><summary>2. <code>AssertionError: assert 3 == 4</code></summary>

        <p><b>How often:</b> only one run given; cannot tell whether it is flaky</p>

        - `logs/c.log:9`
        - `logs/d.log:12`

        id `aa00000000000001`

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
        assert!(text.contains("… and 10 more failures, left out whole"));
    }

    #[test]
    fn a_comment_is_cut_between_failures_and_says_so() {
        let mut findings = example::findings();
        findings.clusters = vec![findings.clusters[0].clone(); 40];
        let whole = shown(&findings);
        for bytes in [600, 5_000, 20_000, whole.len() - 1] {
            let text = within(&findings, Some(bytes));
            assert!(text.len() <= bytes, "{} bytes of {bytes}", text.len());
            let (rows, sections) = (text.matches("\n| ").count(), text.matches("<details").count());
            assert_eq!(rows.saturating_sub(2), sections, "each row has its section");
            assert_eq!(sections, text.matches("</details>").count());
            assert!(text.contains(&format!("{} more failure", 40 - sections)), "{text}");
        }
        assert_eq!(within(&findings, Some(whole.len() + 200)), whole);
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
