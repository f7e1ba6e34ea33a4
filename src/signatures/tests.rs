//! Reports of each kind, and what they are called.

use super::{Catalog, sign};
use crate::facts::failures::events_in;

/// Returns the normal form of the first event.
fn first(log: &str) -> String {
    let events = events_in(log);
    events.first().map(|event| sign(event, Catalog::embedded()).normal()).unwrap_or_default()
}

fn goroutine(number: u32, state: &str, frames: &[(&str, &str)]) -> String {
    let mut text = format!("\ngoroutine {number} [{state}]:\n");
    for (function, place) in frames {
        text.push_str(&format!("{function}(0xc0000{number}, 0x1)\n\t{place} +0x1d\n"));
    }
    text
}

#[test]
fn goroutines_that_wait_have_one_name_whoever_dumped_them() {
    let sender = [
        ("runtime.gopark", "/usr/local/go/src/runtime/proc.go:398"),
        ("acme/ring.(*Ring).Push", "/w/ring/ring.go:31"),
    ];
    let closer = [
        ("sync.(*Mutex).Lock", "/usr/local/go/src/sync/mutex.go:90"),
        ("acme/ring.(*Ring).Close", "/w/ring/ring.go:57"),
    ];
    let heads = [
        "panic: test timed out after 30s\n",
        "fatal error: all goroutines are asleep - deadlock!\n",
        "SIGQUIT: quit\nPC=0x46 m=0 sigcode=0\n",
    ];
    let expected = "hang | goroutines waiting | acme/ring.(*Ring).Close | acme/ring.(*Ring).Push";
    for head in heads {
        let one = goroutine(7, "chan send", &sender);
        let other = goroutine(21, "sync.Mutex.Lock, 2 minutes", &closer);
        assert_eq!(first(&format!("{head}{one}{other}")), expected, "{head}");
        assert_eq!(
            first(&format!("{head}{other}{one}exit status 2\nFAIL\tacme/ring\t30.0s\n")),
            expected,
            "{head}"
        );
    }
}

#[test]
fn a_panic_is_named_by_the_goroutine_that_panicked() {
    let log = format!(
        "panic: send on closed channel\n{}{}",
        goroutine(5, "running", &[("acme/ring.(*Ring).Push", "/w/ring/ring.go:31")]),
        goroutine(6, "chan receive", &[("acme/ring.(*Ring).Pop", "/w/ring/ring.go:44")]),
    );
    let name = first(&log);
    assert!(
        name.contains("send on closed channel") && name.contains("Push") && !name.contains("Pop"),
        "{name}"
    );
}

#[test]
fn both_sides_of_a_race_name_it_in_either_order() {
    let side = |access: &str, function: &str, line: u32| {
        format!(
            "{access} at 0x00c00001{line} by goroutine {line}:\n  acme/ring.{function}()\n      /w/ring/ring.go:{line} +0x2f\n\n"
        )
    };
    let rule = "==================\n";
    let push_first = format!(
        "{rule}WARNING: DATA RACE\n{}{}{rule}",
        side("Write", "push", 31),
        side("Previous read", "size", 44)
    );
    let size_first = format!(
        "{rule}WARNING: DATA RACE\n{}{}{rule}",
        side("Read", "size", 44),
        side("Previous write", "push", 31)
    );
    assert_eq!(first(&push_first), first(&size_first));
    assert!(first(&push_first).contains("acme/ring.push"), "{}", first(&push_first));
}

#[test]
fn reports_of_the_kernel_are_named_by_form_and_place() {
    let trace = "Call Trace:\n dump_stack+0x1b/0x20\n ring_push+0x84/0x104\n do_syscall_64+0x5/0x9\n";
    let cases = [
        (
            "a bad access",
            "BUG: KASAN: use-after-free in ring_push+0x84/0x104\nRead of size 8 at addr ffff88 by task ring/31\n",
            "sanitizer | KASAN: use-after-free Read | ring_push",
        ),
        (
            "a warning",
            "[   12.5] WARNING: CPU: 1 PID: 31 at net/ring.c:9 ring_push+0x84/0x104\n",
            "crash | WARNING | ring_push",
        ),
        (
            "a pointer",
            "general protection fault: 0000 [#1] SMP\n",
            "crash | general protection fault | ring_push",
        ),
        (
            "a task that hangs",
            "[  143.1] INFO: task ring:31 blocked for more than 120 seconds.\n",
            "hang | INFO: task hung | ring_push",
        ),
        (
            "a loop",
            "watchdog: BUG: soft lockup - CPU#1 stuck for 134s! [ring:31]\n",
            "hang | BUG: soft lockup | ring_push",
        ),
    ];
    for (why, head, expected) in cases {
        assert_eq!(first(&format!("{head}{trace}")), expected, "{why}");
    }
}

#[test]
fn a_report_that_was_cut_short_has_no_place() {
    let log = "WARNING: CPU: 1 PID: 31 at net/ring.c:9 ring_push+0x84/0x104\nsome other line\n";
    assert_eq!(first(log), "crash | WARNING");
}

#[test]
fn a_lock_is_named_by_where_it_was_asked_for() {
    let log = "WARNING: possible circular locking dependency detected\n5.0.1 #4 Not tainted\nring/31 is trying to acquire lock:\n00000000 (&ring->lock){+.+.}, at: ring_push+0x84/0x104\n\nbut task is already holding lock:\n00000000 (&log->lock){+.+.}, at: log_write+0x31/0x90\n";
    assert_eq!(first(log), "hang | possible deadlock | ring_push");
}

#[test]
fn pointers_near_null_are_told_from_wild_ones() {
    let report = |address: &str| {
        format!(
            "==31==ERROR: AddressSanitizer: SEGV on unknown address {address} (pc 0x55 bp 0x7f sp 0x7e T0)\n==31==The signal is caused by a READ memory access.\nSCARINESS: 10 (null-deref)\n    #0 0x5583 in ring_push /w/ring.c:31:7\n    #1 0x5584 in ring_fill /w/ring.c:57:3\n"
        )
    };
    let null = first(&report("0x000000000018"));
    assert!(null.contains("null-dereference READ | ring_push (ring.c) | ring_fill (ring.c)"), "{null}");
    assert_ne!(null, first(&report("0x6e6f6e656e75")));
}

#[test]
fn a_debugger_names_a_crash_by_its_signal() {
    let log = "Program received signal SIGTRAP, Trace/breakpoint trap.\n0x0000000000000ac8 in ring_push ()\n#0  0x0000000000000ac8 in ring_push ()\n#1  0x00000000000007d8 in ring_fill (count=3) at ring/ring.c:57\n";
    let name = first(log);
    assert!(name.starts_with("crash | ") && name.contains("SIGTRAP") && name.contains("ring_push"), "{name}");
}
