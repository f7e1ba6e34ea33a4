//! Which events were tried again, so that only the last attempt tells how it ended.

use rustc_hash::FxHashMap;

use super::{Event, Report, Shape};

/// Lines between a failed attempt and the words that it will be made again.
const NEAR: u64 = 3;

/// Marks failed attempts of which a later one failed in the same words, and the words between them.
///
/// `events` are in the order of their lines.
pub fn retries(events: &mut [Event]) {
    if !events.iter().any(announces) {
        return;
    }
    let mut next: FxHashMap<String, usize> = FxHashMap::default();
    let mut retried = Vec::new();
    let mut announced: Option<usize> = None;
    for (at, event) in events.iter().enumerate().rev() {
        if announces(event) {
            announced = Some(at);
        }
        let later = next.insert(event.wording(), at);
        let notice =
            announced.filter(|&notice| events.get(notice).is_some_and(|other| event.lines_to(other) <= NEAR));
        if let (Some(later), Some(notice)) = (later, notice)
            && notice < later
        {
            retried.extend([at, notice]);
        }
    }
    for at in retried {
        // A report of a known form keeps the name that its form gives it.
        if let Some(event) = events.get_mut(at).filter(|event| event.report == Report::Words) {
            event.report = Report::Retried;
        }
    }
}

/// Returns true if and only if the event says that something will be tried again.
fn announces(event: &Event) -> bool {
    event.look.head_shape.contains(Shape::Retrying as u32)
}

#[cfg(test)]
mod tests {
    use crate::facts::failures::{Report, events_in};

    /// Returns the headlines of a log's events, and whether they were tried again.
    fn retried(log: &str) -> Vec<(u64, bool)> {
        let events = events_in(log);
        events.iter().map(|event| (event.headline, event.report == Report::Retried)).collect()
    }

    #[test]
    fn the_last_of_several_attempts_tells_how_it_ended() {
        let log = "error: no ring at 10.0.0.7\n##[warning]pull failed, back off 7 s before retry.\n\n\
                   error: no ring at 10.0.0.8\n##[warning]pull failed, back off 9 s before retry.\n\n\
                   error: no ring at 10.0.0.9\n";
        assert_eq!(retried(log), [(1, true), (2, true), (4, true), (5, true), (7, false)]);
    }

    #[test]
    fn what_fails_in_other_words_or_was_not_tried_again_stands() {
        for log in [
            "error: no ring\n##[warning]pull failed, retrying\n\nerror: no link\n",
            "error: no ring\n\nerror: no ring\n",
        ] {
            assert!(retried(log).iter().all(|(_, retried)| !retried), "{log}: {:?}", retried(log));
        }
    }
}
