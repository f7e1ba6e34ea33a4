//! Which failures of one log are read for clues.

use std::collections::HashMap;

use crate::facts::failures::{Event, Kind};

/// Failures of one source that are read for clues.
pub const MOST: usize = 1000;
/// Failures in the same words that are: causes weigh no more of one cluster.
const ALIKE: usize = 20;
/// Frames by which failures in the same words are told apart, as their signatures are.
const FRAMES: usize = 3;

/// What makes failures alike.
type Words<'e> = (Kind, Option<&'e str>, String, Vec<&'e str>);

/// Returns of each failure whether it is read for clues, up to the last that is, and how many are left out by
/// [`MOST`].
pub fn chosen(failures: &[Event]) -> (Vec<bool>, u64) {
    let mut alike: HashMap<Words<'_>, usize> = HashMap::new();
    let mut left_out = 0;
    let mut read = 0;
    let mut chosen: Vec<bool> = Vec::new();
    for failure in failures {
        let frames = failure.frames.iter().take(FRAMES).map(|frame| frame.function.as_str()).collect();
        let words = (failure.kind, failure.class.as_deref(), failure.wording(), frames);
        let count = alike.entry(words).or_default();
        *count += 1;
        let is_new = *count <= ALIKE;
        chosen.push(is_new && read < MOST);
        left_out += u64::from(is_new && read >= MOST);
        read += usize::from(is_new && read < MOST);
    }
    let last = chosen.iter().rposition(|read| *read).map_or(0, |last| last + 1);
    chosen.truncate(last);
    (chosen, left_out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::failures::events_in;

    /// One failure.
    fn failure(message: &str) -> Event {
        let line = "error: the ring is torn\n";
        let mut events = events_in(line);
        Event { message: message.to_owned(), ..events.remove(0) }
    }

    #[test]
    fn of_failures_in_the_same_words_the_first_are_read_and_of_others_up_to_a_bound() {
        let same = vec![failure("link 3 is down"); ALIKE + 5];
        assert_eq!(chosen(&same), (vec![true; ALIKE], 0), "the others say the same");
        let numbered: Vec<Event> = (0..ALIKE + 5).map(|number| failure(&format!("link {number}"))).collect();
        assert_eq!(chosen(&numbered).0.len(), ALIKE, "numbers make no words");
        let rare = [same.clone(), vec![failure("the disk is full")]].concat();
        let (read, left_out) = chosen(&rare);
        assert_eq!((read.len(), read.last(), left_out), (ALIKE + 6, Some(&true), 0), "new words behind many");
        let word = |number: usize| format!("{}{}", "a".repeat(number % 40), "b".repeat(number / 40));
        let differing: Vec<Event> = (0..MOST + 7).map(|number| failure(&word(number))).collect();
        assert_eq!(chosen(&differing), (vec![true; MOST], 7));
    }
}
