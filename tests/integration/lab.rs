//! The lab is whole: every program has its parts, its logs show what its truth says, and it still runs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use jiff::{Timestamp, Unit};
use regex::Regex;
use toml::Table;

use crate::program::logs_in;
use crate::skip::skip;

const FEWEST_FAILING: usize = 5;
const FEWEST_PASSING: usize = 10;
const CAUSES: &str = "race deadlock timeout hang contention link hardware firmware out-of-memory exhaustion \
    memory-corruption order-dependence test-defect randomness network infrastructure environment defect unknown";

/// One folder of the lab with what its `truth.toml` and `job.toml` say.
struct Program {
    folder: PathBuf,
    truth: Table,
    job: Table,
}

impl Program {
    fn open(folder: PathBuf) -> Self {
        let table = |name: &str| {
            let path = folder.join(name);
            let text =
                fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            text.parse::<Table>().unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        };
        Program { truth: table("truth.toml"), job: table("job.toml"), folder }
    }

    fn name(&self) -> String {
        self.folder.file_name().unwrap().to_string_lossy().into_owned()
    }

    fn text(&self, key: &str) -> &str {
        self.truth[key].as_str().unwrap_or_else(|| panic!("{}: truth.toml: `{key}` is no text", self.name()))
    }

    fn right_lines(&self) -> Regex {
        Regex::new(self.text("lines")).unwrap_or_else(|error| panic!("{}: {error}", self.name()))
    }

    fn failing_logs(&self) -> Vec<PathBuf> {
        logs_in(&self.folder.join("logs"))
    }

    fn passing_logs(&self) -> Vec<PathBuf> {
        logs_in(&self.folder.join("logs/pass"))
    }

