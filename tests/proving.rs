//! The proving wing as a person uses it: the binary, a folder, and servers of our own.

#[cfg(feature = "github")]
#[path = "proving/action.rs"]
mod action;
#[cfg(feature = "github")]
#[path = "proving/ci_servers.rs"]
mod ci_servers;
#[path = "proving/folder.rs"]
mod folder;
#[path = "proving/frameworks.rs"]
mod frameworks;
#[cfg(feature = "github")]
#[path = "proving/github.rs"]
mod github;
#[path = "proving/kinds.rs"]
mod kinds;
#[cfg(feature = "mcp")]
#[path = "proving/mcp.rs"]
mod mcp;
#[path = "proving/mistakes.rs"]
mod mistakes;
#[cfg(feature = "github")]
#[path = "proving/server.rs"]
mod server;
mod skip;
#[path = "proving/story.rs"]
mod story;
#[path = "proving/util.rs"]
mod util;
#[path = "proving/verify.rs"]
mod verify;
