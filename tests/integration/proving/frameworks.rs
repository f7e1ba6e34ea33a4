//! Each test framework from a log in its own format: the test, the command for it alone, and what counts as the same.
//!
//! The logs stand in `datasets/runners` and were really written by the runners (`gradle4` by Gradle 4.4; `gradle`, of a newer one, after its documentation).

use serde_json::Value;

use crate::desk::Desk;

/// Where CI ran, and where a desk runs.
const ROOTS: (&str, &str) = ("/tmp/runner-ring/work/ring", "/home/dev/src/a-much-longer-way/to/ring");
/// Where the runners of compiled languages and of Python ran.
const OTHER_ROOT: &str = "/tmp/runner-ring/build/ring";

/// A runner's log: what is run, the test, the same test alone, and the name that another test would have, or, where no
/// test is named, other words.
struct Case {
    name: &'static str,
    framework: &'static str,
    test: &'static str,
    whole: &'static str,
    alone: &'static [&'static str],
    renamed: (&'static str, &'static str),
}

const POPS: &str = "pops the last (all lanes)";
const DRAINS: &str = "drains at dusk";

const CASES: [Case; 17] = [
    Case {
        name: "pytest",
        framework: "pytest",
        test: "pytest/test_ring.py::TestRing::test_pops_the_last[all lanes (3)]",
        whole: "pytest pytest -q",
        alone: &["pytest", "pytest/test_ring.py::TestRing::test_pops_the_last[all lanes (3)]", "-q"],
        renamed: ("test_pops_the_last", "test_drains_at_dusk"),
    },
    Case {
        name: "unittest",
        framework: "unittest",
        test: "test_ring.RingTest.test_pops_the_last",
        whole: "python -m unittest discover -s unittest -v",
        alone: &[
            "python",
            "-m",
            "unittest",
            "discover",
            "-s",
            "unittest",
            "-v",
            "-k",
            "*test_ring.RingTest.test_pops_the_last",
        ],
        renamed: ("test_pops_the_last", "test_drains_at_dusk"),
    },
    Case {
        name: "cargo",
        framework: "cargo-test",
        test: "all::pops_the_last",
        whole: "cargo test --offline --manifest-path rust/Cargo.toml",
        alone: &[
            "cargo",
            "test",
            "--offline",
            "--manifest-path",
            "rust/Cargo.toml",
            "--",
            "--exact",
            "all::pops_the_last",
        ],
        renamed: ("pops_the_last", "drains_at_dusk"),
    },
    Case {
        name: "nextest",
        framework: "nextest",
        test: "all::pops_the_last",
        whole: "cargo nextest run --offline --no-fail-fast --manifest-path rust/Cargo.toml",
        alone: &[
            "cargo",
            "nextest",
            "run",
            "--offline",
            "--no-fail-fast",
            "--manifest-path",
            "rust/Cargo.toml",
            "-E",
            "test(=all::pops_the_last)",
        ],
        renamed: ("pops_the_last", "drains_at_dusk"),
    },
    Case {
        name: "go",
        framework: "go-test",
        test: "TestPops/all_lanes",
        whole: "go test -v ./...",
        alone: &["go", "test", "-count=1", "-run", "^TestPops$/^all_lanes$", "-v", "./..."],
        renamed: ("TestPops", "TestDrains"),
    },
    Case {
        name: "gtest",
        framework: "gtest",
        test: "All/Lanes.PopsTheLast/0",
        whole: "gtest/ring_test",
        alone: &["gtest/ring_test", "--gtest_filter=All/Lanes.PopsTheLast/0"],
        renamed: ("PopsTheLast", "DrainsAtDusk"),
    },
    Case {
        name: "ctest",
        framework: "ctest",
        test: "ring.pops_the_last",
        whole: "ctest --test-dir ctest/build --output-on-failure",
        alone: &["ctest", "--test-dir", "ctest/build", "--output-on-failure", "-R", r"^ring\.pops_the_last$"],
        renamed: ("pops_the_last", "drains_at_dusk"),
    },
    Case {
        name: "plain",
        framework: "",
        test: "",
        whole: "./plain/check_ring.sh",
        alone: &["./plain/check_ring.sh"],
        renamed: ("popped 4 where 3 was wanted", "the lanes do not meet"),
    },
    Case {
        name: "jest",
        framework: "jest",
        test: "Ring › pops the last (all lanes)",
        whole: "npx jest --rootDir jest",
        alone: &["npx", "jest", "--rootDir", "jest", "-t", r"Ring pops the last \(all lanes\)$"],
        renamed: (POPS, DRAINS),
    },
    Case {
        name: "vitest",
        framework: "vitest",
        test: "ring.test.js > Ring > pops the last (all lanes)",
        whole: "npx vitest run --root vitest",
        alone: &[
            "npx",
            "vitest",
            "run",
            "--root",
            "vitest",
            "ring.test.js",
            "-t",
            r"Ring pops the last \(all lanes\)$",
        ],
        renamed: (POPS, DRAINS),
    },
    Case {
        name: "mocha",
        framework: "command",
        test: "Ring pops the last (all lanes)",
        whole: "npx mocha mocha/ring.js",
        alone: &["npx", "mocha", "mocha/ring.js", "-f", "Ring pops the last (all lanes)"],
        renamed: (POPS, DRAINS),
    },
    Case {
        name: "maven",
        framework: "maven",
        test: "popsTheLast",
        whole: "mvn -B test",
        alone: &["mvn", "-B", "test", "-Dtest=*#popsTheLast"],
        renamed: ("popsTheLast", "drainsAtDusk"),
    },
    Case {
        name: "gradle",
        framework: "gradle",
        test: "RingTest > popsTheLast()",
        whole: "./gradlew test",
        alone: &["./gradlew", "cleanTest", "test", "--tests", "*RingTest.popsTheLast"],
        renamed: ("popsTheLast", "drainsAtDusk"),
    },
    Case {
        name: "gradle4",
        framework: "gradle",
        test: "org.ring.RingTest > popsTheLast",
        whole: "gradle --offline test",
        alone: &["gradle", "--offline", "cleanTest", "test", "--tests", "*org.ring.RingTest.popsTheLast"],
        renamed: ("popsTheLast", "drainsAtDusk"),
    },
    Case {
        name: "rspec",
        framework: "rspec",
        test: "./spec/ring_spec.rb:5",
        whole: "rspec",
        alone: &["rspec", "./spec/ring_spec.rb:5"],
        renamed: ("ring_spec.rb:5", "ring_spec.rb:19"),
    },
    Case {
        name: "ginkgo",
        framework: "ginkgo",
        test: "Ring pops the last (all lanes)",
        whole: "ginkgo -r",
        alone: &["ginkgo", r"--focus=Ring pops the last \(all lanes\)$", "-r"],
        renamed: (POPS, DRAINS),
    },
    Case {
        name: "bats",
        framework: "command",
        test: "pops the last (all lanes)",
        whole: "bats bats",
        alone: &["bats", "-f", r"^pops the last \(all lanes\)$", "bats"],
        renamed: (POPS, DRAINS),
    },
];

