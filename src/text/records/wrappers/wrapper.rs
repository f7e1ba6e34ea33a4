//! The wrappers by name, and the way from a first byte to those worth trying.

use super::{
    Peeled, azure, buildkite, circleci, colcon, compose, github, github_view, gitlab, jenkins, kubernetes,
    nix, taskcluster, teamcity, tekton, travis,
};

words! {
    /// A system that puts something round the lines of others, by its own name.
    Wrapper {
        GitHub = "GitHub Actions",
        /// Job, step and line, with tabs between.
        GitHubView = "gh run view --log",
        GitLab = "GitLab CI",
        Jenkins = "Jenkins",
        Travis = "Travis CI",
        Buildkite = "Buildkite",
        Azure = "Azure Pipelines",
        CircleCi = "CircleCI",
        TeamCity = "TeamCity",
        Compose = "Docker Compose",
        Kubernetes = "Kubernetes",
        Taskcluster = "Taskcluster",
        Colcon = "colcon",
        Tekton = "Tekton",
        Nix = "Nix",
    }
}

impl Wrapper {
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
