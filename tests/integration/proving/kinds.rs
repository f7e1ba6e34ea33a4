//! Every kind of test, run for real where its runner is: the log of a whole suite becomes a stress test that
//! runs only the test that failed.

use std::process::{Command, Output};

use crate::desk::Desk;
use crate::skip::skip;

/// A runner, a suite of two tests of which one fails, and how CI runs it.
struct Kind {
    name: &'static str,
    /// Succeeds where the runner is.
    probe: &'static str,
    files: &'static [(&'static str, &'static str)],
    /// Made before, and not part of the step that fails.
    build: &'static str,
    command: &'static str,
    /// What the narrowed command holds.
    narrowed: &'static str,
}

const PYTHON: &str = "import unittest

class LinkTest(unittest.TestCase):
    def test_trains(self):
        self.assertEqual(3, 0, 'lost 3 frames')

    def test_opens(self):
        print('test_opens was run')
";

const RUST: &str = r#"#[test]
fn trains() {
    assert_eq!(3, 0, "lost frames");
}

#[test]
fn opens() {}
"#;

const GO: &str = "package link

import \"testing\"

func TestTrains(t *testing.T) { t.Fatalf(\"lost %d frames\", 3) }

func TestOpens(t *testing.T) {}
";

const GTEST: &str = "#include <gtest/gtest.h>
TEST(Link, Trains) { EXPECT_EQ(3, 0) << \"lost frames\"; }
TEST(Link, Opens) {}
";

const KINDS: [Kind; 7] = [
    Kind {
        name: "unittest",
        probe: "python3 -c 'import unittest'",
        files: &[("test_link.py", PYTHON)],
        build: "true",
        command: "python3 -m unittest -v test_link",
        narrowed: "unittest -v test_link.LinkTest.test_trains",
    },
    Kind {
        name: "pytest",
        probe: "python3 -m pytest --version",
        files: &[("test_link.py", PYTHON)],
        build: "true",
        command: "python3 -m pytest -v test_link.py",
        narrowed: "pytest -v test_link.py::LinkTest::test_trains",
    },
    Kind {
        name: "cargo test",
        probe: "cargo --version",
        files: &[("Cargo.toml", CRATE), ("tests/link.rs", RUST), ("src/lib.rs", "")],
        build: "cargo test --no-run --offline",
        command: "cargo test --offline",
        narrowed: "cargo test --offline -- --exact trains",
    },
    Kind {
        name: "nextest",
        probe: "cargo nextest --version",
        files: &[("Cargo.toml", CRATE), ("tests/link.rs", RUST), ("src/lib.rs", "")],
        build: "cargo nextest run --no-run --offline",
        command: "cargo nextest run --offline",
        narrowed: "cargo nextest run --offline -E 'test(=trains)'",
    },
    Kind {
        name: "go test",
        probe: "go version",
        files: &[("go.mod", "module link\n\ngo 1.19\n"), ("link_test.go", GO)],
        build: "true",
        command: "go test -v ./...",
        narrowed: "go test '-count=1' -run '^TestTrains$' -v ./...",
    },
    Kind {
        name: "gtest",
        probe: "printf '#include <gtest/gtest.h>\n' | g++ -E -x c++ -",
        files: &[("link_test.cc", GTEST)],
        build: "g++ -o link_test link_test.cc -lgtest -lgtest_main -lpthread",
        command: "./link_test --gtest_color=no",
        narrowed: "'--gtest_filter=Link.Trains'",
    },
    Kind {
        name: "ctest",
        probe: "ctest --version && cmake --version",
        files: &[(
            "CMakeLists.txt",
            "cmake_minimum_required(VERSION 3.13)\nproject(link NONE)\nenable_testing()\n\
             add_test(NAME trains COMMAND sh -c \"echo lost 3 frames; exit 1\")\nadd_test(NAME opens COMMAND true)\n",
        )],
        build: "cmake .",
        command: "ctest --output-on-failure",
        narrowed: "ctest --output-on-failure -R '^trains$'",
    },
];

const CRATE: &str = "[package]\nname = \"link\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[workspace]\n";

fn shell(desk: &Desk, line: &str) -> Output {
    let mut command = Command::new("sh");
    // The tests of ndlog itself run under cargo, whose variables are none of the suite's.
    for variable in std::env::vars().map(|(name, _)| name).filter(|name| name.starts_with("CARGO")) {
        command.env_remove(variable);
    }
    command.args(["-c", line]).current_dir(desk.path("")).output().unwrap()
}

/// Runs the suite as CI does, then its stress test, and returns what that said.
fn stressed(kind: &Kind) -> String {
    let desk = Desk::new();
    kind.files.iter().for_each(|(path, text)| desk.put(path, text));
    assert!(shell(&desk, kind.build).status.success(), "{}: {}", kind.name, kind.build);
    let ran = shell(&desk, &format!("{} 2>&1", kind.command));
    assert!(!ran.status.success(), "{}: the suite passes", kind.name);
    let log = format!(
        "##[group]Run {command}\n{command}\n##[endgroup]\n{output}##[error]Process completed with exit code 1.\n",
        command = kind.command,
        output = String::from_utf8_lossy(&ran.stdout)
    );
    desk.put("ci.log", log);
    desk.run(&["new", "x"]);
    desk.run(&["collect", "x", "ci.log"]);
    desk.run(&["pattern", "x"]);
    let written = desk.run(&["stress", "x"]).out;
    assert!(written.contains(kind.narrowed), "{}: {written}", kind.name);
    let test = shell(&desk, "x/run_test.sh --plain --iterations 2 2>&1");
    let log = desk.text("x/trials/stress/0002/log.1");
    assert!(!log.to_lowercase().contains("opens"), "{}: it runs another test as well: {log}", kind.name);
    String::from_utf8_lossy(&test.stdout).into_owned() + &log
}

#[test]
fn the_log_of_a_suite_becomes_a_test_that_runs_only_what_failed() {
    for kind in &KINDS {
        if !shell(&Desk::new(), kind.probe).status.success() {
            skip(kind.name, "its runner is not here");
            continue;
        }
        let said = stressed(kind);
        assert!(said.contains("reproduced 2/2"), "{}: {said}", kind.name);
    }
}