    /// The steps as one shell script, each under the environment of the job.
    fn run(&self, build: &Path) -> Output {
        let steps: Vec<&str> =
            self.job["steps"].as_array().unwrap().iter().map(|step| step.as_str().unwrap()).collect();
        let mut command = Command::new("bash");
        command.args(["-e", "-c", &steps.join("\n")]).current_dir(root()).env("LAB_BUILD", build);
        for (name, value) in self.job.get("env").and_then(|env| env.as_table()).into_iter().flatten() {
            command.env(name, value.as_str().unwrap());
        }
        command.output().unwrap()
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn programs() -> Vec<Program> {
    let entries = fs::read_dir(root().join("datasets/lab")).unwrap();
    let mut folders: Vec<PathBuf> =
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.join("run.sh").is_file()).collect();
    folders.sort();
    folders.into_iter().map(Program::open).collect()
}

fn is_installed(tool: &str) -> bool {
    let version = if tool == "go" { "version" } else { "--version" };
    Command::new(tool).arg(version).output().is_ok_and(|output| output.status.success())
}

#[test]
fn the_lab_covers_the_causes_in_five_languages() {
    let programs = programs();
    assert!(programs.len() >= 25, "only {} programs", programs.len());
    for (language, fewest) in [("C", 2), ("Python", 2), ("Rust", 2), ("JavaScript", 1), ("Go", 1)] {
        let count = programs.iter().filter(|program| program.text("language") == language).count();
        assert!(count >= fewest, "only {count} programs in {language}");
    }
    for program in &programs {
        let known = CAUSES.split_whitespace().any(|cause| cause == program.text("cause"));
        assert!(known, "{}: `{}` is no cause of the contract", program.name(), program.text("cause"));
        assert_eq!(program.text("program"), program.name());
        assert!(
            program.truth.contains_key("amplifiers"),
            "{}: nothing is known to amplify it",
            program.name()
        );
        assert!(
            program.truth["rate"]["runs"].as_integer() > Some(0),
            "{}: its rate is not measured",
            program.name()
        );
    }
}

#[test]
fn failing_logs_end_in_an_error_and_show_the_right_lines() {
    for program in programs() {
        let logs = program.failing_logs();
        assert!(logs.len() >= FEWEST_FAILING, "{}: only {} failing logs", program.name(), logs.len());
        for log in logs {
            let text = fs::read_to_string(&log).unwrap();
            let last = text.lines().last().unwrap_or_default();
            assert!(
                last.contains("##[error]Process completed with exit code "),
                "{}: ends in {last:?}",
                log.display()
            );
            assert!(
                program.right_lines().is_match(&text),
                "{}: the right lines are not there",
                log.display()
            );
        }
    }
}

#[test]
fn passing_logs_show_neither_an_error_nor_the_right_lines() {
    for program in programs() {
        let logs = program.passing_logs();
        assert!(logs.len() >= FEWEST_PASSING, "{}: only {} passing logs", program.name(), logs.len());
        for log in logs {
            let text = fs::read_to_string(&log).unwrap();
            assert!(!text.contains("##[error]"), "{}: has an error line", log.display());
            assert!(!program.right_lines().is_match(&text), "{}: shows the failure's lines", log.display());
        }
    }
}

#[test]
fn logs_open_with_the_command_and_the_environment_of_the_job() {
    for program in programs() {
        let steps = program.job["steps"].as_array().unwrap();
        for log in program.failing_logs() {
            let text = fs::read_to_string(&log).unwrap();
            let first = format!("##[group]Run {}", steps[0].as_str().unwrap());
            assert!(
                text.lines().next().unwrap_or_default().ends_with(&first),
                "{}: no command",
                log.display()
            );
            for (name, value) in program.job.get("env").and_then(|env| env.as_table()).into_iter().flatten() {
                let line = format!("  {name}: {}", value.as_str().unwrap());
                assert!(text.contains(&line), "{}: lacks {line:?}", log.display());
            }
        }
    }
}

/// The planted window is the time by which the first event is ahead of the second one when all goes well.
#[test]
fn passing_logs_keep_the_planted_window() {
    for program in programs() {
        let Some(race) = program.truth.get("race").and_then(|race| race.as_table()) else { continue };
        let Some(planted) = race.get("window_ms").and_then(|window| window.as_float()) else { continue };
        let pattern = |key: &str| Regex::new(race[key].as_str().unwrap()).unwrap();
        let (first, second) = (pattern("first_line"), pattern("second_line"));
        let mut slacks: Vec<f64> =
            program.passing_logs().iter().flat_map(|log| slacks(log, &first, &second)).collect();
        slacks.sort_by(f64::total_cmp);
        let median = slacks[slacks.len() / 2];
        let ratio = median / planted;
        assert!(
            (0.67..1.5).contains(&ratio),
            "{}: median {median:.1} ms, planted {planted} ms",
            program.name()
        );
    }
}

/// Milliseconds from `first` to the earliest `second`, for each `lane` the lines name.
fn slacks(log: &Path, first: &Regex, second: &Regex) -> Vec<f64> {
    let text = fs::read_to_string(log).unwrap();
    let earliest = |pattern: &Regex| {
        let mut times = BTreeMap::new();
        for line in text.lines() {
            if let Some(found) = pattern.captures(line) {
                times.entry(found["lane"].to_string()).or_insert_with(|| arrival(line));
            }
        }
        times
    };
    let (firsts, seconds) = (earliest(first), earliest(second));
    let slack = |(lane, time): (&String, &Timestamp)| {
        Some((*seconds.get(lane)? - *time).total(Unit::Millisecond).unwrap())
    };
    firsts.iter().filter_map(slack).collect()
}

fn arrival(line: &str) -> Timestamp {
    line.split(' ').next().unwrap().parse().unwrap()
}

/// A run may fail, that is what these programs are for, but only in the planted way.
#[test]
fn every_program_builds_and_passes_or_fails_as_planted() {
    let build = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for program in programs() {
            let build = build.path();
            scope.spawn(move || runs_as_planted(&program, build));
        }
    });
}

fn runs_as_planted(program: &Program, build: &Path) {
    let tool = match program.text("language") {
        "C" => "gcc",
        "Rust" => "rustc",
        "JavaScript" => "node",
        "Go" => "go",
        _ => "python3",
    };
    if let Some(missing) = [tool, "bash"].into_iter().find(|tool| !is_installed(tool)) {
        return skip(missing, &program.name());
    }
    let output = program.run(build);
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    let planted = output.status.success() || program.right_lines().is_match(&text);
    assert!(planted, "{}: failed in another way:\n{text}", program.name());
}
