//! Hostile inputs: 30 kinds of line in 20 arrangements, each as long as is asked for.

use std::fmt::Write;

/// Kinds of line; `{}` stands for a word.
pub const KINDS: [&str; 30] = [
    "error: link {} failed",
    "ERROR {}: the ring is torn and gone, nobody knows how it came to be so",
    "the device called {} did not answer the request that it got in time, error 7",
    "fatal: cannot open '{}': No such file or directory",
    "make: *** [{}] Error 2",
    "ring_{}.c:31:9: error: use of undeclared identifier 'pop'",
    "FAILED tests/test_ring.py::test_{} - RuntimeError: hang",
    "--- FAIL: TestRing{} (0.41s)",
    "[ RUN      ] Ring.{}",
    "[  FAILED  ] Ring.{} (3 ms)",
    "[       OK ] Ring.{} (3 ms)",
    "test ring::{} ... FAILED",
    "not ok 3 - {}",
    "FAIL: {} (tests.test_ring.RingTest)",
    "java.lang.IllegalStateException: ring {} is torn",
    "\tat acme.Ring.{}(Ring.java:31)",
    "  File \"/w/ring_{}.py\", line 3, in push",
    "    #1 0x55d1 in {} /w/ring.c:31:9",
    "goroutine 7 [chan receive, 3 minutes]: {}",
    "thread '{}' panicked at src/ring.rs:31:5:",
    "==7==ERROR: AddressSanitizer: heap-use-after-free on address 0x6020 in {}",
    "BUG: unable to handle page fault for address in {}",
    "Segmentation fault (core dumped) {}",
    "##[error]{} says: Process completed with exit code 1.",
    "The command \"{}\" exited with 1.",
    "timeout: {} ran longer than 30 seconds and was killed",
    "export RING_{}=1; SEED=42; TIMEOUT=30s",
    "attempt 3 of 5 failed for {}, retrying",
    "Expected: {} to equal [1, 2, 3] but got nil",
    "all is well with {} here",
];

/// Ways in which lines stand.
pub const ARRANGEMENTS: usize = 20;

/// Returns the word of a number: letters that no two numbers share, as digits would be masked.
fn word(mut number: usize) -> String {
    let mut word = String::new();
    loop {
        word.insert(0, char::from(b'a' + (number % 26) as u8));
        number /= 26;
        if number == 0 {
            return format!("q{word}");
        }
    }
}

/// Returns an input of `count` lines of a kind in an arrangement.
pub fn shape(kind: &str, arrangement: usize, count: usize) -> String {
    let line = |word: &str| kind.replace("{}", word);
    let mut text = head(arrangement).to_owned();
    for at in 0..count {
        let distinct = line(&word(at));
        // Writing to a string does not fail.
        let _ = match arrangement {
            0 => writeln!(text, "{}", line("same")),
            1 => writeln!(text, "{distinct}"),
            2 => writeln!(text, "{}", line(&at.to_string())),
            3 => write!(text, "{distinct} "),
            4 => writeln!(text, "{distinct}\n"),
            5 => writeln!(text, "{distinct}\n{}", "all is well here\n".repeat(5)),
            6 => write!(text, "{distinct}\r\n"),
            7 => write!(text, "{distinct}\r"),
            8 => writeln!(text, "\u{1b}[31m{distinct}\u{1b}[0m"),
            9 => writeln!(text, "2026-01-30T04:12:07.1234567Z {distinct}"),
            10 => {
                writeln!(text, "2026-01-30T{:02}:{:02}:{:02}Z {distinct}", at / 3600, at / 60 % 60, at % 60)
            }
            11 => writeln!(text, "{}{distinct}", " ".repeat(at % 40)),
            12 => writeln!(text, "[rank {at}] {distinct}"),
            13 => writeln!(text, "{{\"level\":\"error\",\"message\":\"{}\"}}", distinct.replace('"', "'")),
            14 => writeln!(
                text,
                "Traceback (most recent call last):\n  File \"ring.py\", line 3, in pop\n{distinct}"
            ),
            15 => writeln!(text, "Caused by: {distinct}"),
            16 => writeln!(
                text,
                "goroutine {at} [running]:\nacme.pop(0x1)\n\t/w/ring.go:31 +0x1d\n{distinct}\n"
            ),
            17 => writeln!(text, "{}", case(at, &distinct)),
            18 => write!(text, "{}", case(at, &distinct)),
            _ => writeln!(text, "{}", line(&word(at % 7)).repeat(3)),
        };
    }
    text + if matches!(arrangement, 17 | 18) { "</testsuite>\n" } else { "" }
}

fn head(arrangement: usize) -> &'static str {
    match arrangement {
        17 | 18 => "<?xml version=\"1.0\"?><testsuite name=\"ring\">",
        _ => "",
    }
}

/// Returns a test of JUnit's XML that failed with these words.
fn case(at: usize, words: &str) -> String {
    let words = words.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    let name = word(at);
    format!(
        "<testcase classname=\"Ring\" name=\"{name}\"><failure message=\"{words}\">{words}</failure></testcase>"
    )
}
