//! GitLab, Buildkite and Jenkins: runs of a pipeline, brought in as failing and passing logs.
//!
//! Knows the addresses that a browser shows and the answers of each server's API, a file for each. Must not know what is
//! in a log. GitHub, whose attempts and archives need more, has a folder of its own.

mod address;
mod bring;
mod buildkite;
mod gitlab;
mod jenkins;

pub use address::{Asked, read};
pub use bring::fetch;
