//! `ndlog reproduce`: from an address or logs to a failure that happens again, in one go.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use super::{collect, pattern_of, stress, verify};
use crate::durations;
use crate::experiment::{Pattern, render_markdown};
use crate::findings::{ClusterSummary, Findings, Outcome};
use crate::folder::{Failure, Section, write_whole};
use crate::input::Request;
use crate::pipeline::{self, Logs, experiment};
use crate::reports::{ask, say, warn};
use crate::script::Invocation;
use crate::signatures::Catalog;

/// Failures that are listed beside the chosen one.
const LISTED: usize = 6;

/// Collects the logs, chooses the failure, writes its experiment and its test, and makes it happen again.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  ndlog reproduce 2\n  \
    ndlog reproduce https://github.com/OWNER/NAME/actions/runs/123456 --repo ~/src/NAME\n  \
    ndlog reproduce failed.log passed.log --budget 5m\n  \
    ndlog reproduce ci.log --test tests/test_ring.py::test_gather -- pytest -x tests\n\n\
    Exit codes: 0 reproduced, 1 not reproduced, 2 could not be run.")]
pub struct Args {
    /// The address of a run or job, or logs: files, folders, archives. In front of logs, the number of a failure on the
    /// first screen or its id; alone, of those of the last `ndlog cluster` here. With --resume the same as before.
    #[arg(value_name = "ADDRESS|LOGS|N|ID")]
    sources: Vec<String>,
    /// The failure's folder; named for the first source where none is given.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The test to reproduce, where several failed.
    #[arg(long, value_name = "TEST")]
    test: Option<String>,
    /// Time for the whole proof, such as 90s, 20m or 1h.
    #[arg(long, value_name = "TIME", default_value = "20m", value_parser = durations::argument)]
    budget: f64,
    #[command(flatten)]
    conduct: verify::Conduct,
}

/// Runs the command.
pub fn run(mut args: Args) -> Result<ExitCode> {
    let picked = args.sources.first().filter(|source| names_a_failure(source)).cloned();
    if let Some(what) = &picked {
        args.sources.remove(0);
        args.sources = logs_of(std::mem::take(&mut args.sources), what)?;
    }
    let first = || args.sources.first().map(|source| name_of(source));
    let named = args.name.clone().or_else(|| match &picked {
        Some(what) => Some(format!("{}-{what}", first()?)),
        None => first(),
    });
    let name = named.context("nothing to reproduce: give the address of a run, or logs")?;
    if !args.conduct.resume {
        let failure = Failure::create(Path::new(""), &name)?;
        say(&format!("made {}", failure.folder().display()))?;
        let id = bring_in(&failure, &args.sources, picked.as_deref())?;
        prepare(&failure, &args, id.as_deref())?;
    }
    let failure = Failure::open(Path::new(&name))?;
    args.conduct.command = command(&failure, &args)?;
    let code = verify::run(verify::Args::of(failure.folder(), args.budget, args.conduct))?;
    say(&format!("read {}", failure.readme().display()))?;
    Ok(code)
}

/// Digits of an id at the least, and of a number at the most.
const ID: usize = 4;
const NUMBER: usize = 3;

/// Returns true for the number of a failure or its id, where no file has that name.
fn names_a_failure(source: &str) -> bool {
    let number = source.len() <= NUMBER && source.bytes().all(|letter| letter.is_ascii_digit());
    let id = (ID..=16).contains(&source.len()) && source.bytes().all(|letter| letter.is_ascii_hexdigit());
    (number || id) && !source.is_empty() && !Path::new(source).exists()
}

/// Returns the logs in which a failure is meant: those that are named, else those of the last look.
fn logs_of(named: Vec<String>, what: &str) -> Result<Vec<String>> {
    if !named.is_empty() {
        return Ok(named);
    }
    let look = super::logs::Logs::default().or_of_the_last_look();
    let paths = look.paths.iter().chain(&look.pass).map(|path| path.display().to_string());
    let paths: Vec<String> = paths.collect();
    anyhow::ensure!(!paths.is_empty(), "no logs named in which {what} is meant: give files or folders");
    Ok(paths)
}

/// Returns a name for the folder: the run's number, or the log's own name.
fn name_of(source: &str) -> String {
    let last = source.trim_end_matches('/').rsplit(['/', '\\']).next().unwrap_or(source);
    let stem = last.split('.').next().unwrap_or(last);
    let plain: String = stem.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let plain = plain.trim_matches('-');
    format!("reproduce-{}", if plain.is_empty() { "logs" } else { plain })
}

/// Sorts the logs into those of failing and of passing runs and collects them. Returns the id of the failure that is
/// meant.
fn bring_in(failure: &Failure, sources: &[String], picked: Option<&str>) -> Result<Option<String>> {
    let is_address = |source: &&String| source.starts_with("https://") || source.starts_with("http://");
    let (addresses, paths): (Vec<&String>, Vec<&String>) = sources.iter().partition(is_address);
    for address in addresses {
        let address = std::slice::from_ref(address);
        collect::bring(failure, address, false)?;
        if let Err(error) = collect::bring(failure, address, true) {
            warn(&format!("ndlog: no passing runs could be fetched: {error:#}"));
        }
    }
    if paths.is_empty() {
        return Ok(picked.map(str::to_owned));
    }
    let Sorted { failing, passing, findings } = sorted(&paths)?;
    let id = picked.map(|what| super::show::chosen(&findings, what).map(|cluster| cluster.id.clone()));
    let id = id.transpose()?;
    collect::bring(failure, &failing, false)?;
    if !passing.is_empty() {
        collect::bring(failure, &passing, true)?;
    }
    Ok(id)
}

