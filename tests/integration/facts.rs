//! Facts are all that later rooms know: they survive being written and read, they add up in any order, and what they
//! say of their own reading is counted where it happens.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use ndlog::inner::Bound;
use ndlog::{Analyzer, Facts};

use crate::program::{data, logs_in, ndlog, said};

fn lab() -> Vec<PathBuf> {
    let mut logs = Vec::new();
    for program in fs::read_dir(data("lab")).unwrap().map(|entry| entry.unwrap().path().join("logs")) {
        let folders = [program.join("pass"), program];
        folders.iter().filter(|folder| folder.is_dir()).for_each(|folder| logs.extend(logs_in(folder)));
    }
    logs.sort();
    assert!(logs.len() > 100, "{} logs", logs.len());
    logs
}

fn read(analyzer: &Analyzer, path: &Path) -> Vec<Facts> {
    let name = path.to_string_lossy();
    let file = File::open(path).unwrap();
    let is_passing = path.parent().unwrap().ends_with("pass");
    if is_passing { analyzer.read_passing(&name, file) } else { analyzer.read(&name, file) }.unwrap()
}

#[test]
fn facts_of_every_log_of_the_lab_survive_being_written_and_read() {
    let analyzer = Analyzer::builder().build().unwrap();
    for path in lab() {
        for facts in read(&analyzer, &path) {
            let written = serde_json::to_string(&facts).unwrap();
            let again: Facts = serde_json::from_str(&written).unwrap();
            assert_eq!(facts, again, "{}", path.display());
        }
    }
}

#[test]
fn facts_written_on_two_machines_and_read_in_any_order_give_the_same_findings() {
    let analyzer = Analyzer::builder().build().unwrap();
    let mut facts: Vec<Facts> = lab().iter().flat_map(|path| read(&analyzer, path)).collect();
    let whole = serde_json::to_string(&analyzer.analyze(&facts)).unwrap();
    let (even, odd): (Vec<_>, Vec<_>) = facts.drain(..).enumerate().partition(|(at, _)| at % 2 == 0);
    let shards = [odd, even].map(|shard| {
        let shard: Vec<Facts> = shard.into_iter().rev().map(|(_, facts)| facts).collect();
        serde_json::to_vec(&shard).unwrap()
    });
    let merged: Vec<Facts> =
        shards.iter().flat_map(|shard| serde_json::from_slice::<Vec<Facts>>(shard).unwrap()).collect();
    let merged = serde_json::to_string(&Analyzer::builder().threads(1).build().unwrap().analyze(&merged));
    assert_eq!(whole, merged.unwrap());
}

#[test]
fn what_was_scanned_is_what_the_files_hold() {
    let analyzer = Analyzer::builder().build().unwrap();
    for path in lab() {
        let bytes = fs::read(&path).unwrap();
        let lines = bytes.iter().filter(|byte| **byte == b'\n').count()
            + usize::from(bytes.last().is_some_and(|last| *last != b'\n'));
        let [facts] = read(&analyzer, &path).try_into().unwrap();
        let coverage = facts.coverage;
        assert_eq!(coverage.bytes_scanned, bytes.len() as u64, "{}", path.display());
        assert_eq!(coverage.lines_scanned, lines as u64, "{}", path.display());
    }
}

/// Returns what a bound left out of one log, if anything.
fn left_out(log: &str, bound: Bound) -> Option<(u64, u64)> {
    let analyzer = Analyzer::builder().threads(1).build().unwrap();
    let [facts] = analyzer.read("a.log", log.as_bytes()).unwrap().try_into().unwrap();
    let cuts: Vec<_> = facts.coverage.cut.iter().filter(|cut| cut.bound == bound).collect();
    assert!(cuts.len() < 2, "{cuts:?}");
    cuts.first().map(|cut| (cut.at, cut.left_out))
}

#[test]
fn every_bound_that_cuts_says_so_and_a_log_within_bounds_says_nothing() {
    const END: &str = "ring.cc:31: Failure\n##[error]Process completed with exit code 1.\n";
    let long = format!("{}\n{END}", "x".repeat((1 << 20) + 77));
    let steps = format!("{}{END}", "link is up\n".repeat(5000));
    let kinds = ["TypeError: a", "Segmentation fault", "No space left on device", "Connection refused"];
    let many: String = (0..200)
        .map(|at| format!("{} {}\n{}", kinds[at % kinds.len()], "word ".repeat(at), "fine\n".repeat(30)))
        .collect();
    for (bound, log, expected) in
        [(Bound::LineBytes, &long, Some((1 << 20, 77))), (Bound::StepLines, &steps, Some((2000, 3000)))]
    {
        assert_eq!(left_out(log, bound), expected, "{bound:?}");
        assert_eq!(left_out(END, bound), None, "{bound:?}");
    }
    let (shown, rest) = left_out(&format!("{many}{END}"), Bound::Failures).expect("more than are shown");
    assert!(shown <= 12 && rest > 100, "{shown} shown, {rest} left out");
    assert_eq!(left_out("ring.cc:31: Failure\n", Bound::Failures), None);
}

#[test]
fn standard_input_is_read_once_and_its_lines_are_shown() {
    let log =
        "[ RUN      ] Ring.Pop\nring.cc:31: Failure\n  the ring is empty\n[  FAILED  ] Ring.Pop (3 ms)\n";
    let shown = |name: &str| {
        let (code, out, err) =
            said(ndlog(".").args(["report", "--format", "markdown", name]).write_stdin(log));
        assert_eq!(code, Some(0), "{err}");
        out
    };
    assert!(shown("-").contains("the ring is empty"), "{}", shown("-"));
}
