//! Lines of every wrapper, dialect, level and actor, and what they must be read as.

use super::{Actor, BEGINS, Basis, Level, Marker, Record, parse};
use crate::text::lines::Line;

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
        assert_eq!(record.when.map(|when| (when.nanos, when.basis)), Some(time), "time of {input:?}");
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
    let begins = BEGINS.iter().any(|string| input.contains(string));
    assert!(marker != Marker::Begin || begins, "{input:?} is not sought as the beginning of a step");
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
    received("\x1b_bk;t=1795342492056\x07 10%\r\x1b_bk;t=1795342492057\x07 50%", " 50%", 56_000_000);
    marked("\x1b_bk;t=1795342492056\x07--- Build", "Build", Marker::Begin, None);
    marked("~~~ Preparing", "Preparing", Marker::Begin, None);
    check("--- FAIL: TestRing (0.00s)", "--- FAIL: TestRing (0.00s)", Expected::default());
    marked("##[section]Finishing: Build", "Finishing: Build", Marker::End, None);
    marked("##vso[task.logissue type=error]no link", "no link", Marker::Error, Some(Level::Error));
    marked("====>> Checkout code", "Checkout code", Marker::Begin, None);
    marked("##teamcity[testFailed name='ring']", "testFailed name='ring'", Marker::Error, Some(Level::Error));
    marked("[taskcluster:error] no link", "no link", Marker::Error, Some(Level::Error));
    check(
        "[taskcluster:warn 2026-11-22T10:14:52.056Z] slow",
        "slow",
        Expected {
            received: Some(AT + 56_000_000),
            marker: Some(Marker::Warning),
            level: Some(Level::Warning),
            ..Expected::default()
        },
    );
    check("[task:ring] pushed", "[task:ring] pushed", Expected::default());
    check(
        "[task 2026-11-22T10:14:52.056Z] 10:14:52     INFO -   4  libring.so",
        "  4  libring.so",
        Expected { received: Some(AT + 56_000_000), level: Some(Level::Info), ..Expected::default() },
    );
}

#[test]
fn layers_come_off_one_after_the_other() {
    let line =
        "2026-11-22T10:14:52.0560358Z \x1b[36mring-1  |\x1b[0m 2026-11-22 10:14:51,250 - link - ERROR - down";
    check(
        line,
        "down",
        Expected {
            time: Some((AT - 750_000_000, Basis::LocalDate)),
            received: Some(AT + 56_035_800),
            level: Some(Level::Error),
            actor: Some(Actor { service: Some("ring-1".into()), ..Actor::default() }),
            ..Expected::default()
        },
    );
    let line = "2026-11-22T10:14:52.056035801Z stderr F E1122 10:14:52.000001 77 ring.go:7] down";
    let actor = Actor { thread: Some("77".into()), ..Actor::default() };
    check(line, "down", Expected { level: Some(Level::Error), actor: Some(actor), ..Expected::default() });
    check("[pod/ring-0/main] up", "up", Expected::default());
    check("ca-certificates-2026 | 1 KB | 100%", "ca-certificates-2026 | 1 KB | 100%", Expected::default());
}

fn timed(input: &str, message: &str, nanos: i64, basis: Basis) {
    let record = read(input.as_bytes());
    let read = record.when.map(|when| (when.nanos - nanos, when.basis));
    assert_eq!(read, Some((0, basis)), "time of {input:?}");
    assert_eq!(String::from_utf8_lossy(&record.message), message, "message of {input:?}");
}

#[test]
fn dates_with_a_zone_count_from_the_epoch() {
    for line in [
        "2026-11-22T10:14:52Z x",
        "2026-11-22 10:14:52+00:00 x",
        "2026-11-22T12:14:52.000+0200 x",
        "2026-11-22 10:14:52 UTC x",
        "[2026-11-22 10:14:52 +0000] x",
        "Sun Nov 22 10:14:52 UTC 2026 x",
        "Sun, 22 Nov 2026 10:14:52 GMT x",
        "[22/Nov/2026:10:14:52 +0000] x",
        "1795342492.000 x",
        "1795342492000 x",
        "- 1795342492 2026.11.22 x",
        "time=\"2026-11-22T10:14:52Z\" x",
    ] {
        timed(line, "x", AT, Basis::Epoch);
    }
}

