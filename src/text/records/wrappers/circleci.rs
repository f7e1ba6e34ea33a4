//! CircleCI: the step headers of its command line. Its step logs bear no wrapper.

use super::super::Marker;
use super::Peeled;

/// `====>> Checkout code`.
pub fn peel(text: &[u8]) -> Option<Peeled<'_>> {
    text.strip_prefix(b"====>> ").map(|rest| Peeled::marked(rest, Marker::Begin))
}
