//! Makes cargo notice a new file in `signatures/`, which is embedded and which the compiler cannot see, and gives the
//! rules by which logs are read a name, so that facts of other rules are told apart. Derives from the regexes of the rules
//! the strings that are sought in logs, so that the program need not do so at each start.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs};

use derivation::{Case, derive, key};

#[path = "src/rules/derivation.rs"]
mod derivation;
#[path = "src/rules/frequency.rs"]
mod frequency;
#[path = "src/rules/spellings.rs"]
mod spellings;

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
    let (mut hasher, mut literals) = (DefaultHasher::new(), Literals::default());
    for folder in DECIDE {
        println!("cargo::rerun-if-changed={folder}");
        let mut files = Vec::new();
        collect(Path::new(folder), &mut files);
        files.sort();
        for file in files {
            let bytes = fs::read(&file).unwrap_or_default();
            hasher.write(file.to_string_lossy().as_bytes());
            hasher.write(&bytes);
            if file.extension().is_some_and(|extension| extension == "toml") {
                literals.add(&String::from_utf8_lossy(&bytes));
            }
        }
    }
    println!("cargo::rustc-env=NDLOG_RULES={:016x}", hasher.finish());
    let folder = env::var("OUT_DIR").expect("cargo names the folder for what is made");
    fs::write(Path::new(&folder).join("literals.rs"), literals.source()).expect("the folder can be written");
}

/// The strings of regexes, each behind its key.
#[derive(Default)]
struct Literals(BTreeMap<u64, Vec<Vec<u8>>>);

impl Literals {
    /// Adds those of the regexes in a file; what is wrong with a file or a regex, the tests of the rules say.
    fn add(&mut self, file: &str) {
        if let Ok(table) = file.parse::<toml::Table>() {
            self.add_value(&toml::Value::Table(table));
        }
    }

    fn add_value(&mut self, value: &toml::Value) {
        match value {
            toml::Value::Array(values) => values.iter().for_each(|value| self.add_value(value)),
            toml::Value::Table(table) => {
                for (key, value) in table {
                    match value {
                        toml::Value::String(regex) if key == "pattern" || key == "regex" => {
                            self.add_regex(regex)
                        }
                        value => self.add_value(value),
                    }
                }
            }
            _ => {}
        }
    }

    fn add_regex(&mut self, regex: &str) {
        for case in [Case::Kept, Case::Folded] {
            let Ok(strings) = derive(regex, case) else { continue };
            let other = self.0.insert(key(regex, case), strings.clone());
            assert!(other.is_none_or(|other| other == strings), "two regexes have one key: {regex}");
        }
    }

    /// Returns the table as an expression in Rust.
    fn source(&self) -> String {
        let entry = |(key, strings): (&u64, &Vec<Vec<u8>>)| {
            let strings: Vec<String> = strings.iter().map(|string| format!("&{string:?}")).collect();
            format!("({key}, &[{}]),\n", strings.join(", "))
        };
        format!("&[{}]", self.0.iter().map(entry).collect::<String>())
    }
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