#[test]
fn dates_without_a_zone_are_taken_for_utc() {
    for line in [
        "2026-11-22 10:14:52 x",
        "2026-11-22 10:14:52,000 - x",
        "2026-11-22T10:14:52.000 | x",
        "2026/11/22 10:14:52 x",
        "2026-11-22-10.14.52.000000 x",
        "26/11/22 10:14:52 x",
        "261122 101452 x",
        "20261122-10:14:52:000|x",
        "Nov 22, 2026 10:14:52 AM x",
        "[Sun Nov 22 10:14:52.000 2026] x",
        "22-Nov-2026 10:14:52.000 x",
    ] {
        timed(line, "x", AT, Basis::LocalDate);
    }
}

#[test]
fn what_a_time_lacks_is_said_by_its_basis() {
    const DAY: i64 = 86_400_000_000_000;
    timed("10:14:52 x", "x", AT % DAY, Basis::TimeOfDay);
    timed("[10:14:52] x", "x", AT % DAY, Basis::TimeOfDay);
    timed("10:14:52.5 x", "x", AT % DAY + 500_000_000, Basis::TimeOfDay);
    timed("10:14:52 AM: x", "x", AT % DAY, Basis::TimeOfDay);
    timed("[12:14:52 PM] x", "x", AT % DAY + 7_200_000_000_000, Basis::TimeOfDay);
    timed("1:14:52 PM: x", "x", AT % DAY + 10_800_000_000_000, Basis::TimeOfDay);
    timed("[   12.345678] x", "x", 12_345_678_000, Basis::Monotonic);
    timed("[   12.345678][ T1286] x", "x", 12_345_678_000, Basis::Monotonic);
    // 2000-11-22T10:14:52Z, the year that stands for none.
    const NO_YEAR: i64 = 974_888_092_000_000_000;
    timed("Nov 22 10:14:52 ring-07 sshd[123]: x", "x", NO_YEAR, Basis::MonthDay);
    timed("11-22 10:14:52.000  1702  2395 E Ring: x", "x", NO_YEAR, Basis::MonthDay);
    timed("INFO 11-22 10:14:52 [ring.py:44] x", "x", NO_YEAR, Basis::MonthDay);
    timed("[11-22|10:14:52.000] DEBUG ring/epoch.go:48 x", "x", NO_YEAR, Basis::MonthDay);
    timed("INFO [11-22|10:14:52.000] x", "x", NO_YEAR, Basis::MonthDay);
    timed("38.453s: x", "x", 38_453_000_000, Basis::Monotonic);
    timed("[   59.392466920,3] x", "x", 59_392_466_920, Basis::Monotonic);
    timed("- 10:14:52 [ERROR] x", "x", AT % DAY, Basis::TimeOfDay);
    timed("[E1122 10:14:52.000000 ring.cpp:616] x", "x", NO_YEAR, Basis::MonthDay);
    let july = NO_YEAR - 140 * 86_400 * 1_000_000_000;
    timed("[E705 10:14:52.000000 ring.cpp:616] x", "x", july, Basis::MonthDay);
    timed("E1122 10:14:52.000000 12345 ring.cc:12] x", "x", NO_YEAR, Basis::MonthDay);
    timed("[31:74:1122/101452.000000:ERROR:ring.cc(12)] x", "x", NO_YEAR, Basis::MonthDay);
    timed("E, [2026-11-22T10:14:52.000000 #1234] ERROR -- ring: x", "x", AT, Basis::LocalDate);
}