fn log(name: &str) -> String {
    let path = format!("{}/datasets/runners/{name}.log", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The same run at another root, with other times, and where it draws rules, at another width.
fn elsewhere(log: &str) -> String {
    let rules =
        [("⎯⎯⎯⎯⎯⎯⎯", "⎯⎯⎯⎯"), ("----------", "------"), ("==========", "===="), ("__________", "______")];
    let moved = log.replace(ROOTS.0, ROOTS.1).replace(OTHER_ROOT, ROOTS.1);
    let times = ["2026-11-27T23:12", "2026-11-28T17:12"];
    let moved = times.iter().fold(moved, |text, time| text.replace(time, "2026-12-03T08:41"));
    rules.iter().fold(moved, |text, (rule, shorter)| text.replace(rule, shorter))
}

#[test]
fn the_test_its_command_and_its_failure_are_known_for_each_framework() {
    let mut faults = Vec::new();
    for case in &CASES {
        let desk = Desk::new();
        let text = log(case.name);
        desk.put("ci.log", &text);
        // The folder to run in is the one in which the test's file lies.
        desk.put("pytest/test_ring.py", "");
        for step in [&["new", "x"][..], &["collect", "x", "ci.log"], &["pattern", "x"], &["stress", "x"]] {
            let said = desk.run(step);
            assert_eq!(said.code, 0, "{}: {step:?} {said:?}", case.name);
        }
        let pattern: Value = serde_json::from_str(&desk.text("x/pattern.json")).unwrap();
        let mut fault = |what: &str, found: String| faults.push(format!("{}: {what}: {found}", case.name));
        let test = &pattern["test"];
        let named = ["id", "framework"].map(|key| test[key].as_str().unwrap_or_default());
        if named != [case.test, case.framework] {
            fault("test", test.to_string());
        }
        if pattern["command"]["printed"].as_str() != Some(case.whole) {
            fault("command", pattern["command"].to_string());
        }
        let plan = desk.run(&["verify", "x", "--dry-run"]);
        let line = plan.out.lines().find_map(|line| line.strip_prefix("command: ")).unwrap_or_default();
        if shlex::split(line).unwrap_or_default() != case.alone {
            fault("alone", line.to_owned());
        }
        desk.put("same.log", elsewhere(&text));
        let same = desk.run(&["matches", "x", "same.log"]);
        if same.code != 0 {
            fault("elsewhere", format!("{same:?}"));
        }
        desk.put("other.log", elsewhere(&text).replace(case.renamed.0, case.renamed.1));
        let other = desk.run(&["matches", "x", "other.log"]);
        if other.code != 1 {
            fault("another test", format!("{other:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
