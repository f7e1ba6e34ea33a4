//! Buildkite: times hidden in terminal commands, and group headers.

use super::super::{Marker, scan};
use super::Peeled;

pub fn peel(text: &[u8]) -> Option<Peeled<'_>> {
    time(text).or_else(|| header(text))
}

/// `\x1b_bk;t=1795342492056\x07`: milliseconds since the epoch. What follows may be a header.
fn time(text: &[u8]) -> Option<Peeled<'_>> {
    let inside = text.strip_prefix(b"\x1b_bk;t=")?;
    let (millis, digits) = scan::number(inside)?;
    let rest = inside.get(digits..)?.strip_prefix(b"\x07")?;
    let received = i64::try_from(millis).ok()?.checked_mul(1_000_000);
    let group = group(rest).unwrap_or(Peeled::plain(rest));
    Some(Peeled { received, ..group })
}

/// `~~~ Preparing`, `--- :docker: Build` and `+++ :rspec: Test`. Without the hidden time, dashes
/// and plus signs begin a diff or a Go test's verdict unless an emoji follows.
fn header(text: &[u8]) -> Option<Peeled<'_>> {
    let group = group(text)?;
    let emoji = group.rest.first() == Some(&b':') && group.rest.get(1).is_some_and(u8::is_ascii_alphanumeric);
    (emoji || text.starts_with(b"~~~")).then_some(group)
}

fn group(text: &[u8]) -> Option<Peeled<'_>> {
    let rest = [b"--- ", b"+++ ", b"~~~ "].into_iter().find_map(|mark| text.strip_prefix(mark))?;
    Some(Peeled::marked(rest, Marker::Begin))
}
