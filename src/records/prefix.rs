//! Actors that stand before a message: a launcher, a test runner or a log header put them there.

use super::{Actor, Level, scan};

/// An actor at the front of a text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    pub actor: Actor,
    pub level: Option<Level>,
    /// How many bytes the prefix takes.
    pub length: usize,
}

/// What stands before the text in the same line; it decides what a bare number or bracket means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// The start of the line, or a CI wrapper.
    Nothing,
    /// A date without a year, as syslog writes it.
    Syslog,
    /// Seconds since boot.
    Kernel,
    /// Any other column of a log header.
    Header,
}

/// Reads the actor at the front of `text`.
pub fn read(text: &[u8], before: Before) -> Option<Found> {
    match text.first()? {
        b'[' => in_brackets(text, before),
        b'0'..=b'9' if before == Before::Header => process_column(text),
        b'0'..=b'9' if before == Before::Nothing => redis(text),
        b'(' => in_parentheses(text),
        byte if byte.is_ascii_alphabetic() => {
            let syslog = if before == Before::Syslog { host_and_program(text) } else { None };
            syslog
                .or_else(|| rank_colon(text))
                .or_else(|| nccl(text))
                .or_else(|| program(text))
                .or_else(|| bar(text))
        }
        _ => None,
    }
}

fn in_brackets(text: &[u8], before: Before) -> Option<Found> {
    let inside = scan::bracketed(text)?;
    let length = inside.len() + 2;
    let rest = text.get(length..)?;
    let known = mpi(inside, rest, length)
        .or_else(|| worker(inside, length))
        .or_else(|| collective_rank(inside, rest, length))
        .or_else(|| open_mpi(inside, rest, length));
    known.or_else(|| match before {
        Before::Kernel => kernel_context(inside, length),
        Before::Header => thread(inside, rest, length),
        _ => None,
    })
}

/// `[gw3]` of pytest-xdist.
fn worker(inside: &[u8], length: usize) -> Option<Found> {
    let worker = whole_number(inside.strip_prefix(b"gw")?)?;
    Some(Found { actor: Actor { worker: Some(worker), ..Actor::default() }, level: None, length })
}

/// `[1,7]<stderr>:` of `mpirun --tag-output`: job and rank.
fn mpi(inside: &[u8], rest: &[u8], length: usize) -> Option<Found> {
    let (_, rank) = inside.rsplit_once_byte(b',')?;
    let rank = whole_number(rank)?;
    let stream = [b"<stdout>".as_slice(), b"<stderr>", b"<stddiag>"]
        .into_iter()
        .find(|name| rest.starts_with(name))?;
    let colon = usize::from(rest.get(stream.len()) == Some(&b':'));
    Some(rank_found(rank, length + stream.len() + colon))
}

/// `[rank3]:`, `[Rank 3]`, and torchrun's `[default3]:`.
fn collective_rank(inside: &[u8], rest: &[u8], length: usize) -> Option<Found> {
    let named = strip_word(inside, b"rank");
    let colon = rest.first() == Some(&b':');
    let local = if colon { inside.strip_prefix(b"default") } else { None };
    let rank = whole_number(named.or(local)?)?;
    Some(rank_found(rank, length + usize::from(colon)))
}

/// `rank 3: ` at the start of a line.
fn rank_colon(text: &[u8]) -> Option<Found> {
    let rest = strip_word(text, b"rank")?;
    let (rank, digits) = scan::number(rest)?;
    let colon = rest.get(digits) == Some(&b':') && matches!(rest.get(digits + 1), None | Some(b' '));
    colon.then(|| rank_found(rank, text.len() - rest.len() + digits + 1))
}

/// `[ring-07:12345] *** ` of Open MPI's own reports: host and process.
fn open_mpi(inside: &[u8], rest: &[u8], length: usize) -> Option<Found> {
    let (host, process) = inside.rsplit_once_byte(b':')?;
    let process = whole_number(process)?;
    let report = rest.starts_with(b" *** ") || rest.starts_with(b" [");
    let plausible = host.first()?.is_ascii_alphanumeric() && host.iter().all(|&byte| is_host_byte(byte));
    (report && plausible).then(|| {
        let actor = Actor { host: Some(scan::text(host)), process: Some(process), ..Actor::default() };
        Found { actor, level: None, length }
    })
}

