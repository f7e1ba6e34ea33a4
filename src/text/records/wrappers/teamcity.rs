//! TeamCity: service messages. The status letters after its times are a level column.

use super::super::{Marker, scan};
use super::Peeled;

/// `##teamcity[blockOpened name='Build']`. The message stays whole, for its attributes.
pub fn peel(text: &[u8]) -> Option<Peeled<'_>> {
    let inside = text.strip_prefix(b"##teamcity[")?;
    let rest = inside.strip_suffix(b"]").unwrap_or(inside);
    let name = rest.get(..scan::run(rest, |byte| byte != b' '))?;
    let says = |words: &[u8]| memchr::memmem::find(rest, words).is_some();
    Some(match name {
        b"blockOpened" | b"testSuiteStarted" => Peeled::marked(rest, Marker::Begin),
        b"blockClosed" | b"testSuiteFinished" => Peeled::marked(rest, Marker::End),
        b"buildProblem" | b"testFailed" => Peeled::marked(rest, Marker::Error),
        b"message" if says(b"status='ERROR'") || says(b"status='FAILURE'") => {
            Peeled::marked(rest, Marker::Error)
        }
        b"message" if says(b"status='WARNING'") => Peeled::marked(rest, Marker::Warning),
        _ => Peeled::plain(rest),
    })
}
