//! How an event stands among the others of its log: what its neighbours say, how many look just
//! like it, and how rare its looks are.

use rustc_hash::FxHashMap;

use super::features::{flag, log};
use crate::facts::failures::{Event, Kind, Role, SHAPES, Set, WORD_CLASSES, Word};

/// What is asked of the event before and of the event after.
const NEIGHBOUR_WORDS: [(Word, &str); 7] = [
    (Word::Failure, "failure"),
    (Word::Error, "error"),
    (Word::Success, "success"),
    (Word::Conclusion, "conclusion"),
    (Word::Exit, "exit"),
    (Word::Test, "test"),
    (Word::Summary, "summary"),
];
const NEIGHBOUR_ROLES: [(Role, &str); 2] = [(Role::Generic, "generic"), (Role::Root, "root")];
const OWN: [&str; 11] = [
    "twins-before",
    "twins-after",
    "gap-before",
    "gap-after",
    "rarest-look",
    "rarity-of-looks",
    "red-of-how-many",
    "others-are-red",
    "events-before",
    "events-after",
    "events",
];
/// The gap of an event that has no neighbour on that side.
const NO_NEIGHBOUR: f32 = 8.0;

/// The names of what [`Company::weigh`] appends, in order.
pub fn company_names() -> impl Iterator<Item = String> {
    let neighbour = |side: &'static str| {
        let words = NEIGHBOUR_WORDS.iter().map(|(_, name)| *name);
        let roles = NEIGHBOUR_ROLES.iter().map(|(_, name)| *name);
        words.chain(roles).map(move |name| format!("{side}.{name}"))
    };
    OWN.iter().map(|name| (*name).to_owned()).chain(neighbour("before")).chain(neighbour("after"))
}

/// How the headline of an event looks, whole.
type Looks = (Kind, Set, Set);

/// The events of one log, counted by their looks.
pub struct Company<'a> {
    events: &'a [Event],
    twins: FxHashMap<Looks, u64>,
    /// For each event, how many twins stand before it.
    twins_before: Vec<u64>,
    /// For each class of words and then each shape, ln(all events / those whose headline has it).
    rarity: Vec<f32>,
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
            rarity: rarity(events),
            red: events.iter().filter(|event| event.look.red).count() as u64,
        }
    }

    /// Appends what is weighed of the event at `position`, in the order of [`company_names`].
    pub fn weigh(&self, position: usize, row: &mut Vec<f32>) {
        let event = &self.events[position];
        let before = position.checked_sub(1).and_then(|before| self.events.get(before));
        let after = self.events.get(position + 1);
        let (rarest, sum) = self.rareness(event);
        row.extend([
            log(self.twins_before[position]),
            log(self.twins[&looks(event)] - self.twins_before[position] - 1),
            before.map_or(NO_NEIGHBOUR, |before| gap(before, event)),
            after.map_or(NO_NEIGHBOUR, |after| gap(event, after)),
            rarest,
            sum,
            if event.look.red { log(self.red) } else { 0.0 },
            flag(self.red > 0 && !event.look.red),
            log(position as u64),
            log((self.events.len() - position - 1) as u64),
            log(self.events.len() as u64),
        ]);
        for neighbour in [before, after] {
            let says =
                |word: Word| neighbour.is_some_and(|event| event.look.head_words.contains(word as u32));
            row.extend(NEIGHBOUR_WORDS.iter().map(|(word, _)| flag(says(*word))));
            let is = |role: Role| neighbour.is_some_and(|event| event.role == role);
            row.extend(NEIGHBOUR_ROLES.iter().map(|(role, _)| flag(is(*role))));
        }
    }

    /// Returns the rarity of the event's rarest look and the sum over its looks.
    fn rareness(&self, event: &Event) -> (f32, f32) {
        bits(event)
            .map(|bit| self.rarity[bit])
            .fold((0.0, 0.0), |(most, sum), one| (one.max(most), sum + one))
    }
}

fn looks(event: &Event) -> Looks {
    (event.kind, event.look.head_words, event.look.head_shape)
}

/// The lines between two events, as a logarithm.
fn gap(before: &Event, after: &Event) -> f32 {
    log(after.first_line.saturating_sub(before.last_line + 1))
}

/// Returns the looks of the headline as positions: classes of words, then shapes.
fn bits(event: &Event) -> impl Iterator<Item = usize> {
    let words = event.look.head_words.iter().map(|word| word as usize);
    words.chain(event.look.head_shape.iter().map(|shape| WORD_CLASSES + shape as usize))
}

/// Returns the inverse document frequency of each look over the events of one log, smoothed by a
/// half (Robertson and Spärck Jones, Relevance weighting of search terms, 1976).
fn rarity(events: &[Event]) -> Vec<f32> {
    let mut counts = vec![0_u64; WORD_CLASSES + SHAPES];
    events.iter().flat_map(bits).for_each(|bit| counts[bit] += 1);
    let all = events.len() as f32 + 1.0;
    counts.iter().map(|&count| (all / (count as f32 + 0.5)).ln()).collect()
}
