//! Whether secrets are masked: the options of every command whose output may leave the machine.

use std::borrow::Cow;

use anyhow::Result;
use regex::Regex;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::findings::{ClusterSummary, Diff, Excerpt, Findings, OccurrenceSummary, SourceSummary};
use crate::json::changed;
use crate::reports::warn;
use crate::secrets::{Mask, mask_value};
use crate::settings::{MaskSettings, Settings};

/// What to mask of what logs hold.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub struct Masking {
    /// Show tokens, keys and passwords as the logs have them.
    #[arg(long)]
    no_mask: bool,
    /// Mask e-mail addresses too.
    #[arg(long, conflicts_with = "no_mask")]
    mask_emails: bool,
}

impl Masking {
    /// Masks the secrets in what was found, and says on standard error how many there were.
    pub fn findings(self, mut findings: Findings) -> Result<Findings> {
        if self.no_mask {
            return Ok(findings);
        }
        let mut mask = self.mask()?;
        findings.sources.iter_mut().for_each(|source| of_source(source, &mut mask));
        for run in &mut findings.runs {
            of_any(run, &mut mask)?;
        }
        for cluster in &mut findings.clusters {
            of_cluster(cluster, &mut mask)?;
        }
        for gone in &mut findings.gone {
            of_any(gone, &mut mask)?;
        }
        findings.excerpts.iter_mut().for_each(|excerpt| of_excerpt(excerpt, &mut mask));
        report_masked(&mask);
        Ok(findings)
    }

    /// Masks the secrets in every text of a document.
    pub fn document<T: Serialize + DeserializeOwned>(self, document: T) -> Result<T> {
        if self.no_mask {
            return Ok(document);
        }
        let mut mask = self.mask()?;
        let document = changed(&document, |value| mask_value(value, &mut mask))?;
        report_masked(&mask);
        Ok(document)
    }

    /// Masks the secrets in what tells failing logs from passing ones.
    pub fn diff(self, mut diff: Diff) -> Result<Diff> {
        if !self.no_mask {
            let mut mask = self.mask()?;
            diff.ranges.iter_mut().for_each(|range| replace(&mut range.source, &mut mask));
            diff.excerpts.iter_mut().for_each(|excerpt| of_excerpt(excerpt, &mut mask));
            report_masked(&mask);
        }
        Ok(diff)
    }

    /// Masks the secrets in lines that belong to one text.
    pub fn text(self, text: String) -> Result<String> {
        let lines = text.split_inclusive('\n').map(str::to_owned).collect();
        let masked = self.excerpts(vec![Excerpt { source: String::new(), line_start: 1, lines }])?;
        Ok(masked.into_iter().flat_map(|excerpt| excerpt.lines).collect())
    }

    /// Masks the secrets in texts that stand alone.
    pub fn each<'t>(self, texts: impl IntoIterator<Item = &'t mut String>) -> Result<()> {
        if !self.no_mask {
            let mut mask = self.mask()?;
            texts.into_iter().for_each(|text| replace(text, &mut mask));
            report_masked(&mask);
        }
        Ok(())
    }

    /// Masks the secrets in lines of logs.
    pub fn excerpts(self, mut excerpts: Vec<Excerpt>) -> Result<Vec<Excerpt>> {
        if !self.no_mask {
            let mut mask = self.mask()?;
            excerpts.iter_mut().for_each(|excerpt| of_excerpt(excerpt, &mut mask));
            report_masked(&mask);
        }
        Ok(excerpts)
    }

    /// Returns what masks: the forms of this program and those that `.ndlog.toml` adds.
    fn mask(self) -> Result<Mask> {
        let MaskSettings { emails, patterns } = Settings::here()?.masks;
        let own = patterns.iter().map(|pattern| Regex::new(pattern)).collect::<Result<_, _>>()?;
        Ok(Mask::new(self.mask_emails || emails).with_own(own))
    }
}

fn of_source(source: &mut SourceSummary, mask: &mut Mask) {
    replace(&mut source.source, mask);
    source.failed_ends.iter_mut().for_each(|end| replace(&mut end.text, mask));
    for text in [&mut source.outcome_because, &mut source.host, &mut source.job].into_iter().flatten() {
        replace(text, mask);
    }
    for problem in &mut source.problems {
        replace(&mut problem.source, mask);
        replace(&mut problem.what, mask);
    }
}

/// The occurrences of a cluster may be very many: their texts are masked where they stand. All else goes by the form
/// of the document, so that no field is forgotten.
fn of_cluster(cluster: &mut ClusterSummary, mask: &mut Mask) -> Result<()> {
    let mut occurrences = std::mem::take(&mut cluster.occurrences);
    occurrences.iter_mut().for_each(|occurrence| of_occurrence(occurrence, mask));
    of_any(cluster, mask)?;
    cluster.occurrences = occurrences;
    Ok(())
}

/// Masks every text of a value, if any may hold a secret.
fn of_any<T: Serialize + DeserializeOwned>(value: &mut T, mask: &mut Mask) -> Result<()> {
    if mask.may_hold(&serde_json::to_string(value)?) {
        *value = changed(value, |value| mask_value(value, mask))?;
    }
    Ok(())
}

fn of_occurrence(occurrence: &mut OccurrenceSummary, mask: &mut Mask) {
    replace(&mut occurrence.source, mask);
    replace(&mut occurrence.message, mask);
    replace(&mut occurrence.headline.text, mask);
    occurrence.code.iter_mut().for_each(|code| replace(&mut code.file, mask));
    occurrence.test.iter_mut().for_each(|test| replace(test, mask));
}

fn of_excerpt(excerpt: &mut Excerpt, mask: &mut Mask) {
    replace(&mut excerpt.source, mask);
    for line in &mut excerpt.lines {
        if let Cow::Owned(masked) = mask.line(line) {
            *line = masked;
        }
    }
    mask.end_of_lines();
}

fn replace(text: &mut String, mask: &mut Mask) {
    if let Cow::Owned(masked) = mask.text(text) {
        *text = masked;
    }
}

/// Says what was masked.
fn report_masked(mask: &Mask) {
    let kinds: Vec<String> = mask.masked().iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    if !kinds.is_empty() {
        warn(&format!("ndlog: masked what looks like secrets ({}); --no-mask shows them", kinds.join(", ")));
    }
}
