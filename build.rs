//! Makes cargo notice a new file in `signatures/`, which is embedded and which the compiler cannot see, and gives the
//! rules by which logs are read a name, so that facts of other rules are told apart.

use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

/// What decides which facts are read of a log.
const DECIDE: [&str; 8] = [
    "signatures",
    "src/causes",
    "src/facts",
    "src/input",
    "src/ranking",
    "src/rules",
    "src/signatures",
    "src/text",
];

fn main() {
    let mut hasher = DefaultHasher::new();
    for folder in DECIDE {
        println!("cargo::rerun-if-changed={folder}");
        let mut files = Vec::new();
        collect(Path::new(folder), &mut files);
        files.sort();
        for file in files {
            hasher.write(file.to_string_lossy().as_bytes());
            hasher.write(&fs::read(&file).unwrap_or_default());
        }
    }
    println!("cargo::rustc-env=NDLOG_RULES={:016x}", hasher.finish());
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}
