//! The proving wing as a person uses it: the binary, a folder, and servers of our own.

#[cfg(feature = "github")]
mod action;
#[cfg(feature = "github")]
mod ci_servers;
mod folder;
mod frameworks;
#[cfg(feature = "github")]
mod github;
mod kinds;
#[cfg(feature = "mcp")]
mod mcp;
mod mistakes;
#[cfg(feature = "github")]
mod server;
mod story;
mod verify;
