//! Known failures speak: a line of the catalog is found wherever it stands in a log, and says its name; a line that
//! only looks like it says nothing; and no passing log holds one.

use std::fs;
use std::path::{Path, PathBuf};

use ndlog::Analyzer;
use ndlog::inner::{Catalog, Entry};

use crate::program::data;

/// What machines and their runtimes say: their words are often no words of failure.
const MACHINES: &str = "tt-metal kernel nvidia amd pcie edac rdma mpi slurm flux";

/// What tools say that go on: no line of it is worth a look.
fn calm(from: u32) -> String {
    let line = |number: u32| match number % 8 {
        0 => format!("[{number}/900] Building CXX object src/ring_{number}.o\n"),
        1 => format!("-- Looking for header ring_{number}.h - yes\n"),
        2 => format!("   Compiling ring-{number} v1.{number}.0\n"),
        3 => format!("ring holds {number} values\n"),
        4 => format!("INFO ring: step {number} done in {} ms\n", number * 3 % 17),
        5 => format!("copying part {number} of 900\n"),
        6 => format!("ring {number} opened on port {}\n", 4000 + number),
        _ => format!("loaded table {number} with 12 rows\n"),
    };
    (from..from + 100).map(line).collect()
}

/// Returns the known failures that a log of calm lines with this one among them is said to hold.
fn told(analyzer: &Analyzer, line: &str) -> Vec<String> {
    let log = format!("{}{line}\n{}", calm(0), calm(100));
    known(analyzer, "ring.log", log.as_bytes())
}

/// Returns the known failures of a log.
fn known(analyzer: &Analyzer, name: &str, log: &[u8]) -> Vec<String> {
    let findings = analyzer.analyze(&analyzer.read(name, log).unwrap());
    findings.clusters.into_iter().filter_map(|cluster| Some(cluster.known?.id)).collect()
}

fn is_of_a_machine(entry: &&Entry) -> bool {
    let family = entry.id.split('/').next().unwrap_or_default();
    MACHINES.split_whitespace().any(|machine| machine == family)
}

#[test]
fn every_line_of_a_machine_is_found_among_calm_ones_and_says_its_name() {
    let (catalog, analyzer) = (Catalog::read_embedded().unwrap(), &Analyzer::builder().build().unwrap());
    let mut wrong = Vec::new();
    for entry in catalog.entries().filter(is_of_a_machine) {
        for example in &entry.matches {
            let told = told(analyzer, &example.line);
            if !told.contains(&entry.id) {
                wrong.push(format!("{}: {}: {told:?}", entry.id, example.line));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_line_that_only_looks_like_it_says_nothing() {
    let (catalog, analyzer) = (Catalog::read_embedded().unwrap(), &Analyzer::builder().build().unwrap());
    let mut wrong = Vec::new();
    for entry in catalog.entries().filter(is_of_a_machine) {
        for example in &entry.misses {
            if told(analyzer, &example.line).contains(&entry.id) {
                wrong.push(format!("{}: {}", entry.id, example.line));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn passing_logs(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            passing_logs(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "log")
            && path.parent().is_some_and(|parent| parent.ends_with("pass"))
        {
            found.push(path);
        }
    }
}

#[test]
fn no_known_failure_speaks_in_a_passing_log() {
    let mut logs = Vec::new();
    passing_logs(&data(""), &mut logs);
    assert!(logs.len() >= 100, "{} logs", logs.len());
    let analyzer = Analyzer::builder().build().unwrap();
    let mut wrong = Vec::new();
    for log in logs {
        let known = known(&analyzer, &log.to_string_lossy(), &fs::read(&log).unwrap());
        wrong.extend(known.into_iter().map(|id| format!("{}: {id}", log.display())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
