//! Commands: what a person types, one file each. They ask the pipeline and print through reports.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::error::Problem;
use crate::experiment::Pattern;
use crate::folder::Failure;
use crate::reports::warn;

mod catalog;
mod clues;
mod cluster;
mod collect;
mod completions;
mod config;
mod diff;
mod explain;
mod features;
mod init;
mod known;
mod logs;
mod man;
mod masking;
mod matches;
#[cfg(feature = "mcp")]
mod mcp;
mod merge;
mod new;
#[cfg(not(all(feature = "tables", feature = "mcp")))]
mod not_built;
mod pack;
mod pattern;
mod prompt;
mod proved;
#[cfg(feature = "tables")]
mod query;
mod remember;
mod report;
mod reproduce;
mod scan;
mod schema;
mod show;
mod signatures;
mod sorting;
mod status;
mod stress;
mod templates;
mod verify;
mod why;

/// Finds what failed in CI logs, groups the same failure across runs, says why probably, and helps
/// to make it happen again.
#[derive(Debug, Parser)]
#[command(name = "ndlog", version, help_template = include_str!("help.txt"))]
pub struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Cluster(cluster::Args),
    Explain(explain::Args),
    Diff(diff::Args),
    #[command(hide = true)]
    Clues(clues::Args),
    #[command(hide = true)]
    Features(features::Args),
    New(new::Args),
    #[cfg(feature = "tables")]
    Query(query::Args),
    /// Answers SQL over failures, runs and logs; not in this build
    #[cfg(not(feature = "tables"))]
    Query(not_built::Args),
    Report(report::Args),
    Init(init::Args),
    Config(config::Args),
    Known(known::Args),
    Scan(scan::Args),
    Merge(merge::Args),
    Show(show::Args),
    Why(why::Args),
    Collect(collect::Args),
    Reproduce(reproduce::Args),
    Status(status::Args),
    #[cfg(feature = "mcp")]
    Mcp(mcp::Args),
    /// Gives the same answers to a language model; not in this build
    #[cfg(not(feature = "mcp"))]
    Mcp(not_built::Args),
    Pack(pack::Args),
    Pattern(pattern::Args),
    Prompt(prompt::Args),
    Schema(schema::Args),
    Stress(stress::Args),
    Matches(matches::Args),
    Verify(verify::Args),
    Signatures(signatures::Args),
    Templates(templates::Args),
    Completions(completions::Args),
    Man(man::Args),
}

impl CommandLine {
    /// Does what was typed. Returns the exit code, or why nothing could be done.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        match self.command {
            Command::Cluster(args) => cluster::run(args),
            Command::Explain(args) => explain::run(args),
            Command::Diff(args) => diff::run(args),
            Command::Clues(args) => clues::run(args),
            Command::Features(args) => features::run(args),
            Command::New(args) => new::run(args),
            #[cfg(feature = "tables")]
            Command::Query(args) => query::run(args),
            #[cfg(not(feature = "tables"))]
            Command::Query(args) => not_built::run("query", "tables", args),
            Command::Report(args) => report::run(args),
            Command::Init(args) => init::run(args),
            Command::Config(args) => config::run(args),
            Command::Known(args) => known::run(args),
            Command::Scan(args) => scan::run(args),
            Command::Merge(args) => merge::run(args),
            Command::Show(args) => show::run(args),
            Command::Why(args) => why::run(args),
            Command::Collect(args) => collect::run(args),
            Command::Reproduce(args) => reproduce::run(args),
            Command::Status(args) => status::run(args),
            #[cfg(feature = "mcp")]
            Command::Mcp(args) => mcp::run(args),
            #[cfg(not(feature = "mcp"))]
            Command::Mcp(args) => not_built::run("mcp", "mcp", args),
            Command::Pack(args) => pack::run(args),
            Command::Pattern(args) => pattern::run(args),
            Command::Prompt(args) => prompt::run(args),
            Command::Schema(args) => schema::run(args),
            Command::Stress(args) => stress::run(args),
            Command::Matches(args) => matches::run(args),
            Command::Verify(args) => verify::run(args),
            Command::Signatures(args) => signatures::run(args),
            Command::Templates(args) => templates::run(args),
            Command::Completions(args) => completions::run(args),
            Command::Man(args) => man::run(args),
        }
    }
}

/// Names on standard error what could not be read, and returns the exit code of a command that is done.
fn warn_of(problems: &[Problem]) -> ExitCode {
    for problem in problems {
        warn(&format!("ndlog: {problem}"));
    }
    ended(problems.iter().all(|problem| !problem.incomplete))
}

/// Returns 0 if all was read `whole`, else 3.
fn ended(whole: bool) -> ExitCode {
    if whole { ExitCode::SUCCESS } else { ExitCode::from(3) }
}

/// Returns the experiment that lies in the folder of a failure.
///
/// # Errors
/// If there is none, or it cannot be read.
fn pattern_of(failure: &Failure) -> anyhow::Result<Pattern> {
    failure.read(&failure.pattern(), "ndlog pattern")
}

/// Returns the day, by which entries that hold until a day expire.
fn today() -> jiff::civil::Date {
    jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_help_names_every_command_once_and_fits_a_terminal() {
        let mut all = CommandLine::command().term_width(80);
        let help = all.render_help().to_string();
        let named = |name: &str| help.lines().filter(|line| line.starts_with(&format!("  {name} "))).count();
        for command in all.get_subcommands().filter(|command| !command.is_hide_set()) {
            assert_eq!(named(command.get_name()), 1, "{} in {help}", command.get_name());
        }
        assert!(help.lines().all(|line| line.chars().count() <= 80), "{help}");
    }
}
