//! Lines of every wrapper, dialect, level and actor, and what they must be read as.

use super::{Actor, Basis, Level, Marker, Record, parse};
use crate::lines::Line;

/// 2026-11-22T10:14:52Z in nanoseconds.
const AT: i64 = 1_795_342_492_000_000_000;

/// What a case expects beside the message; `None` where it does not look.
#[derive(Default)]
struct Expected {
    time: Option<(i64, Basis)>,
    received: Option<i64>,
    level: Option<Level>,
    marker: Option<Marker>,
    actor: Option<Actor>,
}

fn read(bytes: &[u8]) -> Record<'_> {
    parse(Line { number: 1, start: 0, bytes })
}

fn check(input: &str, message: &str, expected: Expected) {
    let record = read(input.as_bytes());
    assert_eq!(String::from_utf8_lossy(&record.message), message, "message of {input:?}: {record:?}");
    if let Some(time) = expected.time {
        assert_eq!(record.time.map(|nanos| (nanos, record.basis)), Some(time), "time of {input:?}");
    }
    if let Some(received) = expected.received {
        assert_eq!(record.received, Some(received), "time of receipt of {input:?}");
    }
    assert_eq!(record.level, expected.level, "level of {input:?}");
    assert_eq!(record.marker, expected.marker, "marker of {input:?}");
    if let Some(actor) = expected.actor {
        assert_eq!(record.actor, actor, "actor of {input:?}");
    }
}

fn received(input: &str, message: &str, nanos: i64) {
    check(input, message, Expected { received: Some(AT + nanos), ..Expected::default() });
}

fn marked(input: &str, message: &str, marker: Marker, level: Option<Level>) {
    check(input, message, Expected { marker: Some(marker), level, ..Expected::default() });
}

#[test]
fn github_puts_a_time_before_and_marks_in_hashes() {
    received("2026-11-22T10:14:52.0560358Z hello", "hello", 56_035_800);
    received("\u{feff}2026-11-22T10:14:52.0560358Z hello", "hello", 56_035_800);
    received("2026-11-22T10:14:52.0560358Z ", "", 56_035_800);
    received("2026-11-22T10:14:52.0560358Z", "", 56_035_800);
    received("2026-11-22T10:14:52.0560358Z     indented", "    indented", 56_035_800);
    marked("2026-11-22T10:14:52.0560358Z ##[group]Run make", "Run make", Marker::Begin, None);
    marked("2026-11-22T10:14:52.0560358Z ##[endgroup]", "", Marker::End, None);
    marked("2026-11-22T10:14:52.0560358Z ##[error]no link", "no link", Marker::Error, Some(Level::Error));
    marked("##[warning]slow", "slow", Marker::Warning, Some(Level::Warning));
    marked("::error file=ring.c,line=7::no link", "no link", Marker::Error, Some(Level::Error));
    marked("[command]/usr/bin/git version", "/usr/bin/git version", Marker::Command, None);
    marked("2026-11-22T10:14:52.0560358Z \x1b[36;1mmake test\x1b[0m", "make test", Marker::Command, None);
}

#[test]
fn gh_run_view_names_job_and_step() {
    let bytes = "build (linux)\tRun tests\t\u{feff}2026-11-22T10:14:52.0560358Z ok 1".as_bytes();
    let record = read(bytes);
    assert_eq!((record.job, record.step), (Some(b"build (linux)".as_slice()), Some(b"Run tests".as_slice())));
    assert_eq!(&*record.message, b"ok 1");
    assert_eq!(record.received, Some(AT + 56_035_800));
    check("\tat\tcom.example.Ring.send", "\tat\tcom.example.Ring.send", Expected::default());
}

#[test]
fn other_systems_have_their_own_marks() {
    marked("section_start:1795342492:build\r\x1b[0KBuilding", "Building", Marker::Begin, None);
    marked("\x1b[0Ksection_end:1795342492:build\r\x1b[0K", "build", Marker::End, None);
    received("2026-11-22T10:14:52.056035Z 00O make", "make", 56_035_000);
    received("2026-11-22T10:14:52.056035Z 01E+ tail", " tail", 56_035_000);
    received("[2026-11-22T10:14:52.056Z] + make", "+ make", 56_000_000);
    marked("[Pipeline] { (Build)", "{ (Build)", Marker::Begin, None);
    marked("\x1b[8mha:////4AAAA=\x1b[0m[Pipeline] }", "}", Marker::End, None);
    marked("travis_fold:start:apt\r\x1b[0K\x1b[33;1mInstalling\x1b[0m", "Installing", Marker::Begin, None);
    marked("travis_fold:end:apt\r\x1b[0K\r", "apt", Marker::End, None);
    marked(
        "travis_fold:start:i\r\x1b[0Ktravis_time:start:0b2c\r\x1b[0K$ make",
        "$ make",
        Marker::Begin,
        None,
    );
    marked("travis_time:start:0b2c\r\x1b[0K$ make", "$ make", Marker::Command, None);
    let timer =
        "travis_time:end:0b2c:start=1795342491000000000,finish=1795342492000000007,duration=1000000007";
    received(&format!("{timer}\r\x1b[0Kdone"), "done", 7);
    received("\x1b_bk;t=1795342492056\x07hello", "hello", 56_000_000);
    marked("\x1b_bk;t=1795342492056\x07--- Build", "Build", Marker::Begin, None);
    marked("~~~ Preparing", "Preparing", Marker::Begin, None);
    check("--- FAIL: TestRing (0.00s)", "--- FAIL: TestRing (0.00s)", Expected::default());
    marked("##[section]Finishing: Build", "Finishing: Build", Marker::End, None);
    marked("##vso[task.logissue type=error]no link", "no link", Marker::Error, Some(Level::Error));
    marked("====>> Checkout code", "Checkout code", Marker::Begin, None);
    marked("##teamcity[testFailed name='ring']", "testFailed name='ring'", Marker::Error, Some(Level::Error));
    check(
        "[task 2026-11-22T10:14:52.056Z] 10:14:52     INFO -   4  libring.so",
        "  4  libring.so",
        Expected { received: Some(AT + 56_000_000), level: Some(Level::Info), ..Expected::default() },
    );
}
