//! The page as a whole: what stands on it, and how much of it.

use std::borrow::Cow;
use std::io::{self, Write};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, ValueKind};
use minijinja::{AutoEscape, Environment, Value, escape_formatter};
use serde::Serialize;

use super::chips::{Chip, Chips};
use super::failure::Failure;
use super::job_grid::JobGrid;
use super::lookup::Lookup;
use super::packed::{MANY, packed};
use super::policy::{SCRIPT, STYLE, policy};
use super::row::Row;
use super::run_list::RunList;
use super::{clip::clip, when};
use crate::findings::{ClusterSummary, Findings, Outcomes};
use crate::reports::dates::Days;
use crate::reports::format::Writer;
use crate::reports::{coverage, phrases, visible};

/// Places shown on the whole page, shared among its failures; each has a few at the least.
const PLACES: usize = 2000;
const LEAST: usize = 3;
/// Rows of the list on the first screens.
const FIRST: usize = 300;
/// Failures above which the page of each is made when it is first opened.
const WAIT: usize = 100;
/// Errors listed that only follow others, and characters of each.
const OTHERS: usize = 2000;
const TEXT: usize = 160;

/// HTML for people.
pub struct Html;

impl Writer for Html {
    fn write(&self, findings: &Findings, out: &mut dyn Write) -> io::Result<()> {
        let mut page = Page::of(findings);
        let pages = environment().map_err(io::Error::other)?;
        if page.failures.len() > MANY {
            page.packed = Some(packed(&pages, &std::mem::take(&mut page.failures))?);
        }
        let template = pages.get_template("page.html").map_err(io::Error::other)?;
        template.render_captured_to(Value::from(Serde(page)), out).map_err(io::Error::other)?;
        Ok(())
    }
}

#[derive(Serialize)]
struct Page<'a> {
    policy: String,
    headline: String,
    days: Option<String>,
    baseline: Option<String>,
    left_out: Option<String>,
    failed: usize,
    passed: usize,
    unclear: usize,
    chips: Vec<Chip>,
    grids: Vec<JobGrid>,
    rows: Vec<Row<'a>>,
    /// Rows that are there from the start: the others are text until the first screen is drawn.
    first: usize,
    failures: Vec<Failure<'a>>,
    /// True if the page of a failure stands as text until somebody opens it.
    failures_wait: bool,
    /// The pages of all failures, where there are very many.
    packed: Option<String>,
    others: Vec<Other<'a>>,
    more_others: usize,
    /// Failures that a store remembers and that these runs lack.
    gone: Vec<String>,
    runs: RunList<'a>,
    version: &'static str,
}

/// An error that only follows others.
#[derive(Serialize)]
struct Other<'a> {
    title: String,
    kind: &'a str,
    sources: u64,
}

impl<'a> Page<'a> {
    fn of(findings: &'a Findings) -> Self {
        let outcomes = Outcomes::of(findings);
        let (failing, others): (Vec<_>, Vec<_>) =
            findings.clusters.iter().partition(|cluster| cluster.is_primary());
        let lookup = Lookup::new(findings, failing.len());
        let (places, chips) = (shares(&failing), Chips::of(&failing));
        Self {
            policy: policy(),
            headline: phrases::headline(findings),
            // The headline has them where the time of every run is known.
            days: when::days(findings.runs.iter().filter(|run| !run.baseline))
                .filter(|_| Days::of(findings).is_none()),
            baseline: phrases::baseline(findings),
            left_out: coverage::left_out(&findings.totals.coverage),
            failed: outcomes.failed,
            passed: outcomes.passed,
            unclear: outcomes.unknown,
            chips: chips.counted(&failing),
            grids: JobGrid::all(&failing, &lookup),
            rows: failing.iter().map(|cluster| Row::of(cluster, &chips, findings)).collect(),
            failures: failing.iter().map(|cluster| Failure::of(cluster, &chips, places, &lookup)).collect(),
            first: FIRST,
            failures_wait: failing.len() > WAIT,
            packed: None,
            more_others: others.len().saturating_sub(OTHERS),
            others: others.into_iter().take(OTHERS).map(Other::of).collect(),
            gone: findings.gone.iter().map(phrases::gone).collect(),
            runs: RunList::of(&failing, &lookup),
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

impl<'a> Other<'a> {
    fn of(cluster: &'a ClusterSummary) -> Self {
        let title = clip(&cluster.title, TEXT).into_owned();
        Self { title, kind: cluster.kind.name(), sources: cluster.in_sources }
    }
}

/// Returns how many places of each failure fit the page: the most for which all together are within bounds.
fn shares(clusters: &[&ClusterSummary]) -> usize {
    let shown = |most: usize| clusters.iter().map(|one| one.occurrences.len().min(most)).sum::<usize>();
    let (mut low, mut high) = (LEAST, PLACES);
    while low < high {
        let middle = (low + high).div_ceil(2);
        if shown(middle) <= PLACES { low = middle } else { high = middle - 1 }
    }
    low
}

/// Returns text for a page, between tags and between double quotes. The template engine's own way writes a slash in six
/// bytes, and a page of logs is full of paths.
fn escaped(text: &str) -> Cow<'_, str> {
    const ACTS: [char; 5] = ['&', '<', '>', '"', '\''];
    if !text.contains(ACTS) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(letter),
        }
    }
    Cow::Owned(safe)
}

