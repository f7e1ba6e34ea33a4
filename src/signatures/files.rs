//! Where entries come from: the copy in the binary, or a folder.

use std::fs;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

use crate::signatures::entry::Entry;
use crate::signatures::problem::CatalogError;

static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/signatures");

/// Returns the entries that are part of this program.
pub fn embedded() -> Result<Vec<Entry>, CatalogError> {
    embedded_with(|text| text)
}

/// Returns the entries that are part of this program without their example lines, which are half of the
/// text and which a search does not need.
pub fn embedded_without_examples() -> Result<Vec<Entry>, CatalogError> {
    embedded_with(|text| text.split("\n[[matches]]").next().unwrap_or(text))
}

fn embedded_with(part: fn(&str) -> &str) -> Result<Vec<Entry>, CatalogError> {
    let families = EMBEDDED.dirs().flat_map(Dir::files);
    families
        .filter_map(|file| Some((identifier(file.path())?, file.path(), file.contents_utf8()?)))
        .map(|(id, path, text)| Entry::parse(&format!("signatures/{}", path.display()), &id, part(text)))
        .collect()
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
