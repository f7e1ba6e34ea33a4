//! From the logs of a lab program to its experiment, as a person does it.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::desk::Desk;

fn lab(program: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets/lab").join(program).join("logs")
}

/// A desk with the failure `x`, whose logs are those of a lab program.
pub fn collected(program: &str) -> Desk {
    let desk = Desk::new();
    assert_eq!(desk.run(&["new", "x"]).code, 0);
    let logs = lab(program);
    for number in 0..6 {
        let log = logs.join(format!("fail_{number:02}.log"));
        if log.exists() {
            assert_eq!(desk.run(&["collect", "x", log.to_str().unwrap()]).code, 0);
        }
    }
    let passing = logs.join("pass");
    assert_eq!(desk.run(&["collect", "x", "--pass", passing.to_str().unwrap()]).code, 0);
    desk
}

pub fn pattern(desk: &Desk) -> Value {
    let said = desk.run(&["pattern", "x"]);
    assert_eq!(said.code, 0, "{said:?}");
    serde_json::from_str(&desk.text("x/pattern.json")).unwrap()
}

#[test]
fn the_logs_of_a_link_that_does_not_train_become_an_experiment() {
    let desk = collected("linkup");
    let pattern = pattern(&desk);
    assert_eq!(pattern["schema"], "ndlog.pattern/1");
    assert_eq!(pattern["command"]["argv"], serde_json::json!(["bash", "datasets/lab/linkup/run.sh"]));
    let variable = &pattern["environment"][0];
    assert_eq!((&variable["name"], &variable["value"]), (&"LINK_TRAIN_TIMEOUT_MS".into(), &"60".into()));
    let limits = pattern["limits"].as_array().unwrap();
    let set = limits.iter().find(|limit| limit["variable"] == "LINK_TRAIN_TIMEOUT_MS").unwrap();
    assert_eq!((set["seconds"].as_f64(), set["hugged"].as_bool()), (Some(0.06), Some(true)));
    assert_eq!((&pattern["rate"]["failing"], &pattern["rate"]["runs"]), (&6.into(), &26.into()));
    for place in [&pattern["oracle"]["at"], &pattern["command"]["at"], &variable["at"], &set["at"]] {
        let source = place["source"].as_str().unwrap();
        let line = place["line"].as_u64().unwrap() as usize;
        assert!(source.starts_with("logs/"), "{source} is relative to the folder");
        assert!(desk.text(&format!("x/{source}")).lines().nth(line - 1).is_some(), "{source}:{line}");
    }
    assert!(desk.run(&["status", "x"]).out.contains("next: ndlog stress x"));
}

#[test]
fn the_oracle_finds_the_failure_in_every_failing_log_and_in_no_passing_one() {
    for program in ["ledger", "preview", "settings"] {
        let desk = collected(program);
        let pattern = pattern(&desk);
        let regex = regex::Regex::new(pattern["oracle"]["regex"].as_str().unwrap()).unwrap();
        for log in pattern["logs"]["failing"].as_array().unwrap() {
            let log = log.as_str().unwrap();
            assert!(regex.is_match(&desk.text(&format!("x/{log}"))), "{program}: {regex} in {log}");
        }
        for log in desk.files("x/logs/passing") {
            assert!(
                !regex.is_match(&desk.text(&format!("x/logs/passing/{log}"))),
                "{program}: {regex} in {log}"
            );
        }
    }
}

#[test]
fn the_same_logs_give_the_same_bytes_and_a_persons_words_stay() {
    let desk = collected("preview");
    pattern(&desk);
    let (json, readme) = (desk.text("x/pattern.json"), desk.text("x/README.md"));
    let mine = format!("My own words.\n{readme}\nMore of mine, no newline");
    desk.put("x/README.md", &mine);
    pattern(&desk);
    assert_eq!(desk.text("x/pattern.json"), json);
    assert_eq!(desk.text("x/README.md"), mine);
}

#[test]
fn the_pack_for_a_model_holds_the_evidence_within_its_tokens() {
    let desk = collected("preview");
    pattern(&desk);
    let pack = desk.run(&["prompt", "x", "--max-tokens", "3000"]);
    assert_eq!(pack.code, 0, "{pack:?}");
    assert!(pack.out.len() <= 12_000, "{}", pack.out.len());
    for said in ["# Make `x` happen again", "exceeded 2.0 s", "Rules of a good stress test", "Left out"] {
        assert!(pack.out.contains(said), "{said}\n{}", pack.out);
    }
    let few = desk.run(&["prompt", "x", "--max-tokens", "10"]);
    assert!(few.code == 2 && few.err.contains("at least 500"), "{few:?}");
}

