//! Where entries come from: the copy in the binary, or a folder.

use std::fs;
use std::path::{Path, PathBuf};

use crate::rules::table;
use crate::signatures::document::Document;
use crate::signatures::entry::Entry;
use crate::signatures::problem::CatalogError;

/// Returns the entries that are part of this program.
pub fn embedded() -> Result<Vec<Entry>, CatalogError> {
    let entries: Vec<(String, Document)> = table!("signatures").read();
    let entry =
        |(id, document): (String, Document)| Entry::of(&format!("signatures/{id}.toml"), &id, document);
    entries.into_iter().map(entry).collect()
}

/// Returns the entries of every `<family>/<name>.toml` below `folder`, in the order of their ids.
pub fn load(folder: &Path) -> Result<Vec<Entry>, CatalogError> {
    let mut entries = Vec::new();
    for family in sorted(folder)?.into_iter().filter(|path| path.is_dir()) {
        for file in sorted(&family)? {
            let Some(id) = file.strip_prefix(folder).ok().and_then(identifier) else { continue };
            let text = fs::read_to_string(&file)
                .map_err(|source| CatalogError::Read { path: file.clone(), source })?;
            let name = file.display().to_string();
            let entry = Entry::parse(&name, &id, &text)?;
            entry.verify(&name)?;
            entries.push(entry);
        }
    }
    if entries.is_empty() { Err(CatalogError::Empty { path: folder.to_owned() }) } else { Ok(entries) }
}

/// Returns `family/name` for `family/name.toml`.
fn identifier(path: &Path) -> Option<String> {
    let toml = path.extension()? == "toml";
    let stem = path.with_extension("");
    toml.then(|| stem.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/"))
}

/// Returns what is in `folder`, by name.
fn sorted(folder: &Path) -> Result<Vec<PathBuf>, CatalogError> {
    let read = |source| CatalogError::Read { path: folder.to_owned(), source };
    let mut paths = Vec::new();
    for item in fs::read_dir(folder).map_err(read)? {
        paths.push(item.map_err(read)?.path());
    }
    paths.sort();
    Ok(paths)
}
