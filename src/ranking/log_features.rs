//! How an event stands among the others of its log: how many look just like it, and how far the next ones are.

use rustc_hash::FxHashMap;

use super::features::{flag, log};
use crate::facts::failures::{Event, Kind, Set};

/// The names of what [`Company::weigh`] returns, in order.
pub const COMPANY: [&str; 9] = [
    "twins-before",
    "twins-after",
    "gap-before",
    "gap-after",
    "red-of-how-many",
    "others-are-red",
    "events-before",
    "events-after",
    "events",
];

/// The gap of an event that has no neighbour on that side.
const NO_NEIGHBOUR: f32 = 8.0;

/// How the headline of an event looks, whole.
type Looks = (Kind, Set, Set);

/// The events of one log, counted by their looks.
pub struct Company<'a> {
    events: &'a [Event],
    twins: FxHashMap<Looks, u64>,
    /// For each event, how many twins stand before it.
    twins_before: Vec<u64>,
    red: u64,
}

impl<'a> Company<'a> {
    /// Counts the events of one log.
    pub fn new(events: &'a [Event]) -> Self {
        let mut twins: FxHashMap<Looks, u64> = FxHashMap::default();
        let twins_before = events.iter().map(|event| {
            let count = twins.entry(looks(event)).or_default();
            *count += 1;
            *count - 1
        });
        Self {
            events,
            twins_before: twins_before.collect(),
            twins,
            red: events.iter().filter(|event| event.look.red).count() as u64,
        }
    }

    /// Returns what is weighed of the event at `position`, in the order of [`COMPANY`].
    pub fn weigh(&self, position: usize) -> [f32; COMPANY.len()] {
        let event = &self.events[position];
        let before = position.checked_sub(1).and_then(|before| self.events.get(before));
        let after = self.events.get(position + 1);
        [
            log(self.twins_before[position]),
            log(self.twins[&looks(event)] - self.twins_before[position] - 1),
            before.map_or(NO_NEIGHBOUR, |before| gap(before, event)),
            after.map_or(NO_NEIGHBOUR, |after| gap(event, after)),
            if event.look.red { log(self.red) } else { 0.0 },
            flag(self.red > 0 && !event.look.red),
            log(position as u64),
            log((self.events.len() - position - 1) as u64),
            log(self.events.len() as u64),
        ]
    }
}

fn looks(event: &Event) -> Looks {
    (event.kind, event.look.head_words, event.look.head_shape)
}

/// The lines between two events, as a logarithm.
fn gap(before: &Event, after: &Event) -> f32 {
    log(after.first_line.saturating_sub(before.last_line + 1))
}
