//! Folders of what a project uses and does not write: the rows of `foreign.toml`.

use std::sync::LazyLock;

use crate::rules::{Embedded, table};
use serde::Deserialize;

const DATA: Embedded = table!("foreign");

#[derive(Deserialize)]
struct Data {
    folders: Vec<String>,
}

static FOREIGN: LazyLock<Vec<String>> = LazyLock::new(|| {
    let data: Data = DATA.read();
    data.folders
});

/// Returns true if and only if `path`, whose parts stand apart by `/`, leads into such a folder.
pub fn is_foreign(path: &str) -> bool {
    FOREIGN.iter().any(|folder| path.contains(folder.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_project_uses_is_told_from_what_it_writes() {
        #[derive(Deserialize)]
        struct Lines {
            examples: Vec<String>,
            never: Vec<String>,
        }
        let lines: Lines = DATA.read();
        assert_eq!(lines.examples.iter().find(|path| !is_foreign(path)), None);
        assert_eq!(lines.never.iter().find(|path| is_foreign(path)), None);
    }
}
