//! A message for a chat hook: what Slack, and others that speak as it does, take as it is.

use std::io::{self, Write};

use serde_json::json;

use super::badges::badges;
use super::format::Writer;
use super::inert_json::write_json;
use super::phrases::{self, cut};
use super::visible;
use crate::findings::{ClusterSummary, Findings};

/// Failures shown unless more or fewer are asked for.
const MOST: usize = 5;
/// Bytes of the text: Slack advises 4,000 characters. A failure that does not fit is left out whole, and that is said.
const BYTES: usize = 4000;
/// Columns of one piece of log text.
const TEXT: usize = 200;

/// One JSON object with a `text` in Slack's `mrkdwn`. Everything from a log stands in a code span, where no mention and
/// no link is one.
#[derive(Default)]
pub struct Slack {
    /// Failures shown at the most.
    pub top: Option<usize>,
}

impl Writer for Slack {
    fn write(&self, findings: &Findings, out: &mut dyn Write) -> io::Result<()> {
        write_json(&json!({ "text": self.text(findings) }), out)?;
        writeln!(out)
    }
}

impl Slack {
    fn text(&self, findings: &Findings) -> String {
        let mut text = format!("*{}*\n", phrases::headline(findings));
        let failing: Vec<&ClusterSummary> = findings.primary().collect();
        let most = BYTES.saturating_sub(left_out(usize::MAX).len());
        let mut shown = 0;
        for cluster in failing.iter().take(self.top.unwrap_or(MOST)) {
            let failure = failure(shown + 1, cluster);
            if text.len() + failure.len() > most {
                break;
            }
            text += &failure;
            shown += 1;
        }
        if shown < failing.len() {
            text += &left_out(failing.len() - shown);
        }
        text
    }
}

fn left_out(more: usize) -> String {
    format!("… and {}\n", phrases::count(more as u64, "more failure"))
}

fn failure(number: usize, cluster: &ClusterSummary) -> String {
    let message = phrases::message(cluster);
    let name = phrases::tests(cluster);
    let mut text =
        format!("{number}. {} {}", code(name.as_deref().unwrap_or(message)), phrases::share(cluster));
    text.extend(badges(cluster).iter().map(|badge| format!(" {}", code(badge))));
    if name.is_some() {
        text += &format!("\n{}", code(message));
    }
    text + "\n"
}

/// Returns a code span: `&`, `<` and `>` are all that Slack reads there, but for what ends the span.
fn code(text: &str) -> String {
    let text = cut(&visible(text).replace('`', "'"), TEXT);
    format!("`{}`", text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::example;

    #[test]
    fn a_message_names_what_failed_and_how_often() {
        let mut findings = example::findings();
        findings.clusters[0].tests = vec!["tests/test_ring.py::test_pop".to_owned()];
        let text = Slack::default().text(&findings);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.first(), Some(&format!("*{}*", phrases::headline(&findings)).as_str()));
        let first = &findings.clusters[0];
        let (test, message) = (phrases::tests(first).unwrap(), phrases::message(first));
        let expected = format!("1. {} {}", code(&test), phrases::share(first));
        assert!(lines[1].starts_with(&expected) && lines[2] == code(message), "{text}");
    }

    #[test]
    fn what_does_not_fit_is_left_out_whole_and_counted() {
        let findings = example::findings();
        let failing = findings.primary().count();
        let text = Slack { top: Some(0) }.text(&findings);
        assert!(text.ends_with(&left_out(failing)) && text.lines().count() == 2, "{text}");
    }

    #[test]
    fn nothing_of_a_log_mentions_links_or_leaves_its_span() {
        for (text, shown) in [
            ("<!channel> & <@U1>", "`&lt;!channel&gt; &amp; &lt;@U1&gt;`"),
            ("a `b` *c*", "`a 'b' *c*`"),
            ("two\nlines", "`two␊lines`"),
        ] {
            assert_eq!(code(text), shown);
        }
        let text = Slack::default().text(&example::hostile());
        assert!(!text.contains(['<', '>', '\u{1b}']), "{text}");
    }
}