#[test]
fn the_time_of_receipt_fills_what_the_program_left_out() {
    const LATE: &str = "2026-11-22T10:14:52.9000000Z";
    timed(&format!("{LATE} 10:14:51.250 x"), "x", AT - 750_000_000, Basis::LocalDate);
    timed(&format!("{LATE} Nov 22 10:14:51.250 x"), "x", AT - 750_000_000, Basis::LocalDate);
    // Two hours east of Greenwich, as the time of receipt shows.
    timed(&format!("{LATE} 2026-11-22 12:14:52,250 x"), "x", AT + 250_000_000, Basis::LocalDate);
    // Shown an odd while after it was written: nothing says another zone.
    timed(&format!("{LATE} 2026-11-22 08:07:52,250 x"), "x", AT - 7_619_750_000_000, Basis::LocalDate);
    // Whole seconds would blur the order.
    timed(&format!("{LATE} 10:14:52 x"), "x", AT + 900_000_000, Basis::Epoch);
    timed(&format!("{LATE} [   12.345678] x"), "x", AT + 900_000_000, Basis::Epoch);
}

#[test]
fn what_only_looks_like_a_time_stays() {
    for line in [
        "12:34:56:78:9a:bc is the address",
        "2026-13-22 10:14:52 x",
        "25:00:00 x",
        "1234567890 bytes",
        "2026-11-22",
        "[0.123] x",
        "[999999999999.999999] x",
        "May I ask",
        "Sunday",
        "  2026-11-22 10:14:52 indented",
    ] {
        let record = read(line.as_bytes());
        assert_eq!((record.time, &*record.message), (None, line.as_bytes()), "{line:?}");
    }
}

fn leveled(input: &str, message: &str, level: Level) {
    check(input, message, Expected { level: Some(level), ..Expected::default() });
}

#[test]
fn levels_are_columns() {
    leveled("[ERROR] x", "x", Level::Error);
    leveled("[ warn ] x", "x", Level::Warning);
    leveled("\x1b[0m[\x1b[31merror\x1b[0m] x", "x", Level::Error);
    leveled("<3>x", "x", Level::Error);
    leveled("E/Ring( 123): x", "x", Level::Error);
    leveled("E/Ring: x", "Ring: x", Level::Error);
    leveled("[   59.392466920,3] x", "x", Level::Error);
    leveled("[E ring.cpp:616] x", "x", Level::Error);
    leveled(
        "(Engine pid=180) ERROR 11-22 10:14:52 [core.py:968]   File \"a.py\", line 3",
        "  File \"a.py\", line 3",
        Level::Error,
    );
    leveled("2026-11-22 10:14:52.123 | critical |          Always | x", "x", Level::Fatal);
    leveled("2026-11-22 10:14:52.123 | ERROR    | ring.core:check:262 - x", "x", Level::Error);
    leveled("[1795342492.056035] [ring-07:77:0]        mm.c:238  UCX  ERROR x", "x", Level::Error);
    leveled("[1795342492.056035] [ring-07:77:0] tl_ring.h:108  TL_UCP ERROR x", "x", Level::Error);
    leveled("ERROR    | ring:check:262 - x", "x", Level::Error);
    leveled("   Always | critical | x", "x", Level::Fatal);
    leveled("2026-11-22 10:14:52.123 | critical |   Device | x", "x", Level::Fatal);
    leveled("2026-11-22 10:14:52,123 - ring.py:507 - INFO: x", "x", Level::Info);
    leveled("2026-11-22 10:14:52 [main] ERROR com.example.Ring - x", "com.example.Ring - x", Level::Error);
    leveled("2026-11-22 10:14:52,123 INFO  [Ring[id=1]/0:0:7@774] - x", "x", Level::Info);
    leveled("2026-11-22 10:14:52, Error   CBS x", "  CBS x", Level::Error);
    leveled("2026-11-22 10:14:52.008 25746 WARNING ring x", "ring x", Level::Warning);
    leveled("261122 101452 148 WARN ring: x", "ring: x", Level::Warning);
    leveled("2026/11/22 10:14:52 [error] 123#456: x", "123#456: x", Level::Error);
    leveled("[10:14:52]W:\t [Step 1/3] x", " [Step 1/3] x", Level::Warning);
    leveled("time=\"2026-11-22T10:14:52Z\" level=warning msg=x", "msg=x", Level::Warning);
    leveled("2026-11-22T10:14:52Z  WARN ring::link: x", "ring::link: x", Level::Warning);
    let json = r#"{"level":"error","ts":1795342492.5,"msg":"x"}"#;
    leveled(json, json, Level::Error);
}

