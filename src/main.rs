//! The door: run what was typed, tell an error on one line with its chain, choose the exit code.

use std::io::ErrorKind;
use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let line = ndlog::inner::CommandLine::parse();
    match line.run() {
        Ok(code) => code,
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            ndlog::inner::warn(&format!("ndlog: {error:#}"));
            ExitCode::from(2)
        }
    }
}

/// Returns true if and only if the reader of our output went away, as `head` does.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|cause| cause.kind() == ErrorKind::BrokenPipe)
}
