//! `ndlog schema`: the JSON Schema of each document, made from the types that write it.

use std::process::ExitCode;

use anyhow::{Context, Result};
use schemars::{JsonSchema, Schema};

use crate::experiment::Pattern;
use crate::findings::{Diff, Findings};
use crate::folder::{Manifest, Progress};
use crate::reports::{print, say};
use crate::trials::Outcome;

/// A document's name, what it is, and its schema.
type Document = (&'static str, &'static str, fn() -> Schema);

/// Every document that ndlog writes for programs.
const DOCUMENTS: [Document; 6] = [
    ("clusters", "what `ndlog cluster --format json` prints", of::<Findings>),
    ("diff", "what `ndlog diff --format json` prints", of::<Diff>),
    ("pattern", "NAME/pattern.json, what `ndlog pattern` writes", of::<Pattern>),
    ("collected", "NAME/collected.json, what `ndlog collect` writes", of::<Manifest>),
    ("outcome", "NAME/trials/outcome.json, what `ndlog verify --json` prints", of::<Outcome>),
    ("status", "what `ndlog status --json` prints", of::<Progress>),
];

/// Prints the JSON Schema of a document.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  ndlog schema\n  ndlog schema pattern > pattern.schema.json")]
pub struct Args {
    /// The document; without it all are listed.
    document: Option<String>,
}

/// Runs the command. Exit codes: 0 printed, 2 no such document.
pub fn run(args: Args) -> Result<ExitCode> {
    let Some(wanted) = args.document else {
        let list = DOCUMENTS.map(|(name, what, _)| format!("{name:<10} {what}"));
        say(&list.join("\n"))?;
        return Ok(ExitCode::SUCCESS);
    };
    let found = DOCUMENTS.iter().find(|(name, ..)| *name == wanted);
    let (_, _, schema) = found.with_context(|| {
        let names = DOCUMENTS.map(|(name, ..)| name).join(", ");
        format!("no document is called {wanted:?}; expected one of: {names}")
    })?;
    print(&(serde_json::to_string_pretty(&schema())? + "\n"))?;
    Ok(ExitCode::SUCCESS)
}

fn of<T: JsonSchema>() -> Schema {
    schemars::schema_for!(T)
}