#[test]
fn a_level_that_belongs_to_the_words_stays_in_them() {
    for (line, level) in [
        ("error: could not compile `ring`", Level::Error),
        ("error[E0308]: mismatched types", Level::Error),
        ("fatal: not a git repository", Level::Fatal),
        ("ERROR tests/test_ring.py::test_link", Level::Error),
        ("npm ERR! code ELIFECYCLE", Level::Error),
        ("panic: send on closed channel", Level::Fatal),
        ("warning: unused variable", Level::Warning),
    ] {
        leveled(line, line, level);
        leveled(&format!("2026-11-22T10:14:52.0560358Z {line}"), line, level);
    }
}

#[test]
fn a_word_in_the_text_is_no_level() {
    for line in [
        "no error found",
        "errors: 0",
        "Error in the second sentence",
        "info about links",
        "[  FAILED  ] Ring.link",
        "    error indented",
        "E   AssertionError: link",
        "Warnings are listed below",
    ] {
        check(line, line, Expected::default());
    }
}

fn acted(input: &str, message: &str, actor: Actor) {
    let record = read(input.as_bytes());
    assert_eq!(record.actor, actor, "actor of {input:?}");
    assert_eq!(String::from_utf8_lossy(&record.message), message, "message of {input:?}");
}

#[test]
fn actors_before_the_message_are_taken_off() {
    let none = Actor::default;
    acted("[gw3] x", "x", Actor { worker: Some(3), ..none() });
    acted("[gw3] [ 45%] PASSED x", "[ 45%] PASSED x", Actor { worker: Some(3), ..none() });
    acted("[1,7]<stderr>:x", "x", Actor { rank: Some(7), ..none() });
    acted("[1,7]<stdout>: x", "x", Actor { rank: Some(7), ..none() });
    acted("[rank3]: x", "x", Actor { rank: Some(3), ..none() });
    acted("[Rank 3] x", "x", Actor { rank: Some(3), ..none() });
    acted("[default3]:x", "x", Actor { rank: Some(3), ..none() });
    acted("rank 3: x", "x", Actor { rank: Some(3), ..none() });
    acted("sshd[12345]: x", "x", Actor { process: Some(12345), ..none() });
    acted("GECKO(1919) | x", "x", Actor { process: Some(1919), ..none() });
    acted("PID 3554 | x", "x", Actor { process: Some(3554), ..none() });
    acted("(Worker_0 pid=344, ip=10.0.0.7) x", "x", Actor { process: Some(344), ..none() });
    acted("77:M 22 Nov 2026 10:14:52.056 * x", "* x", Actor { process: Some(77), ..none() });
    let host = Some("ring-07".to_owned());
    acted("[ring-07:77] *** x", "*** x", Actor { host: host.clone(), process: Some(77), ..none() });
    acted(
        "[ring-07:77123] 3 more processes",
        "3 more processes",
        Actor { host: host.clone(), process: Some(77123), ..none() },
    );
    acted(
        "Nov 22 10:14:52 ring-07 kernel: pcieport 0000:00:1d.0: x",
        "pcieport 0000:00:1d.0: x",
        Actor { host: host.clone(), ..none() },
    );
    let ucx = Actor { host: host.clone(), process: Some(77), thread: Some("0".into()), ..none() };
    acted("[ring-07:77:0:77] ring.c:139  x", " x", ucx);
    acted("E/Ring( 2114): x", "x", Actor { process: Some(2114), ..none() });
    acted("(pid=344) x", "x", Actor { process: Some(344), ..none() });
    acted("Nov 22 10:14:52 ring-07 kernel: x", "x", Actor { host: host.clone(), ..none() });
    acted(
        "Nov 22 10:14:52 ring-07 sshd[77]: x",
        "x",
        Actor { host: host.clone(), process: Some(77), ..none() },
    );
    acted("2026-11-22T10:14:52.1+00:00 ring-07 kernel: x", "x", Actor { host: host.clone(), ..none() });
    acted(
        "2026-11-22T10:14:52.1+00:00 ring-07 sshd[77]: x",
        "x",
        Actor { host: host.clone(), process: Some(77), ..none() },
    );
    acted("2026-11-22T10:14:52.1+00:00 torn ring: x", "torn ring: x", none());
    let thread = Some("78".to_owned());
    let nccl = Actor { host, process: Some(77), thread, device: Some(2), ..none() };
    acted("ring-07:77:78 [2] NCCL WARN x", "x", nccl);
    let thread = Some("pool-1-thread-2".to_owned());
    acted("10:14:52 [pool-1-thread-2] INFO x", "x", Actor { thread, ..none() });
    let thread = Some("T1286".to_owned());
    acted("[   12.345678][ T1286] x", "x", Actor { thread, ..none() });
    acted("[ring:12] x", "[ring:12] x", none());
    acted("[ring.py:1234] x", "[ring.py:1234] x", none());
    acted("[10:14:52] ring", "ring", none());
    acted("values[1]: x", "values[1]: x", none());
}

