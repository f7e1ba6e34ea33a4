//! What stands round an event: the next conclusion, its step, and events that look like it.

use std::hash::Hash;

use rustc_hash::FxHashMap;

use super::features::{flag, log};
use crate::facts::failures::{Event, Kind, Role, Shape, StepEnd};

/// The names of what [`Surroundings::numbers`] returns, in order.
pub const NUMBERS: [&str; 36] = [
    "lines",
    "frames",
    "repeats",
    "message",
    "indent",
    "red",
    "apart-before",
    "apart-after",
    "to-terminator",
    "near-terminator",
    "roots-to-terminator",
    "last-before-terminator",
    "has-terminator",
    "to-last-terminator",
    "past-last-terminator",
    "ends-before-last-terminator",
    "same-kind-before",
    "same-kind-after",
    "first-root",
    "class",
    "test",
    "step-passed",
    "kin-before-in-step",
    "kin-after-in-step",
    "first-kin-in-step",
    "only-kin-in-step",
    "first-in-step",
    "in-failed-step",
    "in-passed-step",
    "another-step-failed",
    "to-step-end",
    "said",
    "commands-to-terminator",
    "in-command-of-terminator",
    "commands-to-last-terminator",
    "said-in-earlier-command",
];

/// The value of a distance to something that is not there.
const NOWHERE: f32 = 8.0;

/// What stands round the events of one log, counted once for all of them.
pub struct Surroundings<'a> {
    /// How often each event's message occurs, digits apart.
    repeats: Vec<u64>,
    /// For each event, the position of the next generic one at or after it.
    next_generic: Vec<Option<usize>>,
    last_generic: Option<&'a Event>,
    /// Roots before each event, and at the end.
    roots: Vec<u64>,
    kind: Vec<Places>,
    kin: Vec<Places>,
    /// True for events of a step that ends with success.
    passed: Vec<bool>,
    /// True for the first event of a step.
    opens: Vec<bool>,
    /// True if the CI system says of a step that it failed.
    step_failed: bool,
    /// True for events that say what was said in the output of an earlier command.
    said_earlier: Vec<bool>,
}

/// How many alike stand before and after an event.
#[derive(Clone, Copy)]
struct Places {
    before: u64,
    after: u64,
}

impl<'a> Surroundings<'a> {
    /// Reads the events of one log.
    pub fn new(events: &'a [Event]) -> Self {
        let steps = steps(events);
        let wordings: Vec<String> = events.iter().map(Event::wording).collect();
        let mut roots = vec![0];
        roots.extend(events.iter().scan(0, |sum, event| {
            *sum += u64::from(event.role == Role::Root);
            Some(*sum)
        }));
        Self {
            repeats: places(wordings.iter()).iter().map(|places| places.before + places.after + 1).collect(),
            next_generic: next(events, is_generic),
            last_generic: events.iter().rev().find(|event| is_generic(event)),
            roots,
            kind: places(events.iter().map(|event| event.kind)),
            kin: places(events.iter().zip(&steps).map(|(event, step)| (step, kin(event)))),
            passed: next(events, ends_step)
                .iter()
                .map(|end| end.is_some_and(|end| passes(&events[end])))
                .collect(),
            opens: (0..events.len()).map(|at| at == 0 || steps[at] != steps[at - 1]).collect(),
            said_earlier: said_earlier(events, &wordings),
            step_failed: events.iter().any(|event| event.look.step == StepEnd::Failed),
        }
    }

