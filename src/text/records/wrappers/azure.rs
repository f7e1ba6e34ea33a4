//! Azure Pipelines: sections and logging commands. Its times and groups are GitHub's.

use memchr::memchr;

use super::super::{Marker, scan};
use super::Peeled;

pub fn peel(text: &[u8]) -> Option<Peeled<'_>> {
    section(text).or_else(|| logging_command(text))
}

/// `##[section]Starting: Build` and `##[section]Finishing: Build`.
fn section(text: &[u8]) -> Option<Peeled<'_>> {
    let rest = text.strip_prefix(b"##[section]")?;
    let marker = if rest.starts_with(b"Finishing") { Marker::End } else { Marker::Begin };
    Some(Peeled::marked(rest, marker))
}

/// `##vso[task.logissue type=error;sourcepath=ring.c]…` and `##vso[task.complete result=Failed;]`.
fn logging_command(text: &[u8]) -> Option<Peeled<'_>> {
    let inside = text.strip_prefix(b"##vso[")?;
    let end = memchr(b']', inside)?;
    let (head, rest) = (inside.get(..end)?, inside.get(end + 1..)?);
    let says = |words: &[u8]| memchr::memmem::find(head, words).is_some();
    let name = head.get(..scan::run(head, |byte| byte != b' '))?;
    let rest = if rest.is_empty() { head } else { rest };
    Some(match name {
        b"task.logissue" if says(b"type=error") => Peeled::marked(rest, Marker::Error),
        b"task.logissue" => Peeled::marked(rest, Marker::Warning),
        b"task.complete" if says(b"result=Failed") => Peeled::marked(rest, Marker::Error),
        _ => Peeled::plain(rest),
    })
}
