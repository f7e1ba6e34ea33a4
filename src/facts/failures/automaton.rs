//! All places of many strings in one pass over a line.

use aho_corasick::Anchored;
use aho_corasick::automaton::Automaton;
use aho_corasick::dfa::DFA;

/// Calls `visit` with the number of each string found and where it ends, overlapping ones included.
///
/// The same as `find_overlapping_iter`, which enters the automaton anew after each hit: on lines of
/// a hundred bytes that costs more than the search.
pub fn each_hit(strings: &DFA, text: &[u8], mut visit: impl FnMut(usize, usize)) {
    let Ok(mut state) = strings.start_state(Anchored::No) else { return };
    for (place, byte) in text.iter().enumerate() {
        state = strings.next_state(Anchored::No, state, *byte);
        if strings.is_special(state) && strings.is_match(state) {
            for hit in 0..strings.match_len(state) {
                visit(strings.match_pattern(state, hit).as_usize(), place + 1);
            }
        }
    }
}
