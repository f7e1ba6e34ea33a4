//! The frames of a kernel's report, in the order in which they were printed.

use std::sync::OnceLock;

use regex::bytes::Regex;

use crate::facts::failures::{Frame, Piece, frame};

/// What stands over a stack. The checkers of memory, races and guarded pages print theirs right below the line that
/// names the fault or who did it.
const TITLES: &[&[u8]] = &[
    b"Call Trace",
    b"Call trace",
    b"acktrace:",
    b"BUG: KMSAN: ",
    b"BUG: KFENCE: ",
    b"BUG: KCSAN: ",
    b" by task ",
    b" by interrupt on cpu ",
];

/// Reads the frames the kernel is sure of, innermost first, the instruction pointer's among them.
/// Frames without the title of a stack over them were torn from another report.
pub fn trace(pieces: &[Piece<'_>]) -> Vec<Frame> {
    let mut found = Vec::new();
    let mut titled = false;
    for piece in pieces {
        let text = piece.text();
        titled |= TITLES.iter().any(|title| memchr::memmem::find(text, title).is_some());
        if let Some(function) = pointer(text) {
            found.push(Frame { function, ..Frame::default() });
        } else if titled && is_frame(text) {
            found.extend(sure(text));
        }
    }
    found
}

/// Returns the function of the instruction pointer, where it was in the kernel.
fn pointer(text: &[u8]) -> Option<String> {
    static FORM: OnceLock<Regex> = OnceLock::new();
    let form = FORM.get_or_init(|| {
        regex(r"(?-u)(?:\bN?IP:? |\bRIP: |\bPC is at |\bpc : |\bepc : )(?:[0-9a-f]{4}:|\d+:)?(?:\[<? ?[0-9a-f]+>?\] *|\[<\(null\)>\] *)*(?P<function>[A-Za-z_][\w.]*)\+0x[0-9a-f]+/")
    });
    let found = form.captures(text)?.name("function")?;
    Some(plain(&String::from_utf8_lossy(found.as_bytes())))
}

fn is_frame(text: &[u8]) -> bool {
    let named = memchr::memmem::find(text, b"+0x").is_some();
    let label = text.starts_with(b"RIP") || text.starts_with(b"LR is") || text.starts_with(b"lr :");
    named && !label && frame(text).is_some()
}

/// A frame with a question mark was only found on the stack.
fn sure(text: &[u8]) -> Option<Frame> {
    let guessed = text.trim_ascii_start().starts_with(b"? ") || memchr::memmem::find(text, b"] ? ").is_some();
    let found = frame(text).filter(|_| !guessed)?;
    Some(Frame { function: plain(&found.function), ..found })
}

/// A function's name without what the compiler adds to its clones.
pub fn plain(function: &str) -> String {
    let ends = [".isra.", ".part.", ".constprop.", ".cold", ".llvm."];
    let end = ends.iter().filter_map(|end| function.find(end)).min().unwrap_or(function.len());
    function[..end].to_owned()
}

fn regex(form: &str) -> Regex {
    Regex::new(form).unwrap_or_else(|error| panic!("{form}: {error}"))
}

#[cfg(test)]
mod tests {
    use crate::facts::failures::events_in;

    /// What tells the first report of a log from others, with time stamps as the kernel prints them.
    fn identity(lines: &[&str]) -> Vec<String> {
        let log: String = lines.iter().map(|line| format!("[  600.168788][ T9046] {line}\n")).collect();
        let events = events_in(log);
        events.iter().find_map(|event| event.identity.clone()).unwrap_or_default()
    }

    #[test]
    fn checkers_print_their_stack_right_below_what_they_say() {
        for (lines, place, why) in [
            (
                &[
                    "BUG: KMSAN: kernel-infoleak in _copy_to_user+0x1c9/0x270",
                    " _copy_to_user+0x1c9/0x270",
                    " ring_pop+0x57b/0xb10",
                    " do_syscall_64+0x54/0xd0",
                ][..],
                "ring_pop",
                "the copy is made for its caller",
            ),
            (
                &[
                    "BUG: KMSAN: uninit-value in aes_encrypt+0x15cc/0x1db0",
                    " aes_encrypt+0x15cc/0x1db0",
                    " crypto_skcipher_encrypt+0xe0/0x150",
                    " ring_seal+0x52c/0x900",
                ][..],
                "ring_seal",
                "a cipher reads what its caller gave",
            ),
        ] {
            let found = identity(lines);
            assert!(found.iter().any(|part| part == place), "{why}: {found:?}");
        }
    }
}