#[test]
fn steps_out_of_turn_say_what_comes_first() {
    let desk = Desk::new();
    desk.run(&["new", "x"]);
    let without_logs = desk.run(&["pattern", "x"]);
    assert!(without_logs.code == 2 && without_logs.err.contains("collect"), "{without_logs:?}");
    let without_pattern = desk.run(&["prompt", "x"]);
    assert!(
        without_pattern.code == 2 && without_pattern.err.contains("ndlog pattern"),
        "{without_pattern:?}"
    );
    let nowhere = desk.run(&["pattern", "y"]);
    assert!(nowhere.code == 2 && nowhere.err.contains("ndlog new"), "{nowhere:?}");
}

#[test]
fn every_schema_is_printed_and_the_example_of_the_documentation_is_a_pattern() {
    let desk = Desk::new();
    let list = desk.run(&["schema"]);
    for line in list.out.lines() {
        let name = line.split_whitespace().next().unwrap();
        let schema: Value = serde_json::from_str(&desk.run(&["schema", name]).out).unwrap();
        assert!(schema["properties"].is_object(), "{name}");
    }
    assert!(desk.run(&["schema", "nothing"]).err.contains("expected one of"));
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/example-pattern.json");
    let example = std::fs::read_to_string(example).unwrap();
    let pattern: ndlog::inner::Pattern = serde_json::from_str(&example).unwrap();
    assert_eq!(pattern.schema, ndlog::inner::SCHEMA);
}

/// The output of a lab program's own run: its log without what the CI system wrote.
fn bare(log: &Path) -> Vec<u8> {
    let text = std::fs::read_to_string(log).unwrap();
    let lines: Vec<&str> =
        text.lines().map(|line| line.split_once(' ').map_or("", |(_, said)| said)).collect();
    let head = lines.iter().rposition(|line| *line == "##[endgroup]").unwrap();
    let own = lines[head + 1..].iter().filter(|line| !line.starts_with("##["));
    own.map(|line| format!("{line}\n")).collect::<String>().into_bytes()
}

#[test]
fn a_failure_keeps_its_identity_outside_ci_and_is_taken_for_no_other() {
    let programs = [
        "dispatch",
        "gallery",
        "intervals",
        "ledger",
        "linkup",
        "mailbox",
        "preview",
        "relay",
        "settings",
        "spool",
        "training",
        "transfer",
    ];
    let oracles = programs.map(|program| {
        let pattern = pattern(&collected(program));
        serde_json::from_value::<ndlog::inner::Oracle>(pattern["oracle"].clone()).unwrap()
    });
    for program in &programs {
        for number in 0..5 {
            let output = bare(&lab(program).join(format!("fail_{number:02}.log")));
            // Reading takes time: the first log of each program is held against all, the others against their own.
            for (other, oracle) in
                programs.iter().zip(&oracles).filter(|(other, _)| number == 0 || *other == program)
            {
                let same = ndlog::inner::is_same(oracle, &output);
                assert_eq!(same, program == other, "{program} {number} against {other}");
            }
        }
    }
}

#[test]
fn the_window_of_workers_that_interleave_is_measured_worker_by_worker() {
    let pattern = pattern(&collected("dispatch"));
    let window = &pattern["window"];
    assert!(window["late"]["text"].as_str().unwrap().contains("ready"), "{window}");
    assert!(window["early"]["text"].as_str().unwrap().contains("dispatch frame"), "{window}");
    assert_eq!(
        (&pattern["knobs"][0]["amplifier"], &pattern["knobs"][0]["levels"]),
        (&"delay".into(), &window["delay_ladder_ms"])
    );
}

/// The regular expression knows only words; with ndlog on the path the written test knows the failure.
#[test]
fn the_written_test_asks_ndlog_whether_the_same_words_are_the_same_failure() {
    let desk = collected("preview");
    pattern(&desk);
    assert_eq!(desk.run(&["stress", "x"]).code, 0);
    let same = String::from_utf8(bare(&lab("preview").join("fail_00.log"))).unwrap();
    desk.put("same.log", &same);
    desk.put("other.log", same.replace("TestTimeout: ", "RuntimeError: after TestTimeout: "));
    assert_eq!(desk.run(&["matches", "x", "same.log"]).code, 0);
    let said = desk.run(&["matches", "x", "same.log", "other.log"]);
    assert!(said.code == 1 && said.out.contains("near     other.log"), "{said:?}");

    let ndlog = Path::new(env!("CARGO_BIN_EXE_ndlog")).parent().unwrap().display();
    for (path, log, words) in [
        (format!("{ndlog}:/usr/bin:/bin"), "same.log", "reproduced 2/2"),
        (format!("{ndlog}:/usr/bin:/bin"), "other.log", "2 had its words, but another signature"),
        ("/usr/bin:/bin".to_owned(), "other.log", "by its words alone"),
    ] {
        let mut test = std::process::Command::new(desk.path("x/run_test.sh"));
        test.args(["--plain", "--iterations", "2", "--", "sh", "-c", "cat \"$0\"; exit 1", log]);
        let output = test.current_dir(desk.path("")).env("PATH", path).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(said.contains(words), "{log}: {said}{}", String::from_utf8_lossy(&output.stderr));
    }
}