/// Logs by how their runs ended, and what failed in them.
struct Sorted {
    failing: Vec<String>,
    passing: Vec<String>,
    findings: Findings,
}

/// Returns the files of runs that failed or of which nobody says how they ended, and those of runs that passed.
fn sorted(paths: &[&String]) -> Result<Sorted> {
    let request = Request { paths: paths.iter().map(PathBuf::from).collect(), files_from: None };
    let none = Request { paths: Vec::new(), files_from: None };
    let catalog = Catalog::embedded();
    let logs = Logs { request, passing: none, catalog, threads: None, jobs: None, memory: None };
    let findings = pipeline::cluster(&logs)?.findings;
    // An archive is one file with several logs, and goes where one of them failed.
    let file = |source: &str| source.split('!').next().unwrap_or(source).to_owned();
    let of = |passed: bool| {
        let own = findings.sources.iter().filter(move |source| (source.outcome == Outcome::Pass) == passed);
        own.map(|source| file(&source.source)).collect::<BTreeSet<_>>()
    };
    let failing = of(false);
    let passing = of(true).difference(&failing).cloned().collect();
    Ok(Sorted { failing: failing.into_iter().collect(), passing, findings })
}

/// Chooses the failure, and writes its experiment and its test.
fn prepare(failure: &Failure, args: &Args, id: Option<&str>) -> Result<()> {
    let collected = experiment::read(failure)?;
    let findings = &collected.findings;
    let cluster = match id {
        Some(id) => Some(id),
        None => chosen(findings, args.test.as_deref())?,
    };
    let mut pattern = collected.pattern(failure, cluster, args.budget.ceil() as u64)?;
    for problem in &collected.problems {
        warn(&format!("ndlog: {problem}"));
    }
    if let (Some(wanted), Some(test)) = (&args.test, &mut pattern.test) {
        test.id.clone_from(wanted);
        pattern.oracle.tests = vec![wanted.split('[').next().unwrap_or(wanted).to_owned()];
    }
    let mut text = serde_json::to_vec_pretty(&pattern)?;
    text.push(b'\n');
    write_whole(&failure.pattern(), &text)?;
    failure.tell(Section::Failure, &render_markdown::failure(&pattern))?;
    failure.tell(Section::Causes, &render_markdown::causes(&pattern))?;
    stress::put_all(failure, &pattern)?;
    say(&summary(&pattern, findings))?;
    Ok(())
}

/// Returns the id of the cluster in which the wanted test failed; `None` leaves it to the most frequent one.
fn chosen<'a>(findings: &'a Findings, test: Option<&str>) -> Result<Option<&'a str>> {
    let Some(test) = test else { return Ok(None) };
    let named = |name: &str| name == test || name.ends_with(test) || test.ends_with(name);
    // What is to be read first says more than a heading of the same test.
    let rank = |cluster: &ClusterSummary| {
        let own = cluster.occurrences.iter().filter(|one| one.test.as_deref().is_some_and(named));
        own.map(|one| one.rank).min()
    };
    let ranked = findings.clusters.iter().filter_map(|cluster| Some((rank(cluster)?, cluster)));
    if let Some((_, cluster)) = ranked.min_by_key(|(rank, _)| *rank) {
        return Ok(Some(&cluster.id));
    }
    let all = findings.clusters.iter().flat_map(|cluster| &cluster.occurrences);
    let tests: BTreeSet<&str> = all.filter_map(|one| one.test.as_deref()).collect();
    let tests: Vec<&str> = tests.into_iter().take(LISTED).collect();
    bail!("no log says that {test:?} failed; these did: {}", tests.join(", "))
}

fn summary(pattern: &Pattern, findings: &Findings) -> String {
    let mut lines = vec![format!("failure  {}  {}", pattern.oracle.cluster, pattern.oracle.title)];
    lines.extend(pattern.test.as_ref().map(|test| format!("test     {}", test.id)));
    let others = findings.clusters.iter().filter(|cluster| cluster.id != pattern.oracle.cluster);
    for other in others.take(LISTED) {
        lines.push(format!("also     {}  {}", other.id, other.title));
    }
    if let Some(command) = &pattern.command {
        lines.push(format!("command  {}  ({}:{})", command.printed, command.at.source, command.at.line));
    }
    let causes: Vec<String> =
        pattern.causes.iter().take(3).map(|cause| format!("{} {:.2}", cause.cause, cause.score)).collect();
    if !causes.is_empty() {
        lines.push(format!("causes   {} (likeliest first)", causes.join(", ")));
    }
    lines.push(format!("odds     {}", pattern.budget.sentence));
    lines.join("\n")
}

/// Returns the command that was given, or that a person types where no log has one.
fn command(failure: &Failure, args: &Args) -> Result<Vec<String>> {
    if !args.conduct.command.is_empty() {
        return Ok(args.conduct.command.clone());
    }
    let pattern = pattern_of(failure)?;
    if Invocation::of(&pattern).is_some() {
        return Ok(Vec::new());
    }
    let typed = ask("no log shows the command that ran the test; type it:")?;
    let typed = typed.context("no log shows the command that ran the test: give it after `--`")?;
    shlex::split(&typed).with_context(|| format!("{typed:?} cannot be split into words; check its quotes"))
}
