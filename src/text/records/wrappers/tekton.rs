//! Tekton: the task and the step before each line, as `tkn` shows them.

use super::super::scan;
use super::Peeled;

/// `[build-image : build-and-push] words`.
pub fn peel(text: &[u8]) -> Option<Peeled<'_>> {
    let inside = scan::bracketed(text)?;
    let middle = memchr::memmem::find(inside, b" : ")?;
    let (task, step) = (inside.get(..middle)?, inside.get(middle + 3..)?);
    let rest = text.get(inside.len() + 2..)?;
    let spaced = rest.is_empty() || rest.starts_with(b" ");
    let fits = is_name(task) && is_name(step) && spaced;
    fits.then(|| Peeled { job: Some(task), step: Some(step), ..Peeled::plain(scan::skip_blank(rest)) })
}

/// A name as Kubernetes allows it, begun with a letter: two numbers are a place or a time.
fn is_name(text: &[u8]) -> bool {
    let letters = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
    text.first().is_some_and(u8::is_ascii_lowercase) && text.iter().all(letters)
}
