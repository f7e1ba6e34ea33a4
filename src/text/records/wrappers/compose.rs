//! Docker Compose: the service and its instance before a bar.

use super::super::scan;
use super::Peeled;

/// `web_1    | ` and `my-db-1  | `. The instance's number is required: a bare word before a bar
/// is a table more often than a service.
pub fn peel(text: &[u8]) -> Option<Peeled<'_>> {
    let length =
        scan::run(text, |byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-.".contains(&byte));
    let (service, after) = (text.get(..length)?, text.get(length..)?);
    let bar = after.get(scan::blanks(after)..)?.strip_prefix(b"|")?;
    let stem = service.get(..service.iter().rposition(|byte| !byte.is_ascii_digit())? + 1)?;
    let numbered = (1..=3).contains(&(service.len() - stem.len()))
        && stem.len() > 1
        && matches!(stem.last(), Some(b'_' | b'-'));
    let spaced = after.first() == Some(&b' ') && matches!(bar.first(), None | Some(b' '));
    (numbered && spaced).then(|| Peeled { service: Some(service), ..Peeled::plain(scan::skip_blank(bar)) })
}
