//! Workflow commands of GitHub Actions: a mark at the line of the sources where each failure happened.

use std::borrow::Cow;
use std::io::{self, Write};

use super::format::Writer;
use super::{badges::badges, cause_words, phrases, visible};
use crate::findings::{ClusterSummary, Findings, OccurrenceSummary};

/// Marks that GitHub shows of one step.
const MOST: usize = 10;
/// Characters of a title and of a message.
const TITLE: usize = 200;
const TEXT: usize = 500;

/// An `::error` for each failure, a `::warning` for what is only suspected.
pub struct Annotations {
    /// Failures marked; `None` for as many as GitHub shows.
    pub top: Option<usize>,
}

impl Writer for Annotations {
    fn write(&self, findings: &Findings, out: &mut dyn Write) -> io::Result<()> {
        let failing = findings.primary();
        for cluster in failing.take(self.top.unwrap_or(MOST)) {
            let Some(example) = cluster.example() else { continue };
            let level = if cluster.failures > 0 { "error" } else { "warning" };
            let place = example
                .code
                .as_ref()
                .map(|code| format!("file={},line={},", property(&code.file), code.line));
            let title = phrases::tests(cluster).unwrap_or_else(|| phrases::message(cluster).to_owned());
            let title = property(phrases::cut(&title, TITLE).as_str());
            writeln!(
                out,
                "::{level} {}title={title}::{}",
                place.unwrap_or_default(),
                text(cluster, example)
            )?;
        }
        Ok(())
    }
}

fn text(cluster: &ClusterSummary, example: &OccurrenceSummary) -> String {
    let message = phrases::cut(&visible(phrases::message(cluster)), TEXT);
    let how_often = [vec![phrases::share(cluster)], badges(cluster)].concat().join(" · ");
    let suspect = (cluster.failures == 0).then(|| "Nothing states how the run ended: a suspect.".to_owned());
    let why = cause_words::why(cluster).map(|why| format!("Why: {why}"));
    let next = cluster.next.as_deref().map(|next| format!("Next: {}", visible(next)));
    let place = format!("Log: {}", phrases::place(example));
    let lines = [Some(message), Some(how_often), suspect, why, next, Some(place)];
    let lines: Vec<String> = lines.into_iter().flatten().map(|line| escaped(&line).into_owned()).collect();
    lines.join("%0A")
}

/// Returns text for the data of a command, as GitHub's toolkit escapes it.
fn escaped(text: &str) -> Cow<'_, str> {
    match text.contains(['%', '\r', '\n']) {
        false => Cow::Borrowed(text),
        true => Cow::Owned(text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")),
    }
}

/// Returns text for a property of a command.
fn property(text: &str) -> String {
    escaped(&visible(text)).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::example;

    fn shown(findings: &Findings, top: Option<usize>) -> String {
        example::written(&Annotations { top }, findings)
    }

    #[test]
    fn each_failure_is_a_mark_at_its_line() {
        let mut findings = example::findings();
        (findings.clusters[1].failures, findings.clusters[1].suspects) = (0, 1);
        insta::assert_snapshot!(shown(&findings, None), @r#"
        ::error file=tests/test_gather.py,line=25,title=device timeout%2C potential hang detected%2C the device is unrecoverable | worker 3::device timeout, potential hang detected, the device is unrecoverable | worker 3%0A2 of 12 runs, 17 %25 · FLAKY%0AWhy: likely: work that stopped without saying why. Less likely: a time limit that is too short for work that went on%0ALog: logs/a.log:4012
        ::warning title=AssertionError%3A assert 3 == 4::AssertionError: assert 3 == 4%0A1 unclear run · SUSPECT%0ANothing states how the run ended: a suspect.%0ALog: logs/c.log:9
        "#);
        assert_eq!(shown(&findings, Some(1)).lines().count(), 1);
    }

    #[test]
    fn no_text_of_a_log_begins_a_command_or_a_property() {
        let mut findings = example::hostile();
        let code = crate::facts::failures::CodePlace { file: "a,b::c\n::error::x%0A".to_owned(), line: 1 };
        findings.clusters[0].occurrences[0].code = Some(code);
        findings.clusters[0].title = "x\n::set-output name=a::b ##[error]y".to_owned();
        let text = shown(&findings, None);
        assert_eq!(text.lines().count(), 1, "{text}");
        let (properties, data) = text.trim_start_matches("::error ").split_once("::").unwrap();
        let names: Vec<&str> = properties.split(',').filter_map(|one| Some(one.split_once('=')?.0)).collect();
        assert_eq!(names, ["file", "line", "title"], "{properties}");
        assert!(!data.contains("##[") && !data.contains('\r') && !properties.contains("::"), "{text}");
    }
}
