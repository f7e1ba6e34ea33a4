//! The file that `ndlog init` writes.

/// Every key with what it does, none of them set.
pub const TEMPLATE: &str = include_str!("template.toml");

/// Returns that file with the folder that remembers what was seen set.
pub fn with_store() -> String {
    TEMPLATE.replace("#: store = ", "store = ")
}

#[cfg(test)]
mod tests {
    use super::super::keys::KEYS;
    use super::super::reader::read;
    use super::*;

    /// Takes the mark of a comment from the lines that show a key or a table.
    fn uncommented() -> String {
        let line = |line: &str| match line.strip_prefix("#: ") {
            Some(set) => set.to_owned(),
            None => line.to_owned(),
        };
        TEMPLATE.lines().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn it_sets_nothing_and_shows_every_key_as_it_is_written() {
        assert!(read("x", TEMPLATE).unwrap().lines.is_empty());
        assert!(read("x", &with_store()).unwrap().store.is_some());
        let shown = read("x", &uncommented()).unwrap();
        for key in KEYS {
            let full = [key.table, key.name].join(".");
            assert!(shown.lines.contains_key(full.trim_start_matches('.')), "{full}");
        }
    }
}
