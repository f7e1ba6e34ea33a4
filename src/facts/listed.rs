//! What a list at the end of a log names as not well, where no line looks like a failure.

use super::ends;
use super::failures::{Event, Kind, TakenBy, silence};
use crate::text::lines::Index;
use crate::text::records::Reader;

/// Returns the entry of the list that is not well, if others are.
pub fn listed(index: &Index<'_>, reader: &Reader) -> Option<Event> {
    let line = index.line(ends::odd_one(index)?)?;
    let message = String::from_utf8_lossy(reader.message(line).trim_ascii()).into_owned();
    Some(Event { kind: Kind::Error, taken_by: TakenBy::List, ..silence(reader, line, line, message) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_odd_one_of_a_list_is_the_failure() {
        for (log, expected, why) in [
            ("ring 0  ok\nring 1  degraded\nring 2  ok\n", Some((2, "ring 1  degraded")), "one of three"),
            ("ring 0  ok\nring 1  ok\nring 2  ok\n", None, "all are well"),
        ] {
            let found = listed(&Index::new(log.as_bytes()), &Reader::guess(log.as_bytes()));
            let found = found.map(|event| (event.headline, event.message));
            assert_eq!(found.as_ref().map(|(line, words)| (*line, words.as_str())), expected, "{why}");
        }
    }
}