/// `[T1286]` and `[C0]` of kernels built with caller ids: the task or processor.
fn kernel_context(inside: &[u8], length: usize) -> Option<Found> {
    let inside = inside.trim_ascii();
    whole_number(inside.strip_prefix(b"T").or_else(|| inside.strip_prefix(b"C"))?)?;
    Some(thread_found(inside, length))
}

/// `[main]`, `[pool-1-thread-2]`, `[12345]` in a log header: followed by a level, a dash or named
/// like a thread.
fn thread(inside: &[u8], rest: &[u8], length: usize) -> Option<Found> {
    if let Some(process) = whole_number(inside.strip_prefix(b"#").unwrap_or(inside)) {
        return Some(process_found(process, length));
    }
    let after = rest.get(scan::blanks(rest)..)?;
    let column =
        super::level::column(after, true).is_some_and(|found| found.length > 0) || after.starts_with(b"- ");
    let plausible = inside.first()?.is_ascii_alphabetic() && !inside.ends_with(b":") && !is_place(inside);
    (plausible && (column || is_thread_name(inside))).then(|| thread_found(inside, length))
}

/// Returns true for `importing.py:44`: a place in a source file, not a thread.
fn is_place(inside: &[u8]) -> bool {
    inside
        .rsplit_once_byte(b':')
        .is_some_and(|(file, line)| whole_number(line).is_some() && file.contains(&b'.'))
}

fn is_thread_name(inside: &[u8]) -> bool {
    const PARTS: [&[u8]; 8] =
        [b"main", b"hread", b"pool", b"exec-", b"xecutor", b"andler", b"cheduler", b"dispatcher"];
    PARTS.iter().any(|part| memchr::memmem::find(inside, part).is_some())
}

/// `25746 INFO ` and Android's `1702  2395 D `: process and thread columns before a level.
fn process_column(text: &[u8]) -> Option<Found> {
    let (process, digits) = scan::number(text).filter(|&(_, digits)| digits <= 7)?;
    let rest = text.get(digits..)?;
    let blanks = scan::blanks(rest);
    let after = rest.get(blanks..).filter(|_| blanks > 0)?;
    if super::level::column(after, true).is_some_and(|found| found.length > 0) {
        return Some(process_found(process, digits));
    }
    let (_, thread_digits) = scan::number(after)?;
    let letter = after.get(thread_digits..)?.strip_prefix(b" ")?;
    let level = Level::from_letter(*letter.first()?)?;
    let mut found = process_found(process, digits + blanks + thread_digits + 2);
    found.actor.thread = after.get(..thread_digits).map(scan::text);
    (letter.get(1) == Some(&b' ')).then_some(Found { level: Some(level), ..found })
}

