//! An actor found before a message, and the way from a first byte to its kind.

use super::super::{Actor, Level, scan};
use super::{columns, launchers, programs};

/// An actor at the front of a text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    pub actor: Actor,
    pub level: Option<Level>,
    /// How many bytes the prefix takes.
    pub length: usize,
}

impl Found {
    pub fn rank(rank: u64, length: usize) -> Self {
        Self { actor: Actor { rank: Some(rank), ..Actor::default() }, level: None, length }
    }

    pub fn process(process: u64, length: usize) -> Self {
        Self { actor: Actor { process: Some(process), ..Actor::default() }, level: None, length }
    }

    pub fn thread(thread: &[u8], length: usize) -> Self {
        Self { actor: Actor { thread: Some(scan::text(thread)), ..Actor::default() }, level: None, length }
    }
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
    /// A header that names its host and program: no further actor is expected.
    Message,
}

/// Reads the actor at the front of `text`.
pub fn read(text: &[u8], before: Before) -> Option<Found> {
    match text.first()? {
        b'[' => in_brackets(text, before),
        b'0'..=b'9' if before == Before::Header => columns::process_column(text),
        b'0'..=b'9' if before == Before::Nothing => programs::redis(text),
        b'(' => programs::in_parentheses(text),
        b'A'..=b'Z' if text.get(1) == Some(&b'/') => programs::logcat(text),
        byte if byte.is_ascii_alphabetic() => {
            let host = match before {
                Before::Syslog => programs::host_and_program(text),
                Before::Header => programs::host_and_daemon(text),
                _ => None,
            };
            host.or_else(|| launchers::rank_colon(text))
                .or_else(|| launchers::nccl(text))
                .or_else(|| programs::program(text))
                .or_else(|| programs::bar(text))
        }
        _ => None,
    }
}

fn in_brackets(text: &[u8], before: Before) -> Option<Found> {
    let inside = scan::bracketed(text)?;
    let length = inside.len() + 2;
    let rest = text.get(length..)?;
    let known = launchers::mpi(inside, rest, length)
        .or_else(|| launchers::ucx(inside, length))
        .or_else(|| launchers::worker(inside, length))
        .or_else(|| launchers::collective_rank(inside, rest, length))
        .or_else(|| launchers::open_mpi(inside, rest, length))
        .or_else(|| launchers::letter_and_place(inside, length));
    known.or_else(|| match before {
        Before::Kernel => columns::kernel_context(inside, length),
        Before::Header => columns::thread(inside, rest, length),
        _ => None,
    })
}
