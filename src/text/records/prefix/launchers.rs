//! Ranks and workers, as launchers and test runners put them before every line.

use super::super::{Actor, Level, scan};
use super::Found;

/// `[gw3]` of pytest-xdist.
pub fn worker(inside: &[u8], length: usize) -> Option<Found> {
    let worker = scan::whole_number(inside.strip_prefix(b"gw")?)?;
    Some(Found { actor: Actor { worker: Some(worker), ..Actor::default() }, level: None, length })
}

/// `[1,7]<stderr>:` of `mpirun --tag-output`: job and rank.
pub fn mpi(inside: &[u8], rest: &[u8], length: usize) -> Option<Found> {
    let (_, rank) = scan::rsplit_once(inside, b',')?;
    let rank = scan::whole_number(rank)?;
    let stream = [b"<stdout>".as_slice(), b"<stderr>", b"<stddiag>"]
        .into_iter()
        .find(|name| rest.starts_with(name))?;
    let colon = usize::from(rest.get(stream.len()) == Some(&b':'));
    Some(Found::rank(rank, length + stream.len() + colon))
}

/// `[rank3]:`, `[Rank 3]`, PyTorch's `[PG ID 0 PG GUID 0(default_pg) Rank 3]`, and torchrun's `[default3]:`.
pub fn collective_rank(inside: &[u8], rest: &[u8], length: usize) -> Option<Found> {
    let group = inside.starts_with(b"PG ").then(|| memchr::memmem::rfind(inside, b" Rank ")).flatten();
    let named = strip_word(group.and_then(|at| inside.get(at + 1..)).unwrap_or(inside), b"rank");
    let colon = rest.first() == Some(&b':');
    let local = if colon { inside.strip_prefix(b"default") } else { None };
    let rank = scan::whole_number(named.or(local)?)?;
    Some(Found::rank(rank, length + usize::from(colon)))
}

/// `rank 3: ` at the start of a line.
pub fn rank_colon(text: &[u8]) -> Option<Found> {
    let rest = strip_word(text, b"rank")?;
    let (rank, digits) = scan::number(rest)?;
    let colon = rest.get(digits) == Some(&b':') && matches!(rest.get(digits + 1), None | Some(b' '));
    colon.then(|| Found::rank(rank, text.len() - rest.len() + digits + 1))
}

/// `[ring-07:12345] ` of Open MPI's own reports: host and process.
pub fn open_mpi(inside: &[u8], rest: &[u8], length: usize) -> Option<Found> {
    let (host, number) = scan::rsplit_once(inside, b':')?;
    let process = scan::whole_number(number)?;
    let report =
        [&b" *** "[..], b" [", b" Signal", b" Failing at"].iter().any(|begin| rest.starts_with(begin));
    // A module and a line look the same; machines of a cluster are numbered, and their processes are many.
    let numbered = host.iter().any(u8::is_ascii_digit) && number.len() >= 3 && !host.contains(&b'.');
    let plausible =
        host.first()?.is_ascii_alphanumeric() && host.iter().all(|&byte| scan::is_host_byte(byte));
    let names = host.iter().any(u8::is_ascii_alphabetic);
    ((report || numbered && names) && plausible).then(|| {
        let actor = Actor { host: Some(scan::text(host)), process: Some(process), ..Actor::default() };
        Found { actor, level: None, length }
    })
}

/// `[ring-07:12345:0] ` and `[ring-07:12345:0:12345] ` of UCX: host, process and thread.
pub fn ucx(inside: &[u8], length: usize) -> Option<Found> {
    let host = inside.get(..scan::run(inside, scan::is_host_byte))?;
    let mut numbers = inside.get(host.len()..)?.strip_prefix(b":")?.split(|&byte| byte == b':');
    let process = scan::whole_number(numbers.next()?)?;
    let thread = numbers.next()?;
    let rest_are_numbers = numbers.all(|number| scan::whole_number(number).is_some());
    let fits =
        host.iter().any(u8::is_ascii_alphabetic) && scan::whole_number(thread).is_some() && rest_are_numbers;
    fits.then(|| {
        let actor = Actor {
            host: Some(scan::text(host)),
            process: Some(process),
            thread: Some(scan::text(thread)),
            ..Actor::default()
        };
        Found { actor, level: None, length }
    })
}

/// `[E ring.cpp:616] ` of PyTorch before it printed times: level and place.
pub fn letter_and_place(inside: &[u8], length: usize) -> Option<Found> {
    let (letter, place) = inside.split_at_checked(2)?;
    let [letter, b' '] = *letter else { return None };
    let (file, line) = scan::rsplit_once(place, b':')?;
    let is_place = file.contains(&b'.') && file.iter().all(u8::is_ascii_graphic);
    scan::whole_number(line).filter(|_| is_place)?;
    Some(Found { actor: Actor::default(), level: Some(Level::from_letter(letter)?), length })
}

/// `ring-07:123:456 [0] NCCL INFO `: host, process, thread, device and level of NCCL.
pub fn nccl(text: &[u8]) -> Option<Found> {
    let host = text.get(..scan::run(text, scan::is_host_byte))?;
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

/// Strips `word` in any case and at most one blank.
fn strip_word<'a>(text: &'a [u8], word: &[u8]) -> Option<&'a [u8]> {
    let (head, rest) = text.split_at_checked(word.len())?;
    head.eq_ignore_ascii_case(word).then(|| scan::skip_blank(rest))
}
