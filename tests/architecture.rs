//! The order of the rooms holds, only those who may touch the world do, and the map shows what is there.

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms: each names only itself and what stands before it. Above them all stand `pipeline` and
/// `commands`, which may name every room.
const ORDER: [&str; 28] = [
    "words",
    "error",
    "json",
    "stats",
    "whole_file",
    "durations",
    "rules",
    "settings",
    "secrets",
    "input",
    "text",
    "facts",
    "runs",
    "signatures",
    "clusters",
    "causes",
    "templates",
    "diff",
    "ranking",
    "background",
    "store",
    "findings",
    "tables",
    "reports",
    "experiment",
    "folder",
    "script",
    "trials",
];

/// Who may touch files and processes: four rooms, and these files with their reasons.
const TOUCH_THE_WORLD: [(&str, &str); 12] = [
    ("src/whole_file.rs", "writes a file whole or not at all"),
    ("src/input/", "opens what is read"),
    ("src/settings/values.rs", "reads `.ndlog.toml`"),
    ("src/reports/", "writes what was asked for"),
    ("src/store/", "keeps what was seen"),
    ("src/folder/", "keeps the folder of a failure"),
    ("src/trials/", "runs the experiment"),
    ("src/signatures/files.rs", "loads the entries of `--signatures DIR`"),
    ("src/commands/stress.rs", "puts the written test into the folder of the failure"),
    ("src/commands/verify/accept.rs", "reads the trials whose failures a person accepts"),
    ("src/commands/verify/setup.rs", "compares that test with what would be written"),
    ("src/commands/mcp/", "stays below its root, and runs ndlog itself for a test that was allowed"),
];

/// Who may open a log: the one reading, and these with their reasons. All others work on facts.
const OPEN_LOGS: [(&str, &str); 16] = [
    ("src/input/", "opens what is read"),
    ("src/pipeline/scan.rs", "the reading of all logs"),
    ("src/pipeline/analyzer.rs", "does the same for bytes of other programs"),
    ("src/pipeline/identity.rs", "reads what a run printed, into facts"),
    ("src/pipeline/explain.rs", "reads one source again, under the microscope"),
    ("src/pipeline/experiment.rs", "shows the lines that a saved experiment names"),
    ("src/pipeline/clue_hits.rs", "holds each line of a log against the clues"),
    ("src/pipeline/growth.rs", "is a test that counts the work on logs of its own"),
    ("src/pipeline/diff.rs", "compares line by line, each log once"),
    ("src/pipeline/templates.rs", "mines all lines, each log once"),
    ("src/pipeline/known.rs", "holds the lines of a log against the catalog"),
    ("src/pipeline/saved.rs", "reads documents that ndlog wrote"),
    ("src/pipeline/mod.rs", "hands the failures of a log to those who look at nothing else"),
    ("src/lib.rs", "shows the way in"),
    ("src/pipeline/merge.rs", "opens parts, which are no logs"),
    ("src/commands/known.rs", "opens `.ndlog.toml`, which is no log"),
];

/// Rooms behind the facts that read lines because lines are what they compare.
const READ_LINES: [&str; 2] = ["templates", "diff"];

/// Who may write to the terminal.
const PRINT: [(&str, &str); 4] = [
    ("src/reports/", "shows what was found"),
    ("src/main.rs", "tells the error that ended the program"),
    ("src/commands/signatures.rs", "writes its tables through the writers of `reports`"),
    ("src/commands/verify/view.rs", "asks whether standard error is a terminal, for the live line"),
];

/// Who may ask the wall clock, which jumps: all else that takes time is measured by a clock that does not.
const ASK_THE_DAY: [(&str, &str); 4] = [
    ("src/folder/server/rate_limit.rs", "a server says by the day when its limit ends"),
    ("src/folder/progress.rs", "which files are newer than others"),
    ("src/commands/mod.rs", "whether the entry of a known failure has expired"),
    ("src/commands/collect.rs", "runs since so many days"),
];

/// What one Rust file says outside comments and tests.
struct Code {
    path: String,
    text: String,
}

impl Code {
    fn room(&self) -> &str {
        self.path.split('/').nth(1).unwrap().trim_end_matches(".rs")
    }

    fn is_test(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap();
        self.path.contains("/tests/") || name == "tests.rs" || name.ends_with("_tests.rs")
    }

    fn mentions(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.text.contains(word))
    }

    /// The first word of each path from the root of the crate: `sources` of `crate::input::open`.
    fn names(&self) -> impl Iterator<Item = &str> {
        self.text.split("crate::").skip(1).map(|rest| {
            let end = rest.find(|letter: char| letter != '_' && !letter.is_alphanumeric());
            &rest[..end.unwrap_or(rest.len())]
        })
    }
}

