//! The planted causes of the lab come first, and passing runs held against passing runs prove nothing.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ndlog::causes::{Run, race};
use ndlog::lines::Index;
use ndlog::pipeline::{Logs, cluster};
use ndlog::records::Reader;
use ndlog::signatures::Catalog;
use ndlog::sources::Request;
use ndlog::stats::Random;
use toml::Table;

fn programs() -> Vec<PathBuf> {
    let lab = Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets/lab");
    let mut folders: Vec<PathBuf> = fs::read_dir(lab).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|folder| folder.join("truth.toml").exists());
    folders.sort();
    folders
}

fn logs_in(folder: &Path) -> Vec<PathBuf> {
    let mut logs: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    logs.retain(|path| path.extension().is_some_and(|extension| extension == "log"));
    logs.sort();
    logs
}

/// Returns the first cause of the largest cluster.
fn first_cause(program: &Path, with_passing: bool) -> String {
    let request = |paths| Request { paths, ..Request::default() };
    let passing = if with_passing { logs_in(&program.join("logs/pass")) } else { Vec::new() };
    let logs = Logs {
        request: request(logs_in(&program.join("logs"))),
        passing: request(passing),
        catalog: Catalog::embedded(),
        threads: Some(1),
    };
    let findings = cluster(&logs).unwrap().findings;
    findings.clusters[0].causes[0].cause.clone()
}

/// Counts the programs whose first cause is the planted one, or one that its truth accepts, and
/// names the others.
fn right(with_passing: bool) -> (usize, Vec<String>) {
    let (mut right, mut wrong) = (0, Vec::new());
    for program in programs() {
        let truth: Table = fs::read_to_string(program.join("truth.toml")).unwrap().parse().unwrap();
        let accepted = truth["accepted"].as_array().unwrap().iter().filter_map(toml::Value::as_str);
        let cause = first_cause(&program, with_passing);
        if accepted.chain(truth["cause"].as_str()).any(|name| name == cause) {
            right += 1;
        } else {
            wrong.push(format!("{}: {cause}", program.display()));
        }
    }
    (right, wrong)
}

#[test]
fn with_passing_logs_every_planted_cause_comes_first() {
    assert_eq!(right(true).1, Vec::<String>::new());
}

#[test]
fn without_passing_logs_four_of_five_do() {
    let (right, wrong) = right(false);
    assert!(right * 5 >= (right + wrong.len()) * 4, "{right} right, wrong: {wrong:?}");
}

fn runs(paths: &[PathBuf], anchor: impl Fn(&str) -> Option<u64>) -> Vec<Run> {
    let read = |path: &PathBuf| {
        let text = fs::read(path).unwrap();
        let name = path.to_string_lossy();
        Run::read(&name, &Index::new(&text), &Reader::guess(&text), anchor(&String::from_utf8_lossy(&text)))
    };
    paths.iter().map(read).collect()
}

/// What is claimed at the 5 % level: the pair that separates the runs, if chance does not explain it.
fn claimed(failing: &[&Run], passing: &[&Run]) -> bool {
    race(failing, passing).is_some_and(|race| race.probability <= 0.05)
}

#[test]
fn the_planted_race_is_named_with_its_window() {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets/lab/dispatch");
    let line = |text: &str| {
        text.lines().zip(1..).find(|(line, _)| line.contains("has no attribute")).map(|(_, n)| n)
    };
    let (failing, passing) =
        (runs(&logs_in(&program.join("logs")), line), runs(&logs_in(&program.join("logs/pass")), line));
    let found = race(&failing.iter().collect::<Vec<_>>(), &passing.iter().collect::<Vec<_>>()).unwrap();
    assert!(found.first.contains("ready") && found.second.contains("dispatch frame"), "{found:?}");
    assert!(found.probability <= 0.05 && found.passing.0 == 0, "{found:?}");
}

#[test]
fn passing_runs_against_passing_runs_prove_nothing() {
    const SPLITS: usize = 100;
    let logs: BTreeMap<PathBuf, Vec<Run>> = programs()
        .into_iter()
        .map(|program| (program.clone(), runs(&logs_in(&program.join("logs/pass")), |_| None)))
        .collect();
    let mut random = Random::new(20_261_122);
    let mut claims = 0;
    for split in 0..SPLITS {
        let runs = logs.values().nth(split % logs.len()).unwrap();
        let mut order: Vec<&Run> = runs.iter().collect();
        for at in 0..order.len() {
            let other = at + (random.unit() * (order.len() - at) as f64) as usize;
            order.swap(at, other);
        }
        let (failing, passing) = order.split_at(4);
        claims += usize::from(claimed(failing, passing));
    }
    assert!(claims <= 5, "{claims} of {SPLITS} splits of passing runs alone were called statistical");
}
