//! Which events only follow from one before them.

use super::event::{Event, Kind, Report, Role};

/// Lines after which a signal no longer comes from the words before it.
const FAR: u64 = 200;
/// Lines after which a null pointer is a fault of its own, not the way in which a failed check ends
/// the process.
const NEAR: u64 = 12;

/// Lines within which two handlers tell of the same signal.
const SAME: u64 = 40;

/// Marks the reports that tell only which signal ended the process after it had said why. If the
/// words came without a stack, the stack that the signal's report shows is theirs.
///
/// `events` are in the order of their lines.
pub fn follow(events: &mut [Event]) {
    for at in 1..events.len() {
        let (before, rest) = events.split_at_mut(at);
        let Some(event) = rest.first_mut() else { continue };
        let mut near = before.iter_mut().rev().take_while(|cause| cause.lines_to(event) <= FAR);
        if let Some(cause) = near.find(|cause| leads_to(cause, event)) {
            event.role = Role::Cascade;
            if cause.frames.is_empty() {
                cause.frames.clone_from(&event.frames);
            }
        }
    }
}

fn leads_to(cause: &Event, event: &Event) -> bool {
    let says_why = cause.role == Role::Root
        && (cause.report == Report::Fault && cause.kind != Kind::Race
            || matches!(cause.kind, Kind::Exception | Kind::Assertion) && cause.class.is_some());
    let null = event.class.as_deref().is_some_and(|class| class.starts_with("null-dereference"));
    let check = cause.report == Report::Fault && cause.kind == Kind::Assertion;
    let signal = event.report == Report::Signal;
    // The first handler stands nearest to the fault.
    let reported = cause.report == Report::Signal && cause.role == Role::Root && !cause.frames.is_empty();
    says_why && (signal || null && check && cause.lines_to(event) <= NEAR)
        || reported && signal && cause.class != event.class && cause.lines_to(event) <= SAME
}

#[cfg(test)]
mod tests {
    use crate::facts::failures::{Event, Role, events_in};

    const ABORT: &str = "AddressSanitizer:DEADLYSIGNAL\n=====================\n==7==ERROR: AddressSanitizer: ABRT on unknown address 0x000000000007 (pc 0x1 bp 0x2 sp 0x3 T0)\nSCARINESS: 10 (signal)\n    #0 0x1 in abort /s/abort.c:79\n    #1 0x2 in ring_pop /w/ring.c:31:9\n    #2 0x3 in main /w/main.c:9:2\n==7==ABORTING\n";

    /// Returns the role of the sanitizer's report.
    fn abort(events: &[Event]) -> Option<Role> {
        events.iter().find(|event| event.class.as_deref() == Some("abrt")).map(|event| event.role)
    }

    #[test]
    fn an_abort_follows_from_what_was_said_before_it() {
        let heads = [
            "ring_test: ring.c:31: ring_pop: Assertion `head < tail' failed.\n",
            "#\n# Fatal error in ring.cc, line 31\n# Check failed: head < tail.\n#\n",
            "thread 'main' panicked at 'ring is torn', src/ring.rs:31:5\n",
            "===BUG DETECTED: Shell injection===\n",
            "panic: ring is torn\n\ngoroutine 1 [running]:\nacme/ring.pop()\n\t/w/ring.go:31 +0x1d\n",
        ];
        for head in heads {
            let events = events_in(format!("{head}{ABORT}"));
            assert_eq!(abort(&events), Some(Role::Cascade), "{head}: {events:#?}");
            let functions: Vec<&str> = events[0].frames.iter().map(|frame| frame.function.as_str()).collect();
            assert!(functions.iter().any(|function| function.contains("pop")), "{head}: {functions:?}");
        }
    }

    #[test]
    fn an_abort_alone_or_long_after_is_what_there_is() {
        assert_eq!(abort(&events_in(ABORT)), Some(Role::Root));
        let late = format!("a.c:1: f: Assertion `x' failed.\n{}{ABORT}", "ring\n".repeat(400));
        assert_eq!(abort(&events_in(&late)), Some(Role::Root));
    }
}
