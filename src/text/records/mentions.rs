//! Actors named inside a message: `device 4`, `rank 3`, `goroutine 12`. They stay in the message.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::{Actor, scan};

/// The words after which a number names an actor, in the cases that logs write. Few and spelled
/// out, so that the search may look at many bytes at once.
const WORDS: [&str; 17] = [
    "device",
    "Device",
    "DEVICE",
    "chip",
    "Chip",
    "rank",
    "Rank",
    "RANK",
    "goroutine",
    "worker",
    "Worker",
    "gw",
    "pid",
    "PID",
    "Pid",
    "thread",
    "Thread",
];

static FINDER: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(WORDS).ok());

/// Adds to `actor` what `message` names and `actor` does not know yet; of several the first.
pub fn complete(actor: &mut Actor, message: &[u8]) {
    let Some(finder) = FINDER.as_ref() else { return };
    for found in finder.find_iter(message) {
        let starts =
            found.start() == 0 || !message.get(found.start() - 1).is_some_and(u8::is_ascii_alphanumeric);
        let word = found.pattern().as_usize();
        let number = message.get(found.end()..).filter(|_| starts).and_then(|rest| number_after(rest, word));
        if let Some(number) = number {
            note(actor, WORDS.get(word).copied().unwrap_or_default(), number);
        }
    }
}

/// Reads ` 4`, `=4`, `: 4`, `#4` or `4` as a whole number of at most ten digits.
fn number_after(rest: &[u8], word: usize) -> Option<u64> {
    let marks = scan::run(rest, |byte| matches!(byte, b' ' | b'=' | b':' | b'#' | b'\'' | b'"'));
    let glued = WORDS.get(word) == Some(&"gw");
    let (number, digits) = scan::number(rest.get(marks..)?)?;
    let next = rest.get(marks + digits);
    let fraction = next == Some(&b'.') && rest.get(marks + digits + 1).is_some_and(u8::is_ascii_digit);
    let fits = if glued { marks == 0 } else { marks <= 2 };
    (fits && digits <= 10 && scan::ends_word(next) && !fraction).then_some(number)
}

fn note(actor: &mut Actor, word: &str, number: u64) {
    let is = |name: &str| name.eq_ignore_ascii_case(word);
    match () {
        () if is("device") || is("chip") => actor.device = actor.device.or(Some(number)),
        () if is("rank") => actor.rank = actor.rank.or(Some(number)),
        () if is("worker") || is("gw") => actor.worker = actor.worker.or(Some(number)),
        () if is("pid") => actor.process = actor.process.or(Some(number)),
        () if is("thread") && actor.thread.is_none() => actor.thread = Some(number.to_string()),
        () if is("goroutine") && actor.thread.is_none() => actor.thread = Some(format!("goroutine {number}")),
        () => {}
    }
}
