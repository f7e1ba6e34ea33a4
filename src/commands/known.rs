//! `ndlog known`: failures that somebody works on, kept in `.ndlog.toml`.

use std::env;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};

use super::logs::Logs;
use super::show::chosen;
use super::today;
use crate::folder::write_whole;
use crate::input;
use crate::reports::say;
use crate::settings::{Change, FILE, KnownIssue, Settings, add_known, remove_known};
use crate::store::is_over;

/// Keeps a list of failures that somebody works on; they are marked wherever they are met.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ndlog known add 5b1c0e77 --issue https://tracker.example/7 --until 2026-12-31 --owner @net\n  ndlog known add 2 --issue https://tracker.example/8\n  ndlog known list\n  ndlog known remove 5b1c0e77\n\nThe list stands in .ndlog.toml, whose comments and order stay. Exit codes: 0 done, 2 no such entry or a wrong one."
)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Adds a failure, or changes what is said of it.
    Add(Add),
    /// Lists them, and says which are expired.
    List,
    /// Removes a failure.
    Remove {
        /// Its id, or the first digits.
        id: String,
    },
}

#[derive(Debug, clap::Args)]
struct Add {
    /// The failure's id as `ndlog cluster` shows it, or its first digits, four at the least; or its number on the first
    /// screen that was last shown here.
    #[arg(value_name = "ID|N")]
    id: String,
    /// The address or the number of the issue.
    #[arg(long, value_name = "URL")]
    issue: String,
    /// The last day on which it counts as known.
    #[arg(long, value_name = "DATE", value_parser = day)]
    until: Option<String>,
    /// Who works on it.
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    /// Words for whoever meets it.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

fn day(text: &str) -> Result<String, String> {
    let day: Result<jiff::civil::Date, _> = text.parse();
    day.map(|day| day.to_string()).map_err(|_| "expected a day, such as 2026-12-31".to_owned())
}

/// Runs the command.
pub fn run(args: Args) -> Result<ExitCode> {
    let settings = Settings::here()?;
    match args.action {
        Action::Add(add) => self::add(&settings, add)?,
        Action::List => say(&list(&settings))?,
        Action::Remove { id } => remove(&settings, &id)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn add(settings: &Settings, add: Add) -> Result<()> {
    let id = id_of(&add.id)?;
    let entry =
        KnownIssue { id: id.clone(), issue: add.issue, until: add.until, owner: add.owner, note: add.note };
    let (path, text) = file(settings)?;
    let (text, change) = add_known(&text, &entry).with_context(|| path.display().to_string())?;
    write_whole(&path, text.as_bytes())?;
    let done = match change {
        Change::Added => "added",
        Change::Changed => "changed",
    };
    say(&format!("{done} {id} in {}", path.display()))?;
    Ok(())
}

/// Digits of a number at the most.
const NUMBER: usize = 3;

/// Returns the id that is meant; a number is that of a failure in the logs of the last look.
fn id_of(what: &str) -> Result<String> {
    if what.len() > NUMBER || !what.bytes().all(|letter| letter.is_ascii_digit()) {
        return Ok(what.to_lowercase());
    }
    let found = Logs::default().or_of_the_last_look().read(|_, _| ())?;
    Ok(chosen(&found.findings, what)?.id.clone())
}

fn remove(settings: &Settings, id: &str) -> Result<()> {
    let id = id.to_lowercase();
    let fits: Vec<&str> =
        settings.known.iter().map(|known| known.id.as_str()).filter(|known| known.starts_with(&id)).collect();
    ensure!(!fits.is_empty(), "no known failure {id}; `ndlog known list` shows all");
    ensure!(fits.len() == 1, "{id} fits several: {}; write more digits", fits.join(", "));
    let (path, text) = file(settings)?;
    let (text, _) = remove_known(&text, fits.first().copied().unwrap_or(&id))?;
    write_whole(&path, text.as_bytes())?;
    say(&format!("removed {} from {}", fits.join(", "), path.display()))?;
    Ok(())
}

/// Returns the nearest file with its text, or the one to be made in the working folder.
fn file(settings: &Settings) -> Result<(PathBuf, String)> {
    match &settings.file {
        Some(path) => {
            let bytes = input::whole(path)?;
            Ok((path.clone(), String::from_utf8(bytes).with_context(|| path.display().to_string())?))
        }
        None => Ok((env::current_dir().context("the working folder is gone")?.join(FILE), String::new())),
    }
}

fn list(settings: &Settings) -> String {
    if settings.known.is_empty() {
        return "no known failures; `ndlog known add ID --issue URL` adds one".to_owned();
    }
    let line = |known: &KnownIssue| {
        let until = known.until.as_ref().map(|until| match is_over(known, today()) {
            true => format!("EXPIRED {until}"),
            false => format!("until {until}"),
        });
        let more: Vec<String> =
            until.into_iter().chain(known.owner.clone()).chain(known.note.clone()).collect();
        format!("{:<16}  {}  {}", known.id, known.issue, more.join("  ")).trim_end().to_owned()
    };
    settings.known.iter().map(line).collect::<Vec<_>>().join("\n")
}
