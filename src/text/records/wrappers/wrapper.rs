//! The wrappers by name, and the way from a first byte to those worth trying.

use super::{
    Peeled, azure, buildkite, circleci, colcon, compose, github, github_view, gitlab, jenkins, kubernetes,
    nix, taskcluster, teamcity, tekton, travis,
};

/// A system that puts something round the lines of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Wrapper {
    GitHub,
    /// `gh run view --log`: job, step and line, with tabs between.
    GitHubView,
    GitLab,
    Jenkins,
    Travis,
    Buildkite,
    Azure,
    CircleCi,
    TeamCity,
    Compose,
    Kubernetes,
    Taskcluster,
    Colcon,
    Tekton,
    Nix,
}

impl Wrapper {
    /// Every wrapper, in the order of their declaration.
    pub const ALL: [Self; 15] = [
        Self::GitHub,
        Self::GitHubView,
        Self::GitLab,
        Self::Jenkins,
        Self::Travis,
        Self::Buildkite,
        Self::Azure,
        Self::CircleCi,
        Self::TeamCity,
        Self::Compose,
        Self::Kubernetes,
        Self::Taskcluster,
        Self::Colcon,
        Self::Tekton,
        Self::Nix,
    ];

    /// Returns the system's own name.
    pub fn name(self) -> &'static str {
        match self {
            Self::GitHub => "GitHub Actions",
            Self::GitHubView => "gh run view --log",
            Self::GitLab => "GitLab CI",
            Self::Jenkins => "Jenkins",
            Self::Travis => "Travis CI",
            Self::Buildkite => "Buildkite",
            Self::Azure => "Azure Pipelines",
            Self::CircleCi => "CircleCI",
            Self::TeamCity => "TeamCity",
            Self::Compose => "Docker Compose",
            Self::Kubernetes => "Kubernetes",
            Self::Taskcluster => "Taskcluster",
            Self::Colcon => "colcon",
            Self::Tekton => "Tekton",
            Self::Nix => "Nix",
        }
    }

    /// Takes this wrapper's outermost layer off, if there is one.
    pub fn peel(self, text: &[u8]) -> Option<Peeled<'_>> {
        match self {
            Self::GitHub => github::peel(text),
            Self::GitHubView => github_view::peel(text),
            Self::GitLab => gitlab::peel(text),
            Self::Jenkins => jenkins::peel(text),
            Self::Travis => travis::peel(text),
            Self::Buildkite => buildkite::peel(text),
            Self::Azure => azure::peel(text),
            Self::CircleCi => circleci::peel(text),
            Self::TeamCity => teamcity::peel(text),
            Self::Compose => compose::peel(text),
            Self::Kubernetes => kubernetes::peel(text),
            Self::Taskcluster => taskcluster::peel(text),
            Self::Colcon => colcon::peel(text),
            Self::Tekton => tekton::peel(text),
            Self::Nix => nix::peel(text),
        }
    }

    /// The wrappers whose layers may begin with `first`, the likeliest first.
    fn candidates(first: u8) -> &'static [Self] {
        match first {
            b'0'..=b'9' => &[Self::GitHub, Self::GitLab, Self::Kubernetes, Self::GitHubView],
            b'#' => &[Self::GitHub, Self::Azure, Self::TeamCity],
            b'[' => &[
                Self::GitHub,
                Self::Taskcluster,
                Self::Jenkins,
                Self::Kubernetes,
                Self::Colcon,
                Self::Tekton,
            ],
            b':' | 0xef => &[Self::GitHub],
            0x1b => &[Self::GitHub, Self::Travis, Self::GitLab, Self::Buildkite, Self::Jenkins],
            b'\r' => &[Self::Travis, Self::GitLab],
            b't' => &[Self::Travis, Self::Compose, Self::GitHubView],
            b's' => &[Self::GitLab, Self::Compose, Self::GitHubView],
            b'-' | b'+' | b'~' => &[Self::Buildkite],
            b'=' => &[Self::CircleCi],
            b' ' => &[Self::Nix],
            byte if byte.is_ascii_lowercase() => &[Self::Compose, Self::GitHubView],
            byte if byte.is_ascii_uppercase() => &[Self::GitHubView],
            _ => &[],
        }
    }
}

/// Takes the outermost layer off, whichever system put it there.
pub fn peel(text: &[u8]) -> Option<(Wrapper, Peeled<'_>)> {
    Wrapper::candidates(*text.first()?)
        .iter()
        .find_map(|wrapper| wrapper.peel(text).map(|peeled| (*wrapper, peeled)))
}