#[test]
fn actors_in_the_message_are_read_and_stay() {
    let none = Actor::default;
    for (line, actor) in [
        ("Device 4 is lost, device 5 is not", Actor { device: Some(4), ..none() }),
        ("lost chip=2", Actor { device: Some(2), ..none() }),
        ("barrier of rank 3 timed out", Actor { rank: Some(3), ..none() }),
        ("goroutine 12 [running]:", Actor { thread: Some("goroutine 12".into()), ..none() }),
        ("worker 'gw1' crashed", Actor { worker: Some(1), ..none() }),
        ("killed pid 77", Actor { process: Some(77), ..none() }),
        ("device 0x1f, 4 devices, rank 0.5, frank 3, devices 7", none()),
    ] {
        acted(line, line, actor);
    }
}

#[test]
fn colcon_quotes_what_the_tools_printed() {
    let service = Some("ring_msg".to_owned());
    let none = Actor::default;
    let actor = Actor { service, ..none() };
    acted("[0.311323] (ring_msg) StderrLine: {'line': b'  no link\\n'}", "  no link", actor.clone());
    acted(
        "[0.311323] (ring_msg) StdoutLine: {'line': b'\\x1b[31mit\\'s \\t\\\\\\x1b[0m\\n'}",
        "it's \t\\",
        actor.clone(),
    );
    acted("[0.3] (ring_msg) StderrLine: {'line': b\"it's\\n\"}", "it's", actor);
    let ended = "[0.330426] (ring_msg) JobEnded: {'identifier': 'ring_msg', 'rc': 1}";
    acted(ended, &ended[11..], none());
}

#[test]
fn a_place_that_the_message_tells_of_stays() {
    for line in [
        "ring.c:12: error: no link",
        "ring.c:12 no link",
        "[ring.py:44] x",
        "  File \"ring.py\", line 3",
        "/src/ring.go:12 +0x1d",
    ] {
        acted(line, line, Actor::default());
        acted(&format!("10:14:52 {line}"), if line.starts_with('[') { "x" } else { line }, Actor::default());
    }
    let rcu = "net/ring.c:12 suspicious rcu_dereference_check() usage!";
    acted(&format!("[   12.345678] {rcu}"), rcu, Actor::default());
    acted("10:14:52 INFO ring.c:12 in send", "ring.c:12 in send", Actor::default());
}
