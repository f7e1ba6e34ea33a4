//! What every amplifier must keep, and what single ones do to a command.

use std::path::PathBuf;

use super::{ALL, find};
use crate::experiment::{Limit, Place, Replay, Seed, amplifiers};
use crate::facts::limits::Layer;
use crate::facts::runners::Framework;
use crate::script::{Amplifier, Dose, Machine, Target, Treatment};

pub fn able() -> Machine {
    Machine {
        cores: 2,
        shim: Ok(PathBuf::from("/shims/delay.so")),
        python_shim: PathBuf::from("/shims"),
        scratch: PathBuf::from("/scratch"),
        cgroup: None,
        namespaces: true,
        netem: true,
        tmpfs: true,
        stress_ng: false,
        faketime: Some(PathBuf::from("/lib/faketime.so")),
    }
}

fn bare() -> Machine {
    let none = Err("no C compiler".to_owned());
    Machine { shim: none, namespaces: false, netem: false, tmpfs: false, faketime: None, ..able() }
}

/// Returns all, by name.
fn all() -> Vec<&'static Amplifier> {
    let mut all: Vec<_> = ALL.into_iter().flatten().collect();
    all.sort_by_key(|amplifier| amplifier.name);
    all
}

fn target() -> Target {
    let limit = Limit {
        name: "pytest-timeout".into(),
        seconds: 5.0,
        layer: Layer::Test,
        variable: None,
        option: Some("--timeout".into()),
        fired: true,
        elapsed: None,
        hugged: true,
        printed: "Timeout >5.0s".into(),
        at: Place { source: "logs/a.log".into(), line: 1 },
    };
    let seed = Seed {
        variable: "ORDER_SEED".into(),
        value: "7".into(),
        joins: false,
        order: true,
        at: Place { source: "logs/a.log".into(), line: 2 },
    };
    Target {
        framework: Framework::Pytest,
        test: Some("t.py::c".into()),
        names_test: true,
        whole: Some((vec!["pytest".into()], 30.0)),
        preceding: vec!["t.py::a".into(), "t.py::b".into()],
        limits: vec![limit],
        replays: vec![Replay { seeds: vec![seed] }],
        variables: [].into(),
        device: Some("3".into()),
        resident: 1 << 20,
        address_space: 1 << 24,
        longest: 0.0,
    }
}

fn treated(name: &str, level: f64, site: Option<&str>) -> Treatment {
    let (machine, target) = (able(), target());
    find(name).unwrap().treat(&Dose { level, site, draw: 12345, machine: &machine, target: &target })
}

fn line(name: &str, level: f64) -> String {
    let command = ["pytest", "--timeout", "5", "t.py::c"].map(str::to_owned);
    treated(name, level, None).argv(&command, Some("t.py::c")).join(" ")
}

#[test]
fn the_table_of_units_and_the_amplifiers_name_the_same_ones() {
    let known: Vec<&str> = amplifiers::units().map(|(name, _)| name).collect();
    let here: Vec<&str> = all().iter().map(|amplifier| amplifier.name).collect();
    assert_eq!(known, here);
}

#[test]
fn on_an_able_machine_each_one_changes_something() {
    for amplifier in all() {
        let target = target();
        assert_eq!(amplifier.available(&able(), &target), Ok(()), "{}", amplifier.name);
        let dose = Dose { level: 2.0, site: None, draw: 12345, machine: &able(), target: &target };
        assert_ne!(amplifier.treat(&dose), Treatment::default(), "{}", amplifier.name);
    }
}

#[test]
fn what_a_bare_machine_cannot_do_is_said() {
    let refused = |machine: &Machine, target: &Target| -> Vec<&str> {
        let reasons = all().into_iter().map(|one| (one.name, one.available(machine, target)));
        reasons
            .filter(|(_, answer)| answer.as_ref().is_err_and(|why| why.len() > 10))
            .map(|(name, _)| name)
            .collect()
    };
    let by_machine =
        ["clock-shift", "delay", "disk-limit", "network-delay", "network-loss", "own-network", "port-limit"];
    assert_eq!(refused(&bare(), &target()), by_machine);
    let by_target = [
        "beside",
        "clock-still",
        "device-pin",
        "gc-pressure",
        "memory-limit",
        "order-replay",
        "order-shuffle",
        "polluter-pair",
        "repeat",
        "seed-replay",
        "timeout-scale",
        "whole-suite",
    ];
    assert_eq!(refused(&able(), &Target::default()), by_target);
}

#[test]
fn commands_are_changed_as_told() {
    let cases = [
        ("whole-suite", 1.0, "pytest"),
        ("timeout-scale", 0.5, "pytest --timeout 2.5 t.py::c"),
        ("order-replay", 16.0, "pytest --timeout 5 t.py::a t.py::b t.py::c"),
        ("order-replay", 1.0, "pytest --timeout 5 t.py::b t.py::c"),
        ("repeat", 3.0, "pytest --timeout 5 t.py::c -p ndlog_repeat"),
        ("one-cpu", 1.0, "taskset -c 1 pytest --timeout 5 t.py::c"),
        ("order-shuffle", 1.0, "pytest --timeout 5 t.py::c -p ndlog_shuffle"),
        ("descriptor-limit", 64.0, "sh -c ulimit -n \"$0\" && exec \"$@\" 64 pytest --timeout 5 t.py::c"),
        ("memory-limit", 50.0, "sh -c ulimit -v \"$0\" && exec \"$@\" 8192 pytest --timeout 5 t.py::c"),
    ];
    for (name, level, expected) in cases {
        assert_eq!(line(name, level), expected, "{name}");
    }
}

#[test]
fn the_written_test_has_every_knob() {
    let knobs = include_str!("../shims/ndlog_knobs.py");
    let table = knobs.split_once("\nAMPLIFIERS = {").unwrap().1;
    let names: Vec<&str> =
        table.lines().filter_map(|line| line.strip_prefix("    \"")?.split('"').next()).collect();
    let here: Vec<&str> = all().iter().map(|amplifier| amplifier.name).collect();
    assert_eq!(names, here);
}

#[test]
fn a_seed_is_drawn_or_set_and_a_clock_without_libfaketime_is_python_s() {
    let seed = |level| treated("generator-seed", level, None).variables["NDLOG_RANDOM_SEED"].clone();
    assert_eq!((seed(1.0), seed(48_213.0)), ("12347".to_owned(), "48213".to_owned()));
    let (machine, target) = (Machine { faketime: None, ..able() }, target());
    let dose = Dose { level: 1.5, site: None, draw: 1, machine: &machine, target: &target };
    assert_eq!(find("clock-rate").unwrap().treat(&dose).variables["NDLOG_CLOCK_RATE"], "1.5");
    assert_eq!(treated("clock-rate", 3.0, None).variables["FAKETIME"], "+0 x3");
}

#[test]
fn levels_for_each_core_count_the_cores() {
    assert_eq!(treated("cpu-hogs", 2.0, None).background.len(), 4);
    assert_eq!(treated("parallel", 4.0, None).further_copies, 7);
    assert_eq!(treated("parallel", 0.1, None).further_copies, 1, "one copy is no amplifier");
}

#[test]
fn a_site_from_a_log_stays_one_value() {
    let hostile = "$(touch /tmp/x); done <num>";
    let treatment = treated("delay", 16.0, Some(hostile));
    assert_eq!(treatment.variables["NDLOG_DELAY_TEXT"], "$(touch /tmp/x); done");
    assert!(treatment.wrappers.is_empty(), "no shell sees it");
}