    /// Returns the numbers of the event at `position`.
    pub fn numbers(&self, events: &[Event], position: usize) -> [f32; NUMBERS.len()] {
        let event = &events[position];
        let next = self.next_generic[position].map(|next| (next, &events[next]));
        let to_next = next.map(|(_, next)| next.first_line.saturating_sub(event.last_line));
        let roots_between =
            next.map_or(0, |(next, _)| self.roots[next.max(position + 1)] - self.roots[position + 1]);
        let to_last = self.last_generic.map(|last| last.first_line.saturating_sub(event.last_line));
        let past_last = self.last_generic.is_some_and(|last| event.first_line > last.first_line);
        let last_run = match (next, self.last_generic) {
            (Some((_, next)), Some(last)) => last.first_line - next.first_line <= 60,
            _ => false,
        };
        let (kind, kin) = (self.kind[position], self.kin[position]);
        [
            log(event.last_line - event.first_line + 1),
            log(event.frames.len() as u64),
            log(self.repeats[position]),
            log(event.message.len() as u64),
            event.look.indent.min(12) as f32 / 4.0,
            flag(event.look.red),
            flag(event.look.apart_before),
            flag(event.look.apart_after),
            to_next.map_or(NOWHERE, log),
            flag(to_next.is_some_and(|lines| lines <= 4)),
            log(roots_between),
            flag(next.is_some() && roots_between == 0),
            flag(next.is_some()),
            to_last.map_or(NOWHERE, log),
            flag(past_last),
            flag(last_run),
            log(kind.before),
            log(kind.after),
            flag(!is_generic(event) && self.roots[position] == 0),
            flag(event.class.is_some()),
            flag(event.test.is_some()),
            flag(self.passed[position]),
            log(kin.before),
            log(kin.after),
            flag(kin.before == 0),
            flag(kin.before + kin.after == 0),
            flag(self.opens[position]),
            flag(event.look.step == StepEnd::Failed),
            flag(event.look.step == StepEnd::Passed),
            flag(self.step_failed && event.look.step != StepEnd::Failed),
            if event.look.step == StepEnd::Unknown { NOWHERE } else { log(event.look.to_step_end) },
            log(event.look.times),
            log(commands_to(event, next.map(|(_, next)| next))),
            flag(commands_to(event, next.map(|(_, next)| next)) == 0),
            log(commands_to(event, self.last_generic)),
            flag(self.said_earlier[position]),
        ]
    }
}

/// Returns the number of each event's step; an end of a step belongs to it.
pub fn steps(events: &[Event]) -> Vec<usize> {
    let numbers = events.iter().scan(0, |step, event| {
        let number = *step;
        *step += usize::from(ends_step(event));
        Some(number)
    });
    numbers.collect()
}

/// Returns for each event the position of the first at or after it for which `is` holds.
fn next(events: &[Event], is: fn(&Event) -> bool) -> Vec<Option<usize>> {
    let mut found = vec![None; events.len()];
    let mut nearest = None;
    for position in (0..events.len()).rev() {
        if is(&events[position]) {
            nearest = Some(position);
        }
        found[position] = nearest;
    }
    found
}

/// Returns for each key how many equal ones stand before and after it.
fn places<K: Hash + Eq + Clone>(keys: impl Iterator<Item = K>) -> Vec<Places> {
    let mut seen: FxHashMap<K, u64> = FxHashMap::default();
    let mut before = Vec::new();
    for key in keys {
        let count = seen.entry(key.clone()).or_default();
        before.push((key, *count));
        *count += 1;
    }
    before.into_iter().map(|(key, before)| Places { before, after: seen[&key] - before - 1 }).collect()
}

/// Returns how many commands begin from an event to what concludes, or to the end of the log where nothing does.
fn commands_to(event: &Event, end: Option<&Event>) -> u64 {
    let left = |end: &Event| end.look.commands_before.saturating_sub(event.look.commands_before);
    end.map_or(event.look.commands_after, left).into()
}

/// Returns for each event whether its words, digits apart, stand in the output of a command before its own, too: what
/// was said there and passed did not end the job.
fn said_earlier(events: &[Event], wordings: &[String]) -> Vec<bool> {
    let mut first: FxHashMap<&str, u32> = FxHashMap::default();
    let pairs = events.iter().zip(wordings);
    pairs
        .map(|(event, wording)| {
            let command = event.look.commands_before;
            *first.entry(wording).or_insert(command) < command
        })
        .collect()
}

fn passes(event: &Event) -> bool {
    event.look.head_shape.contains(Shape::StepPassed as u32)
}

fn ends_step(event: &Event) -> bool {
    is_generic(event) || passes(event)
}

/// Returns what events that look alike share: the kind, and how the headline looks.
fn kin(event: &Event) -> (Kind, [bool; 6]) {
    const TELLING: [Shape; 6] = [
        Shape::Numbered,
        Shape::Cross,
        Shape::TitledRule,
        Shape::FileLineStart,
        Shape::ErrorStart,
        Shape::ExceptionHead,
    ];
    (event.kind, TELLING.map(|shape| event.look.head_shape.contains(shape as u32)))
}

fn is_generic(event: &Event) -> bool {
    event.role == Role::Generic
}
