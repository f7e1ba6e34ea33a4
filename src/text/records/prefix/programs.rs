//! Programs and their processes, as syslog and harnesses put them before a line.

use super::super::{Actor, Level, scan};
use super::Found;

/// `ring-07 sshd[123]: ` and `ring-07 kernel: ` after a syslog time.
pub fn host_and_program(text: &[u8]) -> Option<Found> {
    let host = text.get(..scan::run(text, scan::is_host_byte))?;
    let rest = text.get(host.len()..)?.strip_prefix(b" ")?;
    let name = scan::run(rest, |byte| !matches!(byte, b' ' | b'[' | b':'));
    let tail = rest.get(name..)?;
    let (process, taken) = match tail.first()? {
        b'[' => bracketed_process(tail).map(|(process, taken)| (Some(process), taken))?,
        _ => (None, 0),
    };
    let colon = tail.get(taken) == Some(&b':');
    let actor = Actor { host: Some(scan::text(host)), process, ..Actor::default() };
    let length = host.len() + 1 + name + taken + 1;
    (colon && name > 0 && !host.is_empty()).then_some(Found { actor, level: None, length })
}

/// The same after a date in digits, as syslog writes it by now: any two words and a colon may be a message there.
pub fn host_and_daemon(text: &[u8]) -> Option<Found> {
    let found = host_and_program(text)?;
    let is_kernel = text.get(..found.length)?.ends_with(b" kernel:");
    (found.actor.process.is_some() || is_kernel).then_some(found)
}

/// `sshd[123]: ` at the start of a line.
pub fn program(text: &[u8]) -> Option<Found> {
    let name =
        scan::run(text, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/'));
    let (process, taken) = bracketed_process(text.get(name..)?)?;
    let after = text.get(name + taken..)?;
    // One or two digits in brackets are an element of an array more often than a process.
    let ends = after.starts_with(b": ") || after.starts_with(b"  ");
    (ends && taken >= 5).then(|| Found::process(process, name + taken + 1))
}

/// `(EngineCore_DP0 pid=344) `: how Ray and vLLM show the output of their workers.
pub fn in_parentheses(text: &[u8]) -> Option<Found> {
    let end = memchr::memchr(b')', text.get(..96).unwrap_or(text))?;
    let inside = text.get(1..end)?;
    let bare = inside.starts_with(b"pid=").then_some(4);
    let at = bare.or_else(|| memchr::memmem::find(inside, b" pid=").map(|at| at + 5))?;
    let (process, digits) = scan::number(inside.get(at..)?)?;
    let ends = matches!(inside.get(at + digits), None | Some(b','));
    (ends && text.get(end + 1) == Some(&b' ')).then(|| Found::process(process, end + 1))
}

/// `E/Ring( 2114): ` of Android's brief form: level, tag and process.
pub fn logcat(text: &[u8]) -> Option<Found> {
    let level = Level::from_letter(*text.first()?)?;
    let tag = text.get(2..)?;
    let name = scan::run(tag, |byte| byte.is_ascii_graphic() && byte != b'(').min(48);
    let padding = scan::blanks(tag.get(name..)?);
    let number = tag.get(name + padding..)?.strip_prefix(b"(")?;
    let blanks = scan::blanks(number);
    let (process, digits) = scan::number(number.get(blanks..)?)?;
    let ends = name > 0 && number.get(blanks + digits..)?.starts_with(b"):");
    let length = 2 + name + padding + 1 + blanks + digits + 2;
    ends.then(|| Found { level: Some(level), ..Found::process(process, length) })
}

/// `3106:M ` of Redis: the process and its role.
pub fn redis(text: &[u8]) -> Option<Found> {
    let (process, digits) = scan::number(text)?;
    let [b':', b'M' | b'S' | b'C' | b'X', b' '] = *text.get(digits..)?.first_chunk()? else { return None };
    Some(Found::process(process, digits + 2))
}

/// `GECKO(1919) | ` and `PID 3554 | `: the program whose output a harness shows.
pub fn bar(text: &[u8]) -> Option<Found> {
    let name = scan::run(text, |byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    let open = text.get(name)?;
    let (process, digits) = scan::number(text.get(name + 1..)?)?;
    let after = text.get(name + 1 + digits..)?;
    let taken = match open {
        b'(' if after.starts_with(b") | ") => 2,
        b' ' if text.starts_with(b"PID ") && after.starts_with(b" | ") => 1,
        _ => return None,
    };
    Some(Found::process(process, name + 1 + digits + taken))
}

/// `[3106]`, and Apple's `[3106:7441]` with the thread after the process.
fn bracketed_process(text: &[u8]) -> Option<(u64, usize)> {
    let inside = scan::bracketed(text)?;
    let (process, digits) = scan::number(inside)?;
    let rest = inside.get(digits..)?;
    let whole =
        rest.is_empty() || rest.strip_prefix(b":").is_some_and(|thread| scan::whole_number(thread).is_some());
    whole.then_some((process, inside.len() + 2))
}