/// `ring-07 sshd[123]: ` and `ring-07 kernel: ` after a syslog time.
fn host_and_program(text: &[u8]) -> Option<Found> {
    let host = text.get(..scan::run(text, is_host_byte))?;
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

/// `sshd[123]: ` at the start of a line.
fn program(text: &[u8]) -> Option<Found> {
    let name =
        scan::run(text, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/'));
    let (process, taken) = bracketed_process(text.get(name..)?)?;
    let after = text.get(name + taken..)?;
    // One or two digits in brackets are an element of an array more often than a process.
    let ends = after.starts_with(b": ") || after.starts_with(b"  ");
    (ends && taken >= 5).then(|| process_found(process, name + taken + 1))
}

/// `[3106]`, and Apple's `[3106:7441]` with the thread after the process.
fn bracketed_process(text: &[u8]) -> Option<(u64, usize)> {
    let inside = scan::bracketed(text)?;
    let (process, digits) = scan::number(inside)?;
    let rest = inside.get(digits..)?;
    let whole =
        rest.is_empty() || rest.strip_prefix(b":").is_some_and(|thread| whole_number(thread).is_some());
    whole.then_some((process, inside.len() + 2))
}

/// `(EngineCore_DP0 pid=344) `: how Ray and vLLM show the output of their workers.
fn in_parentheses(text: &[u8]) -> Option<Found> {
    let end = memchr::memchr(b')', text.get(..96).unwrap_or(text))?;
    let inside = text.get(1..end)?;
    let at = memchr::memmem::find(inside, b" pid=")?;
    let (process, digits) = scan::number(inside.get(at + 5..)?)?;
    let ends = matches!(inside.get(at + 5 + digits), None | Some(b','));
    (ends && text.get(end + 1) == Some(&b' ')).then(|| process_found(process, end + 1))
}

/// `3106:M ` of Redis: the process and its role.
fn redis(text: &[u8]) -> Option<Found> {
    let (process, digits) = scan::number(text)?;
    let [b':', b'M' | b'S' | b'C' | b'X', b' '] = *text.get(digits..)?.first_chunk()? else { return None };
    Some(process_found(process, digits + 2))
}

/// `GECKO(1919) | ` and `PID 3554 | `: the program whose output a harness shows.
fn bar(text: &[u8]) -> Option<Found> {
    let name = scan::run(text, |byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    let open = text.get(name)?;
    let (process, digits) = scan::number(text.get(name + 1..)?)?;
    let after = text.get(name + 1 + digits..)?;
    let taken = match open {
        b'(' if after.starts_with(b") | ") => 2,
        b' ' if text.starts_with(b"PID ") && after.starts_with(b" | ") => 1,
        _ => return None,
    };
    Some(process_found(process, name + 1 + digits + taken))
}

/// `ring-07:123:456 [0] NCCL INFO `: host, process, thread, device and level of NCCL.
fn nccl(text: &[u8]) -> Option<Found> {
    let host = text.get(..scan::run(text, is_host_byte))?;
    let (process, process_digits) = scan::number(text.get(host.len()..)?.strip_prefix(b":")?)?;
    let rest = text.get(host.len() + 1 + process_digits..)?.strip_prefix(b":")?;
    let thread = rest.get(..scan::digits(rest))?;
    let rest = rest.get(thread.len()..)?.strip_prefix(b" [")?;
    let (device, device_digits) = scan::number(rest)?;
    let rest = rest.get(device_digits..)?.strip_prefix(b"] NCCL ")?;
    let word = rest.get(..scan::run(rest, |byte| byte.is_ascii_alphabetic()))?;
    let actor = Actor {
        host: Some(scan::text(host)),
        process: Some(process),
        thread: Some(scan::text(thread)),
        device: Some(device),
        ..Actor::default()
    };
    Some(Found { actor, level: Some(Level::from_word(word)?), length: text.len() - rest.len() + word.len() })
}

fn is_host_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')
}

/// Strips `word` in any case and at most one blank.
fn strip_word<'a>(text: &'a [u8], word: &[u8]) -> Option<&'a [u8]> {
    let (head, rest) = text.split_at_checked(word.len())?;
    head.eq_ignore_ascii_case(word).then(|| scan::skip_blank(rest))
}

fn whole_number(text: &[u8]) -> Option<u64> {
    scan::number(text).filter(|&(_, digits)| digits == text.len()).map(|(number, _)| number)
}

fn rank_found(rank: u64, length: usize) -> Found {
    Found { actor: Actor { rank: Some(rank), ..Actor::default() }, level: None, length }
}

fn process_found(process: u64, length: usize) -> Found {
    Found { actor: Actor { process: Some(process), ..Actor::default() }, level: None, length }
}

fn thread_found(thread: &[u8], length: usize) -> Found {
    Found { actor: Actor { thread: Some(scan::text(thread)), ..Actor::default() }, level: None, length }
}

/// Splits at the last `mark`, as `str::rsplit_once` does.
trait SplitOnce {
    fn rsplit_once_byte(&self, mark: u8) -> Option<(&[u8], &[u8])>;
}

impl SplitOnce for [u8] {
    fn rsplit_once_byte(&self, mark: u8) -> Option<(&[u8], &[u8])> {
        let at = memchr::memrchr(mark, self)?;
        Some((self.get(..at)?, self.get(at + 1..)?))
    }
}
