//! Wrappers: what CI systems and container tools put round a line of somebody else's.
//!
//! Knows one system a file. Must not know what the wrapped program writes.

mod azure;
mod buildkite;
mod circleci;
mod colcon;
mod compose;
mod github;
mod github_view;
mod gitlab;
mod jenkins;
mod kubernetes;
mod nix;
mod peeled;
mod taskcluster;
mod teamcity;
mod tekton;
mod travis;
mod wrapper;

/// Strings of which each line holds one that a CI system marks as the beginning of a step.
pub const BEGINS: [&str; 11] = [
    "##[section]",
    "##[group]",
    "::group::",
    "--- ",
    "+++ ",
    "~~~ ",
    "[Pipeline] {",
    "travis_fold:start:",
    "section_start:",
    "====>> ",
    "##teamcity[",
];

pub use colcon::unescape;
pub use peeled::Peeled;
pub use wrapper::{Wrapper, peel};