/// Returns the templates; whatever they print is escaped for HTML, after making controls visible.
fn environment() -> Result<Environment<'static>, minijinja::Error> {
    let mut pages = Environment::new();
    pages.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    pages.set_auto_escape_callback(|_| AutoEscape::Html);
    pages.set_formatter(|out, state, value| match (value.kind(), value.as_str()) {
        (ValueKind::String, Some(text)) if !value.is_safe() => {
            out.write_str(&escaped(&visible(text))).map_err(Into::into)
        }
        _ => escape_formatter(out, state, value),
    });
    pages.add_global("style", Value::from_safe_string(STYLE.to_owned()));
    pages.add_global("script", Value::from_safe_string(SCRIPT.to_owned()));
    pages.add_filter("count", |count: u64, noun: &str| phrases::count(count, noun));
    for (name, text) in [
        ("page.html", include_str!("templates/page.html")),
        ("grid.html", include_str!("templates/grid.html")),
        ("row.html", include_str!("templates/row.html")),
        ("failure.html", include_str!("templates/failure.html")),
        ("excerpt.html", include_str!("templates/excerpt.html")),
        ("reason.html", include_str!("templates/reason.html")),
        ("strip.svg", include_str!("templates/strip.svg")),
        ("durations.svg", include_str!("templates/durations.svg")),
        ("timeline.svg", include_str!("templates/timeline.svg")),
        ("window.svg", include_str!("templates/window.svg")),
    ] {
        pages.add_template(name, text)?;
    }
    Ok(pages)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::example;

    fn shown(findings: &Findings) -> String {
        example::written(&Html, findings)
    }

    #[test]
    fn a_page_shows_failures_lines_causes_and_drawings() {
        let page = shown(&example::drawn());
        for part in [
            "<h1>5 runs: 3 failed",
            "<article class=\"failure\" id=\"5b1c0e77a90412fd\"",
            "<a href=\"#5b1c0e77a90412fd\">",
            "2 of 12 runs (17 %, likely 5–45 %): flaky",
            "work that stopped without saying why</b> <span class=\"number\">61 %</span> <small>pattern</small>",
            "no output from rank 3 for 1799 s",
            "<li class=\"t\">TIMEOUT: device timeout",
            "straggler, silent 31 min",
            "limit 30 min",
            "Slack in passing runs 15 ms to 20 ms",
            "ndlog reproduce logs/a.log --test &#39;tests/test_gather.py::test_all_gather[8-True]&#39;",
            "<details class=\"grid\" data-columns=\"0 1 2 3 4\"",
            "<path class=\"f\" d=\"M0 5h2\"/>",
        ] {
            assert!(page.contains(part), "{part} is missing");
        }
    }

    #[test]
    fn text_from_a_log_stays_text() {
        let page = shown(&example::hostile());
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
        assert_eq!((page.matches("<script").count(), page.matches("</script").count()), (1, 1), "ours alone");
        for acting in ["\u{1b}", "\u{202e}", "\u{7}"] {
            assert!(!page.contains(acting), "{acting:?} got through");
        }
    }

    #[test]
    fn text_is_escaped_between_tags_and_between_quotes() {
        assert_eq!(escaped("a/b"), "a/b");
        assert_eq!(escaped("<a b=\"c\">&'"), "&lt;a b=&quot;c&quot;&gt;&amp;&#39;");
    }

    #[test]
    fn a_page_asks_nothing_of_the_network_and_runs_one_script() {
        let page = shown(&example::drawn());
        for reach in ["http:", "https:", "src=", "url(", "@import", "<link", "<iframe", "onclick", "style=\""]
        {
            assert!(!page.contains(reach), "{reach}");
        }
        let policy = policy();
        assert!(
            page.contains(&*escaped(&policy))
                && policy.contains("default-src 'none'")
                && !policy.contains("unsafe")
        );
        for acts in [
            "innerHTML",
            "outerHTML",
            "insertAdjacent",
            "document.write",
            "eval(",
            "Function(",
            "fetch(",
            "import(",
        ] {
            assert!(!SCRIPT.contains(acts), "{acts}");
        }
        assert!(!SCRIPT.contains("</") && !STYLE.contains("</"), "nothing ends its own element");
    }

    #[test]
    fn what_does_not_fit_is_counted() {
        let page = shown(&example::crowded(10_200));
        assert!(page.contains("and 8200 more places"), "what is cut must be told");
        assert_eq!(
            page.matches("<code>logs/a.log:").count(),
            PLACES + 1,
            "the places and the excerpt's heading"
        );
    }

    #[test]
    fn places_are_shared_fairly_among_failures() {
        let cluster = |places| example::crowded(places).clusters.remove(0);
        let (few, many) = (cluster(10), cluster(9000));
        assert_eq!(shares(&[&few, &many]), 1990);
        assert_eq!(shares(&[&few]), PLACES);
    }
}
