//! Nix: the last lines of a build that failed, quoted below the words that it failed.

use super::Peeled;

/// How far Nix indents what it quotes, and its mark.
const QUOTED: &[u8] = b"       > ";

/// `       > words`. No other tool quotes so far indented.
pub fn peel(text: &[u8]) -> Option<Peeled<'_>> {
    let rest = text.strip_prefix(QUOTED)?;
    // A frame of source numbers its lines.
    let numbered = rest.trim_ascii_start().first().is_some_and(u8::is_ascii_digit) && rest.contains(&b'|');
    (!numbered).then(|| Peeled::plain(rest))
}
