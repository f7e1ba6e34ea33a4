//! `ndlog config`: what is set, and where.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::Result;
use serde_json::{Value, json};

use super::today;
use crate::reports::{print, say};
use crate::settings::{KEYS, Key, Settings};
use crate::store::is_over;

/// Prints every setting with its value and where it was set.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ndlog config\n  ndlog config --json\n\nThe nearest .ndlog.toml counts, in this folder or above it. Options of a command come before it.\nExit codes: 0 printed, 2 the file says something unknown."
)]
pub struct Args {
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(args: Args) -> Result<ExitCode> {
    let settings = Settings::here()?;
    if args.json {
        let values = KEYS.iter().map(|key| (name(key), value(key, &settings)));
        let file = settings.file.as_ref().map(|file| file.display().to_string());
        let document = json!({"file": file, "values": values.collect::<serde_json::Map<_, _>>(), "lines": settings.lines});
        print(&(serde_json::to_string_pretty(&document)? + "\n"))?;
    } else {
        say(&table(&settings))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn name(key: &Key) -> String {
    [key.table, key.name].join(".").trim_start_matches('.').to_owned()
}

/// Returns what a key holds; of lists of tables, the value in each.
fn value(key: &Key, settings: &Settings) -> Value {
    let (owners, known) = (&settings.owners, &settings.known);
    match (key.table, key.name) {
        ("", "signatures") => json!(settings.signatures),
        ("", "store") => json!(settings.store),
        ("jobs", _) => json!(settings.jobs.pattern),
        ("masks", "emails") => json!(settings.masks.emails),
        ("masks", _) => json!(settings.masks.patterns),
        ("owners", "owner") => owners.iter().map(|rule| json!(rule.owner)).collect(),
        ("owners", "tests") => owners.iter().map(|rule| json!(rule.tests)).collect(),
        ("owners", _) => owners.iter().map(|rule| json!(rule.jobs)).collect(),
        (_, "id") => known.iter().map(|known| json!(known.id)).collect(),
        (_, "issue") => known.iter().map(|known| json!(known.issue)).collect(),
        (_, "until") => known.iter().map(|known| json!(known.until)).collect(),
        (_, "owner") => known.iter().map(|known| json!(known.owner)).collect(),
        _ => known.iter().map(|known| json!(known.note)).collect(),
    }
}

fn table(settings: &Settings) -> String {
    let mut text = match &settings.file {
        Some(file) => format!("file  {}\n", file.display()),
        None => "file  none; `ndlog init` writes one\n".to_owned(),
    };
    let masks = &settings.masks;
    let path = |path: &Option<std::path::PathBuf>| path.as_ref().map(|path| path.display().to_string());
    let over = settings.known.iter().filter(|known| is_over(known, today())).count();
    let known = (!settings.known.is_empty()).then(|| format!("{}, {over} expired", settings.known.len()));
    let owners = (!settings.owners.is_empty()).then(|| format!("{} rules", settings.owners.len()));
    let patterns = (!masks.patterns.is_empty()).then(|| masks.patterns.join("  "));
    for (name, line, value) in [
        ("signatures", "signatures", path(&settings.signatures)),
        ("store", "store", path(&settings.store)),
        ("jobs.pattern", "jobs.pattern", settings.jobs.pattern.clone()),
        ("masks.emails", "masks.emails", masks.emails.then(|| "true".to_owned())),
        ("masks.patterns", "masks.patterns", patterns),
        ("owners", "owners.owner", owners),
        ("known", "known.id", known),
    ] {
        let from = settings.lines.get(line).map_or_else(String::new, |line| format!("  (line {line})"));
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {name:<15} {}{from}", value.as_deref().unwrap_or("not set"));
    }
    text
}
