//! What the tools answer: the same values as the commands give, below one folder.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use crate::commands::masking::Masking;
use crate::commands::pattern_of;
use crate::experiment::{LEAST_TOKENS, Pattern, Reader, prompt, render_markdown};
use crate::findings::{ClusterSummary, Findings};
use crate::folder::Failure;
use crate::pipeline::experiment;
use crate::reports;

/// Clusters and occurrences in one answer; more would fill the reader's window.
const MOST_CLUSTERS: usize = 30;
const MOST_OCCURRENCES: usize = 5;
const MOST_EXCERPTS: usize = 12;

/// Opens the failure's folder `name`, which must lie below `root`.
pub fn failure(root: &Path, name: &str) -> Result<Failure> {
    let path = std::fs::canonicalize(root.join(name))
        .with_context(|| format!("there is no folder {name:?} below the root"))?;
    ensure!(path.starts_with(root), "{name:?} is outside the root; only what lies below it is read");
    if let Some(link) = leads_out(root, &path)? {
        bail!("{} leads out of the root; only what lies below it is read", link.display());
    }
    Failure::open(&path)
}

/// Returns the first link below `folder` that leads out of `root`.
fn leads_out(root: &Path, folder: &Path) -> Result<Option<PathBuf>> {
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in
            std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?
        {
            let (path, kind) = entry.and_then(|entry| Ok((entry.path(), entry.file_type()?)))?;
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_symlink()
                && std::fs::canonicalize(&path).is_ok_and(|target| !target.starts_with(root))
            {
                return Ok(Some(path));
            }
        }
    }
    Ok(None)
}

/// Returns the names of the failures below `root`.
pub fn failures(root: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(root).context("cannot read the root")? {
        let path: PathBuf = entry?.path();
        let is_below = std::fs::canonicalize(&path).is_ok_and(|path| path.starts_with(root));
        if is_below && Failure::open(&path).is_ok() {
            names.extend(path.file_name().map(|name| name.to_string_lossy().into_owned()));
        }
    }
    names.sort();
    Ok(names)
}

/// Returns what failed in the failure's logs, cut to what can be read.
pub fn clusters(failure: &Failure) -> Result<Value> {
    let findings = found(failure)?;
    let cut = |cluster: &ClusterSummary| {
        let mut cluster = cluster.clone();
        cluster.occurrences.truncate(MOST_OCCURRENCES);
        cluster
    };
    let clusters: Vec<ClusterSummary> = findings.clusters.iter().take(MOST_CLUSTERS).map(cut).collect();
    let more = findings.clusters.len().saturating_sub(MOST_CLUSTERS);
    Ok(
        json!({"schema": findings.schema, "totals": findings.totals, "clusters": clusters, "clusters_not_shown": more}),
    )
}

/// Returns the causes of a cluster, in Markdown.
pub fn causes(failure: &Failure, cluster: Option<&str>) -> Result<String> {
    let pattern = derived(failure, cluster)?;
    Ok(format!("{}\n{}", render_markdown::failure(&pattern), render_markdown::causes(&pattern)))
}

/// Returns the evidence pack of a cluster.
pub fn explanation(failure: &Failure, cluster: Option<&str>, max_tokens: usize) -> Result<String> {
    ensure!(max_tokens >= LEAST_TOKENS, "max_tokens must be at least {LEAST_TOKENS}");
    let pattern = derived(failure, cluster)?;
    let excerpts = Masking::default().excerpts(experiment::excerpts(failure, &pattern, MOST_EXCERPTS))?;
    Ok(prompt(&pattern, &excerpts, Reader::Model, max_tokens))
}

/// Returns what a diagnosis of the failure needs, as one text.
pub fn pack(failure: &Failure, max_tokens: usize) -> Result<String> {
    let findings = experiment::findings_to_pack(failure)?;
    Ok(reports::pack(&Masking::default().findings(findings)?, max_tokens))
}

/// Returns the experiment, without writing it.
pub fn pattern(failure: &Failure, cluster: Option<&str>) -> Result<Value> {
    Ok(serde_json::to_value(derived(failure, cluster)?)?)
}

/// Returns which step is next and what the last proof showed.
pub fn status(failure: &Failure) -> Result<Value> {
    let path = failure.trials().join("outcome.json");
    let outcome: Value = if path.exists() { failure.read(&path, "ndlog verify")? } else { Value::Null };
    Ok(json!({"progress": failure.progress(), "outcome": outcome}))
}

/// Runs `ndlog verify` in a process of its own and returns its outcome.
pub fn verify(failure: &Failure, budget_seconds: Option<u64>) -> Result<Value> {
    let program = std::env::current_exe().context("cannot find ndlog itself")?;
    let mut command = Command::new(program);
    command.arg("verify").arg(failure.folder()).arg("--json");
    command.args(budget_seconds.map(|seconds| format!("--budget={seconds}s")));
    let output = command.stdin(Stdio::null()).output().context("cannot run ndlog verify")?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout)
        .with_context(|| format!("ndlog verify did not finish: {}", stderr.trim()))
}

fn found(failure: &Failure) -> Result<Findings> {
    Masking::default().findings(experiment::read(failure)?.findings)
}

/// Returns the experiment that lies in the folder, or a new one where another cluster is asked for.
fn derived(failure: &Failure, cluster: Option<&str>) -> Result<Pattern> {
    if failure.pattern().exists() {
        let pattern = pattern_of(failure)?;
        if cluster.is_none_or(|id| id == pattern.oracle.cluster) {
            return Masking::default().document(pattern);
        }
    }
    Masking::default().document(experiment::read(failure)?.pattern(failure, cluster, 1200)?)
}
