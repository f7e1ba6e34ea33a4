//! The page as a whole: what stands on it, and how much of it.

use std::io::{self, Write};

use minijinja::value::{Serde, ValueKind};
use minijinja::{AutoEscape, Environment, Value, escape_formatter};
use serde::Serialize;

use super::card::Card;
use super::charts::Calendar;
use crate::findings::{ClusterSummary, Findings, Outcomes, SourceSummary};
use crate::reports::format::Writer;
use crate::reports::{phrases, visible};

/// Clusters shown with all their details; a browser stays quick and a person does not read more.
const CARDS: usize = 100;
/// Places folded away on the whole page, shared among its clusters.
const PLACES: usize = 10_000;
/// Clusters listed that no log fails with first, and logs listed.
const LISTED: usize = 1000;

/// HTML for people.
pub struct Html;

impl Writer for Html {
    fn write(&self, findings: &Findings, out: &mut dyn Write) -> io::Result<()> {
        let page = Page::of(findings);
        let pages = environment().map_err(io::Error::other)?;
        let template = pages.get_template("page.html").map_err(io::Error::other)?;
        template.render_captured_to(Value::from(Serde(page)), out).map_err(io::Error::other)?;
        Ok(())
    }
}

#[derive(Serialize)]
struct Page<'a> {
    headline: String,
    baseline: Option<String>,
    failed: usize,
    passed: usize,
    unknown: usize,
    calendar: Option<Calendar>,
    cards: Vec<Card<'a>>,
    more_cards: usize,
    others: Vec<&'a ClusterSummary>,
    more_others: usize,
    sources: &'a [SourceSummary],
    more_sources: usize,
    version: &'static str,
}

impl<'a> Page<'a> {
    fn of(findings: &'a Findings) -> Self {
        let outcomes = Outcomes::of(findings);
        let (failing, others): (Vec<_>, Vec<_>) =
            findings.clusters.iter().partition(|cluster| cluster.is_primary());
        let places = PLACES / failing.len().clamp(1, CARDS);
        let shown = findings.sources.len().min(LISTED);
        Self {
            headline: phrases::headline(findings),
            baseline: phrases::baseline(findings),
            failed: outcomes.failed,
            passed: outcomes.passed,
            unknown: outcomes.unknown,
            calendar: Calendar::of_clusters(&failing),
            cards: failing
                .iter()
                .take(CARDS)
                .enumerate()
                .map(|(index, cluster)| Card::of(index + 1, cluster, findings, places))
                .collect(),
            more_cards: failing.len().saturating_sub(CARDS),
            more_others: others.len().saturating_sub(LISTED),
            others: others.into_iter().take(LISTED).collect(),
            sources: &findings.sources[..shown],
            more_sources: findings.sources.len() - shown,
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

/// Returns the templates; whatever they print is escaped for HTML, after making controls visible.
fn environment() -> Result<Environment<'static>, minijinja::Error> {
    let mut pages = Environment::new();
    pages.set_auto_escape_callback(|_| AutoEscape::Html);
    pages.set_formatter(|out, state, value| match (value.kind(), value.as_str()) {
        (ValueKind::String, Some(text)) if !value.is_safe() => {
            escape_formatter(out, state, &Value::from(visible(text)))
        }
        _ => escape_formatter(out, state, value),
    });
    pages.add_filter("count", |count: u64, noun: &str| phrases::count(count, noun));
    for (name, text) in [
        ("page.html", include_str!("templates/page.html")),
        ("card.html", include_str!("templates/card.html")),
        ("reason.html", include_str!("templates/reason.html")),
        ("context.html", include_str!("templates/context.html")),
        ("places.html", include_str!("templates/places.html")),
        ("style.css", include_str!("templates/style.css")),
        ("calendar.svg", include_str!("templates/calendar.svg")),
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
        let mut out = Vec::new();
        Html.write(findings, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_page_shows_clusters_evidence_in_its_context_and_drawings() {
        let page = shown(&example::drawn());
        for part in [
            "5 runs: 3 failed",
            "hang 61 %",
            "no output from rank 3 for 1799 s",
            "TIMEOUT: device timeout</code>",
            "straggler, silent 31 min",
            "limit 30 min",
            "Slack in passing runs 15 ms to 20 ms",
            "When, by host",
        ] {
            assert!(page.contains(part), "{part} is missing");
        }
    }

    #[test]
    fn text_from_a_log_stays_text() {
        let page = shown(&example::hostile());
        assert!(page.contains("&lt;script&gt;alert(1)&lt;"));
        for acting in ["<script", "\u{1b}", "\u{202e}", "\u{7}"] {
            assert!(!page.contains(acting), "{acting:?} got through");
        }
    }

    #[test]
    fn a_page_asks_nothing_of_the_network_and_runs_nothing() {
        let page = shown(&example::drawn());
        for reach in ["http:", "https:", "src=", "url(", "@import", "<link", "<script", "<iframe", "onclick"]
        {
            assert!(!page.contains(reach), "{reach}");
        }
        assert!(page.contains("default-src 'none'"));
    }

    #[test]
    fn ten_thousand_places_are_folded_and_what_is_left_out_is_counted() {
        let page = shown(&example::crowded(10_200));
        assert!(page.contains("9911 to 10010 of 10200"));
        assert!(page.contains("190 more places"), "what is cut must be told");
    }
}
