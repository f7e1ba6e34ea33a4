//! What need not be done at each start of the program. Turns the tables of rules and the known failures into JSON, which is
//! read in a tenth of the time; derives from the regexes of the rules the strings that are sought in logs, and the parts
//! without which they match nothing; and gives the rules by which logs are read a name, so that facts of other rules are
//! told apart.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs};

use derivation::{Case, derive, key};
use parts::Parts;

#[path = "src/rules/byte_class.rs"]
mod byte_class;
#[path = "src/rules/derivation.rs"]
mod derivation;
#[path = "src/rules/frequency.rs"]
mod frequency;
#[path = "src/rules/parts.rs"]
mod parts;
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

/// The keys of the regexes that lines are first asked.
const SOUGHT: [&str; 2] = ["pattern", "regex"];

fn main() {
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo names the folder for what is made"));
    let (mut hasher, mut regexes) = (DefaultHasher::new(), Regexes::default());
    let (mut tables, mut signatures) = (BTreeMap::<String, toml::Table>::new(), Vec::new());
    for folder in DECIDE {
        println!("cargo::rerun-if-changed={folder}");
        let mut files = Vec::new();
        collect(Path::new(folder), &mut files);
        files.sort();
        for file in files {
            let bytes = fs::read(&file).unwrap_or_default();
            hasher.write(file.to_string_lossy().as_bytes());
            hasher.write(&bytes);
            let Some(table) = table(&file, &bytes) else { continue };
            regexes.add_table(&table, case(&file));
            match file.strip_prefix("signatures") {
                Ok(id) => signatures.push((id.with_extension(""), table)),
                Err(_) => add_rows(tables.entry(name(&file)).or_default(), table),
            }
        }
    }
    println!("cargo::rustc-env=NDLOG_RULES={:016x}", hasher.finish());
    for (name, table) in tables {
        write(&out.join(name).with_extension("json"), &json(&table));
    }
    write(&out.join("signatures.json"), &json(&signatures));
    write(&out.join("literals.rs"), &source(&regexes.literals));
    write(&out.join("parts.rs"), &source(&regexes.parts));
}

/// Returns whether the regexes of a file are asked of lines as they are or of lines in lower case.
fn case(file: &Path) -> Case {
    let folded = ["signatures", "src/rules/clues"].iter().any(|folder| file.starts_with(folder));
    if folded { Case::Folded } else { Case::Kept }
}

/// Returns what a TOML file holds.
fn table(file: &Path, bytes: &[u8]) -> Option<toml::Table> {
    file.extension().filter(|extension| *extension == "toml")?;
    let table = toml::from_str(&String::from_utf8_lossy(bytes));
    Some(table.unwrap_or_else(|error| panic!("{}: {error}", file.display())))
}

/// Returns the name of the table that a file is or is a part of: the files of a folder in `src/rules` are one table.
fn name(file: &Path) -> String {
    let parts = file.strip_prefix("src/rules").unwrap_or(Path::new(file.file_name().unwrap_or_default()));
    let first = parts.components().next().map(|first| Path::new(first.as_os_str()).with_extension(""));
    first.unwrap_or_default().to_string_lossy().into_owned()
}

/// Adds the rows of one part of a table to those of the parts before it.
fn add_rows(table: &mut toml::Table, part: toml::Table) {
    for (key, value) in part {
        match (table.get_mut(&key), value) {
            (Some(toml::Value::Array(rows)), toml::Value::Array(more)) => rows.extend(more),
            (Some(_), _) => panic!("{key} stands in two parts of a table"),
            (None, value) => {
                table.insert(key, value);
            }
        }
    }
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("all that TOML holds can be written as JSON")
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// What is known of regexes, each behind its key, as expressions in Rust.
#[derive(Default)]
struct Regexes {
    literals: BTreeMap<u64, String>,
    parts: BTreeMap<u64, String>,
}

impl Regexes {
    /// Adds those in a table; what is wrong with a regex, the tests of the rules say.
    fn add_table(&mut self, table: &toml::Table, case: Case) {
        for (key, value) in table {
            match value {
                toml::Value::String(regex) if SOUGHT.contains(&key.as_str()) => self.add(regex, case),
                value => self.add_value(value, case),
            }
        }
    }

    fn add_value(&mut self, value: &toml::Value, case: Case) {
        match value {
            toml::Value::Array(values) => values.iter().for_each(|value| self.add_value(value, case)),
            toml::Value::Table(table) => self.add_table(table, case),
            _ => {}
        }
    }

    fn add(&mut self, regex: &str, asked: Case) {
        insert(&mut self.parts, key(regex, asked), format!("{:?}", json(&Parts::of(regex, asked))));
        for case in [Case::Kept, Case::Folded] {
            let Ok(strings) = derive(regex, case) else { continue };
            let strings: Vec<String> = strings.iter().map(|string| format!("&{string:?}")).collect();
            insert(&mut self.literals, key(regex, case), format!("&[{}]", strings.join(", ")));
        }
    }
}

fn insert(known: &mut BTreeMap<u64, String>, key: u64, value: String) {
    let other = known.insert(key, value.clone());
    assert!(other.is_none_or(|other| other == value), "two regexes have one key: {value}");
}

/// Returns a table as an expression in Rust.
fn source(known: &BTreeMap<u64, String>) -> String {
    let entry = |(key, value): (&u64, &String)| format!("({key}, {value}),\n");
    format!("&[{}]", known.iter().map(entry).collect::<String>())
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
