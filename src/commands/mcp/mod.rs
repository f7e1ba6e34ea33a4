//! `ndlog mcp`: the same answers for a language model, over the Model Context Protocol on stdio.

mod answers;
mod server;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use rmcp::ServiceExt;

/// Serves clusters, causes, patterns and results over the Model Context Protocol on standard input
/// and output. It reads only, and only below the root, unless it is allowed to run tests.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ndlog mcp --root failures/\n  {\"mcpServers\": {\"ndlog\": {\"command\": \"ndlog\", \"args\": [\"mcp\", \"--root\", \"failures\"]}}}"
)]
pub struct Args {
    /// The folder that holds the failures' folders; nothing outside it is read.
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    root: PathBuf,
    /// Also offer a tool that runs a failure's test.
    #[arg(long)]
    allow_run: bool,
}

/// Runs the command until the other side closes. Exit codes: 0 closed, 2 could not be served.
pub fn run(args: Args) -> Result<ExitCode> {
    let root =
        std::fs::canonicalize(&args.root).with_context(|| format!("cannot read {}", args.root.display()))?;
    let server = server::Server::new(root, args.allow_run);
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot start")?;
    runtime.block_on(async {
        let service =
            server.serve(rmcp::transport::stdio()).await.context("the other side did not say hello")?;
        service.waiting().await.context("the connection broke")
    })?;
    Ok(ExitCode::SUCCESS)
}
