//! Threads and processes as columns of a log header, where a time before them says that it is one.

use super::super::{Level, level, scan};
use super::Found;

/// `[T1286]` and `[C0]` of kernels built with caller ids: the task or processor.
pub fn kernel_context(inside: &[u8], length: usize) -> Option<Found> {
    let inside = inside.trim_ascii();
    scan::whole_number(inside.strip_prefix(b"T").or_else(|| inside.strip_prefix(b"C"))?)?;
    Some(Found::thread(inside, length))
}

/// `[main]`, `[pool-1-thread-2]`, `[12345]` in a log header: followed by a level, a dash or named
/// like a thread.
pub fn thread(inside: &[u8], rest: &[u8], length: usize) -> Option<Found> {
    if let Some(process) = scan::whole_number(inside.strip_prefix(b"#").unwrap_or(inside)) {
        return Some(Found::process(process, length));
    }
    let after = rest.get(scan::blanks(rest)..)?;
    let column = level::column(after, true).is_some_and(|found| found.length > 0) || after.starts_with(b"- ");
    let plausible = inside.first()?.is_ascii_alphabetic() && !inside.ends_with(b":") && !is_place(inside);
    (plausible && (column || is_thread_name(inside))).then(|| Found::thread(inside, length))
}

/// `25746 INFO ` and Android's `1702  2395 D `: process and thread columns before a level.
pub fn process_column(text: &[u8]) -> Option<Found> {
    let (process, digits) = scan::number(text).filter(|&(_, digits)| digits <= 7)?;
    let rest = text.get(digits..)?;
    let blanks = scan::blanks(rest);
    let after = rest.get(blanks..).filter(|_| blanks > 0)?;
    if level::column(after, true).is_some_and(|found| found.length > 0) {
        return Some(Found::process(process, digits));
    }
    let (_, thread_digits) = scan::number(after)?;
    let letter = after.get(thread_digits..)?.strip_prefix(b" ")?;
    let level = Level::from_letter(*letter.first()?)?;
    let tag = tag(letter.get(1..)?.strip_prefix(b" ")?);
    let mut found = Found::process(process, digits + blanks + thread_digits + 2 + tag);
    found.actor.thread = after.get(..thread_digits).map(scan::text);
    Some(Found { level: Some(level), ..found })
}

/// Returns the length of Android's `Ring    : ` with the blank before it, or 0 where no tag stands.
fn tag(text: &[u8]) -> usize {
    let name = scan::run(text, |byte| byte.is_ascii_graphic() && byte != b':').min(48);
    let rest = text.get(name..).unwrap_or_default();
    let padding = scan::blanks(rest);
    let ends = name > 0 && rest.get(padding..).is_some_and(|rest| rest.starts_with(b": "));
    if ends { 1 + name + padding + 1 } else { 0 }
}

/// Returns true for `importing.py:44`: a place in a source file, not a thread.
fn is_place(inside: &[u8]) -> bool {
    scan::rsplit_once(inside, b':')
        .is_some_and(|(file, line)| scan::whole_number(line).is_some() && file.contains(&b'.'))
}

fn is_thread_name(inside: &[u8]) -> bool {
    const PARTS: [&[u8]; 8] =
        [b"main", b"hread", b"pool", b"exec-", b"xecutor", b"andler", b"cheduler", b"dispatcher"];
    PARTS.iter().any(|part| memchr::memmem::find(inside, part).is_some())
}
