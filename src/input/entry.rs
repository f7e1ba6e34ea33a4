//! Something that can be opened: where it lies and how it is called.

use std::path::{Path, PathBuf};

/// Something to open: cheap to keep, nothing of it is read yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    name: String,
    origin: Origin,
    named: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Stdin,
    File(PathBuf),
    /// The address of an object in a store.
    Remote(String),
}

impl Input {
    /// Returns standard input, called `-`.
    pub fn stdin() -> Self {
        Self { name: "-".to_owned(), origin: Origin::Stdin, named: true }
    }

    /// Returns the file at `path`, which the user named.
    pub fn file(path: &Path) -> Self {
        Self { name: path.display().to_string(), origin: Origin::File(path.to_owned()), named: true }
    }

    /// Returns the file at `path`, which lay in a folder that the user named.
    pub(super) fn walked(path: &Path) -> Self {
        Self { named: false, ..Self::file(path) }
    }

    /// Returns the object at `address`; `named` if the user named it, and not a folder above it.
    pub(super) fn remote(address: String, named: bool) -> Self {
        Self { name: address.clone(), origin: Origin::Remote(address), named }
    }

    /// Returns the name to show; bytes of a path that are not UTF-8 are replaced.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns true if and only if the user named this very file, not a folder above it.
    pub fn is_named(&self) -> bool {
        self.named
    }

    pub(super) fn origin(&self) -> &Origin {
        &self.origin
    }
}
