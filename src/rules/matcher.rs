//! A regex that only says yes or no, for lines in which its literals were found before.

use regex_automata::meta::{Config, Regex};
use regex_automata::nfa::thompson::WhichCaptures;
use regex_automata::util::syntax;

/// The size that the `regex` crate allows, in bytes.
const LARGEST: usize = 10 << 20;

/// Makes a regex on bytes, for letters of `any_case` or of their own; `None` if it does not parse or
/// grows too large.
///
/// It costs a third of one of the `regex` crate, as it does not look for literals of its own to search
/// for: whoever asks it has found them already.
pub fn matcher(regex: &str, any_case: bool) -> Option<Regex> {
    let syntax = syntax::Config::new().unicode(false).utf8(false).case_insensitive(any_case);
    let engines = Config::new()
        .auto_prefilter(false)
        .which_captures(WhichCaptures::None)
        .nfa_size_limit(Some(LARGEST))
        .utf8_empty(false);
    Regex::builder().syntax(syntax).configure(engines).build(regex).ok()
}
