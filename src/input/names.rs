//! Files that are by their names no logs: sources, scripts, settings, pictures, programs, texts for people, tables.

use std::path::Path;

/// Ends of names that no log has, by sort. JSON and XML are missing, as verdicts come in them.
const OTHERS: [&str; 4] = [
    "bash bat c cc clj cmake cpp cs cu cxx dart erl ex exs f90 fish go gradle groovy h hh hpp hs hxx java jl js jsx kt kts lua m mjs ml mm php pl pm proto ps1 py pyi r rb rs s scala sh sql swift ts tsx vb vue zig zsh",
    "cfg ini lock toml yaml yml",
    "adoc css csv htm html markdown md rst tex tsv xhtml",
    "a class dll dylib exe gif ico ipynb jar jpeg jpg o pdf png pyc scss so svg ttf wasm webp whl woff woff2",
];

/// Returns the end of the name if it says that the file is no log.
pub fn other_than_log(path: &Path) -> Option<&'static str> {
    let end = path.extension()?.to_str()?.to_ascii_lowercase();
    OTHERS.iter().flat_map(|sort| sort.split(' ')).find(|other| *other == end)
}
