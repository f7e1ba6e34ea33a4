//! A folder to work in, and the binary run inside it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::program::{ndlog, said};

/// A temporary folder in which ndlog runs.
pub struct Desk {
    folder: tempfile::TempDir,
}

/// What a run of ndlog said.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Desk {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub fn put(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, content).expect("a file");
    }

    pub fn text(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Returns the files below `path`, relative to it, sorted.
    pub fn files(&self, path: &str) -> Vec<String> {
        let top = self.path(path);
        let mut files = Vec::new();
        let mut folders = vec![top.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("a folder").flatten() {
                match entry.path() {
                    path if path.is_dir() => folders.push(path),
                    path => files.push(relative(&top, &path)),
                }
            }
        }
        files.sort();
        files
    }

    /// Runs ndlog without the tokens and servers of whoever runs the tests.
    pub fn run(&self, arguments: &[&str]) -> Said {
        self.run_with(arguments, &[])
    }

    pub fn run_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Said {
        let mut command = ndlog(&self.folder);
        for variable in
            "GITHUB_TOKEN GH_TOKEN GITHUB_API_URL GITLAB_TOKEN BUILDKITE_API_TOKEN JENKINS_USER_ID http_proxy \
             HTTP_PROXY ALL_PROXY"
                .split_whitespace()
        {
            command.env_remove(variable);
        }
        let (code, out, err) = said(command.args(arguments).envs(variables.iter().copied()));
        Said { code: code.unwrap_or(-1), out, err }
    }
}

fn relative(top: &Path, path: &Path) -> String {
    path.strip_prefix(top).expect("inside").to_string_lossy().into_owned()
}
