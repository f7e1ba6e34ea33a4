//! `ndlog explain`: how ndlog came to what it says.

use std::path::PathBuf;
use std::process::ExitCode;

use super::catalog;
use super::masking::Masking;
use super::show::chosen;
use crate::clusters::Occurrence;
use crate::findings::Findings;
use crate::input::Request;
use crate::pipeline::explain::{self, Named, Pair};
use crate::pipeline::{self, Logs};
use crate::reports::{self, Compared};
use crate::settings::Settings;
use crate::signatures::{Catalog, Form};

/// Tells each step that a line took, each weight behind the causes of a failure, or why two failures were
/// put together or were not.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ndlog explain build.log:4012\n  ndlog explain monday.log:4012 tuesday.log:3977\n  ndlog explain 5b1c0e77a90412fd --logs logs/ --pass passing/\n  ndlog explain 5b1c0e77a90412fd 9f02d1c3aa55e810 --logs logs/\n\nExit codes: 0 explained, 2 nothing could be read or found there."
)]
pub struct Args {
    /// A line as FILE:LINE, or a failure by its number or id; one line or failure, or two failures to compare.
    #[arg(required = true, num_args = 1..=2, value_name = "FILE:LINE|N|ID")]
    what: Vec<String>,
    /// Logs in which numbers and ids are looked for; those of the last `ndlog cluster` here where none are named.
    #[arg(long, num_args = 1.., value_name = "PATH")]
    logs: Vec<PathBuf>,
    /// Logs of passing runs, which the causes of a failure are weighed against.
    #[arg(long, num_args = 1.., value_name = "PATH")]
    pass: Vec<PathBuf>,
    /// Known failures of one's own, in the form of `signatures/`.
    #[arg(long, value_name = "DIR")]
    signatures: Option<PathBuf>,
    #[command(flatten)]
    masking: Masking,
}

/// Runs the command.
pub fn run(mut args: Args) -> anyhow::Result<ExitCode> {
    let extended = catalog::extended(args.signatures.as_deref(), &Settings::here()?)?;
    let catalog = extended.as_ref().unwrap_or(Catalog::embedded());
    let named: Vec<Named> = args.what.iter().map(|what| named(what)).collect();
    if args.logs.is_empty() && named.iter().any(|one| matches!(one, Named::Id(_))) {
        let look = super::logs::Logs::default().or_of_the_last_look();
        (args.logs, args.pass) = (look.paths, look.pass);
    }
    let text = match named.as_slice() {
        [Named::Place(path, line)] => {
            let steps = explain::line(path, *line, catalog)?;
            reports::steps(steps.iter().map(|step| (step.name, step.said.as_str())))
        }
        [Named::Id(id)] => weigh(id, args.logs, args.pass, catalog)?,
        [first, second] => comparison_text(&explain::pair(
            &in_full([first, second], &args.logs, catalog)?,
            &args.logs,
            catalog,
        )?),
        _ => anyhow::bail!("give FILE:LINE, the id of a failure, or two failures to compare"),
    };
    reports::say(&args.masking.text(text)?)?;
    Ok(ExitCode::SUCCESS)
}

/// Returns every weight behind the causes of the failure with this id, and what its runs rest on.
fn weigh(id: &str, logs: Vec<PathBuf>, pass: Vec<PathBuf>, catalog: &Catalog) -> anyhow::Result<String> {
    anyhow::ensure!(!logs.is_empty(), "name the logs in which {id:?} is to be looked for with --logs");
    let findings = found(logs, pass, catalog)?;
    let cluster = chosen(&findings, id)?;
    let (weighed, joined) = (reports::weighed(cluster), reports::joined(&findings, cluster));
    Ok(weighed + &reports::behind(&findings, cluster) + &joined)
}

fn found(logs: Vec<PathBuf>, pass: Vec<PathBuf>, catalog: &Catalog) -> anyhow::Result<Findings> {
    let request = |paths| Request { paths, ..Request::default() };
    let (request, passing) = (request(logs), request(pass));
    let logs = Logs { request, passing, catalog, threads: None, jobs: None, memory: None };
    Ok(pipeline::cluster(&logs)?.findings)
}

/// Digits of a whole id.
const WHOLE: usize = 16;

/// Returns two failures with their whole ids, where a number or the first digits of an id name them.
fn in_full(pair: [&Named; 2], logs: &[PathBuf], catalog: &Catalog) -> anyhow::Result<[Named; 2]> {
    let is_short = |named: &Named| matches!(named, Named::Id(what) if what.len() < WHOLE);
    let [first, second] = pair;
    if logs.is_empty() || !pair.into_iter().any(is_short) {
        return Ok([first.clone(), second.clone()]);
    }
    let findings = found(logs.to_vec(), Vec::new(), catalog)?;
    let whole = |named: &Named| match named {
        Named::Id(what) if is_short(named) => Ok(Named::Id(chosen(&findings, what)?.id.clone())),
        other => anyhow::Ok(other.clone()),
    };
    Ok([whole(first)?, whole(second)?])
}

fn named(what: &str) -> Named {
    match what.rsplit_once(':').map(|(path, line)| (path, line.parse())) {
        Some((path, Ok(line))) => Named::Place(PathBuf::from(path), line),
        _ => Named::Id(what.to_owned()),
    }
}

fn comparison_text(pair: &Pair) -> String {
    let side = |found: &Occurrence| {
        format!(
            "{} {}:{} {}",
            found.signature.id, found.source, found.event.first_line, found.signature.title
        )
    };
    reports::compared(&Compared {
        sides: [
            (side(&pair.first), &pair.first.signature.parts),
            (side(&pair.second), &pair.second.signature.parts),
        ],
        measure: match pair.first.signature.near.form {
            Form::Words => "text",
            Form::Stack => "stack",
            Form::Set => "set",
        },
        distance: pair.comparison.distance,
        threshold: pair.comparison.threshold,
        together: pair.together,
        same: pair.first.signature.id == pair.second.signature.id,
        near: pair.comparison.is_near(),
        differ: &pair.comparison.differ,
    })
}
