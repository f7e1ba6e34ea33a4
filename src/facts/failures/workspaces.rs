//! Folders in which CI systems keep the repository: the rows of `workspaces.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::rules::{Embedded, table};

const DATA: Embedded = table!("workspaces");

#[derive(Deserialize)]
struct File<Row> {
    row: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    roots: Vec<String>,
    /// Folders below a root that name the repository.
    folders: usize,
    /// True if they bear one name.
    #[serde(default)]
    alike: bool,
}

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| DATA.read::<File<Row>>().row);

/// Returns a path, whose parts stand apart by `/`, without the folder in which a CI system keeps the repository.
pub fn in_repository(path: &str) -> &str {
    let path = path.strip_prefix("./").unwrap_or(path);
    ROWS.iter().find_map(|row| row.below(path)).unwrap_or(path)
}

impl Row {
    fn below<'p>(&self, path: &'p str) -> Option<&'p str> {
        let mut rest =
            self.roots.iter().find_map(|root| path.strip_prefix(root.as_str())?.strip_prefix('/'))?;
        let mut before = None;
        for _ in 0..self.folders {
            let (folder, below) = rest.split_once('/')?;
            let fits = !self.alike || before.is_none_or(|before| before == folder);
            fits.then_some(())?;
            (before, rest) = (Some(folder), below);
        }
        Some(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_into_the_repository_or_stays() {
        #[derive(Deserialize)]
        struct Lines {
            roots: Vec<String>,
            inside: Vec<String>,
            outside: Vec<String>,
        }
        for Lines { roots, inside, outside } in DATA.read::<File<Lines>>().row {
            for root in roots {
                let paths =
                    |below: &[String]| below.iter().map(|path| format!("{root}/{path}")).collect::<Vec<_>>();
                assert_eq!(paths(&inside).iter().find(|path| in_repository(path) != "src/ring.c"), None);
                assert_eq!(paths(&outside).iter().find(|path| in_repository(path) != path.as_str()), None);
            }
        }
        assert_eq!(in_repository("./src/ring.c"), "src/ring.c");
    }
}