fn code() -> Vec<Code> {
    let mut paths = Vec::new();
    collect(&root().join("src"), &mut paths);
    paths.iter().map(|path| read(path)).filter(|code| !code.is_test()).collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

fn read(path: &Path) -> Code {
    let whole = fs::read_to_string(path).unwrap();
    let shipped = whole.split("\n#[cfg(test)]\nmod tests {").next().unwrap();
    let lines = shipped.lines().filter(|line| !line.trim_start().starts_with("//"));
    let text = lines.collect::<Vec<_>>().join("\n");
    Code { path: path.strip_prefix(root()).unwrap().to_string_lossy().into_owned(), text }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn place(room: &str) -> Option<usize> {
    ORDER.iter().position(|name| *name == room)
}

fn check_only(words: &[&str], allowed: &[(&str, &str)]) {
    let strangers: Vec<_> = code()
        .into_iter()
        .filter(|code| code.mentions(words) && !allowed.iter().any(|(path, _)| code.path.starts_with(path)))
        .map(|code| code.path)
        .collect();
    assert!(strangers.is_empty(), "{strangers:?} must not use {words:?}; those who may: {allowed:#?}");
}

#[test]
fn a_room_names_only_rooms_before_it() {
    for code in code() {
        let Some(own) = place(code.room()) else { continue };
        for name in code.names() {
            let later = place(name).map_or(matches!(name, "pipeline" | "commands"), |other| other > own);
            assert!(!later, "{}: `{}` must not know `{name}`, which comes after it", code.path, code.room());
        }
    }
}

#[test]
fn only_a_reading_opens_logs() {
    check_only(&["input::open", "input::whole", "input::open_bytes"], &OPEN_LOGS);
}

#[test]
fn nothing_behind_the_facts_reads_lines() {
    let facts = place("facts").unwrap();
    let readers =
        ["lines::Index", "lines::split", "records::Reader", "records::parse", "lines::{", "facts::extract"];
    for code in code().iter().filter(|code| !code.path.ends_with("/example.rs")) {
        let behind = place(code.room()).is_some_and(|own| own > facts) && !READ_LINES.contains(&code.room());
        assert!(!behind || !code.mentions(&readers), "{}: take it from the facts", code.path);
    }
}

#[test]
fn every_room_has_its_place() {
    let above = ["lib", "main", "pipeline", "commands"];
    for code in code() {
        let known = place(code.room()).is_some() || above.contains(&code.room());
        assert!(known, "{}: say in ORDER where this room stands", code.path);
    }
}

#[test]
fn leaves_name_no_room() {
    for code in code().iter().filter(|code| {
        ["words", "error", "json", "stats", "durations", "rules", "settings"].contains(&code.room())
    }) {
        let others: Vec<_> = code.names().filter(|name| *name != code.room()).collect();
        assert!(others.is_empty(), "{} names {others:?}", code.path);
    }
}

#[test]
fn only_the_pipeline_and_the_prefilter_work_on_several_cores() {
    check_only(
        &["rayon", "thread::spawn", "thread::scope", "thread::Builder"],
        &[
            ("src/pipeline/", "knows threads"),
            ("src/facts/chunks.rs", "one log is looked at on all cores, and what its chunks give adds up"),
            ("src/facts/extract/", "reads the failures and the tests of one log side by side"),
        ],
    );
}

#[test]
fn only_four_rooms_touch_files_and_processes() {
    let words = ["std::fs", "fs::read", "File::open", "File::create", "process::Command", "Stdio"];
    check_only(&words, &TOUCH_THE_WORLD);
}

#[test]
fn only_reports_and_main_print() {
    check_only(&["println!", "print!(", "stdout()", "stderr()"], &PRINT);
}

#[test]
fn only_what_is_about_days_asks_the_wall_clock() {
    check_only(&["SystemTime", "Timestamp::now", "Zoned::now"], &ASK_THE_DAY);
}

#[test]
fn every_door_says_what_the_room_must_not_know() {
    let is_folder = |room: &&&str| root().join("src").join(room).is_dir();
    for room in ORDER.iter().filter(is_folder) {
        let door = fs::read_to_string(root().join(format!("src/{room}/mod.rs"))).unwrap();
        let says =
            door.lines().filter_map(|line| line.strip_prefix("//!")).collect::<String>().to_lowercase();
        assert!(says.contains("must not know"), "src/{room}/mod.rs");

        assert!(!door.contains("fn "), "src/{room}/mod.rs: a door has no logic");
    }
}

/// The words between backticks in a document that look like paths of this repository.
fn paths_in(document: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join(document)).unwrap();
    let tops = ["src/", "tests/", "signatures/", "datasets/", "docs/", "tools/", "benches/", "fuzz/", ".ci/"];
    let quoted = text.split('`').skip(1).step_by(2);
    let paths = quoted.filter(|word| tops.iter().any(|top| word.starts_with(top)));
    paths.filter(|word| !word.contains(['<', '*', ' '])).map(str::to_owned).collect()
}

#[test]
fn every_path_in_the_documents_exists() {
    for document in ["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md", "docs/hardness.md"] {
        for path in paths_in(document) {
            assert!(root().join(&path).exists(), "{document} names {path}, which is not there");
        }
    }
}

#[test]
fn every_test_named_by_the_documents_exists() {
    let mut files = Vec::new();
    collect(&root().join("src"), &mut files);
    collect(&root().join("tests"), &mut files);
    let all: String = files.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let map = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let promises = map.split("## Promises").nth(1).unwrap().split("\n## ").next().unwrap();
    let faults = fs::read_to_string(root().join("docs/hardness.md")).unwrap();
    let quoted = promises.split('`').skip(1).step_by(2).chain(faults.split('`').skip(1).step_by(2));
    let tests: Vec<_> =
        quoted.filter(|word| word.matches('_').count() >= 3 && !word.contains(['/', ' '])).collect();
    assert!(tests.len() >= 8, "each promise names its test: {tests:?}");
    for test in tests {
        assert!(all.contains(&format!("fn {test}(")), "a document names the test {test}");
    }
}
