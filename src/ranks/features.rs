//! What is weighed of an event. Nothing here depends on how long the log is or where in it the
//! event stands, only on what stands near it.

use std::collections::HashMap;

use crate::events::{Event, Kind, Role, Set, Shape, shape_names, word_names};

const KINDS: [Kind; 16] = [
    Kind::Timeout,
    Kind::Silence,
    Kind::Crash,
    Kind::Sanitizer,
    Kind::Race,
    Kind::Deadlock,
    Kind::Assertion,
    Kind::Exception,
    Kind::Test,
    Kind::Build,
    Kind::Kill,
    Kind::Exhaustion,
    Kind::Hardware,
    Kind::Network,
    Kind::Command,
    Kind::Error,
];
const ROLES: [(Role, &str); 5] = [
    (Role::Root, "root"),
    (Role::Cascade, "cascade"),
    (Role::Generic, "generic"),
    (Role::Teardown, "teardown"),
    (Role::Context, "context"),
];
const NUMBERS: [&str; 27] = [
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
];

/// Positions in [`NUMBERS`] whose meaning depends on the kind of event.
const CROSSED: [usize; 5] = [9, 11, 12, 24, 26];

/// The names of the features, in order.
pub fn names() -> Vec<String> {
    let words = |part: &str| word_names().map(move |name| format!("{part}.{name}")).collect::<Vec<_>>();
    let shapes = |part: &str| shape_names().map(|name| format!("{part}.is.{name}")).collect::<Vec<_>>();
    let kinds = KINDS.iter().map(|kind| format!("kind.{}", kind.name()));
    let roles = ROLES.iter().map(|(_, name)| format!("role.{name}"));
    let mut names = [words("head"), shapes("head"), words("body"), shapes("body")].concat();
    names.extend(kinds);
    names.extend(roles);
    names.extend(NUMBERS.iter().map(|name| (*name).to_owned()));
    names.extend(
        KINDS.iter().flat_map(|kind| CROSSED.map(|number| format!("{}&{}", kind.name(), NUMBERS[number]))),
    );
    names
}

/// Returns the features of each event of one log, in the order of [`names`].
pub fn features(events: &[Event]) -> Vec<Vec<f32>> {
    let surroundings = Surroundings::new(events);
    (0..events.len()).map(|position| row(events, position, &surroundings)).collect()
}

fn row(events: &[Event], position: usize, surroundings: &Surroundings<'_>) -> Vec<f32> {
    let event = &events[position];
    let mut row = Vec::with_capacity(256);
    push(&mut row, event.look.head_words, word_names().count());
    push(&mut row, event.look.head_shape, shape_names().count());
    push(&mut row, event.look.body_words, word_names().count());
    push(&mut row, event.look.body_shape, shape_names().count());
    row.extend(KINDS.iter().map(|kind| flag(event.kind == *kind)));
    row.extend(ROLES.iter().map(|(role, _)| flag(event.role == *role)));
    let numbers = surroundings.numbers(events, position);
    row.extend(numbers);
    row.extend(
        KINDS.iter().flat_map(|kind| CROSSED.map(|number| flag(event.kind == *kind) * numbers[number])),
    );
    row
}

fn push(row: &mut Vec<f32>, set: Set, size: usize) {
    row.extend((0..size as u32).map(|member| flag(set.contains(member))));
}

fn flag(value: bool) -> f32 {
    if value { 1.0 } else { 0.0 }
}

fn log(value: u64) -> f32 {
    (value.min(5000) as f32).ln_1p()
}

/// What stands round the events of one log.
struct Surroundings<'a> {
    /// How often a message occurs, digits apart.
    repeats: HashMap<String, u64>,
    /// For each event, the position of the next generic one at or after it.
    next_generic: Vec<Option<usize>>,
    last_generic: Option<&'a Event>,
}

impl<'a> Surroundings<'a> {
    fn new(events: &'a [Event]) -> Self {
        let mut repeats = HashMap::new();
        for event in events {
            *repeats.entry(plain(&event.message)).or_default() += 1;
        }
        let mut next = None;
        let mut next_generic = vec![None; events.len()];
        for position in (0..events.len()).rev() {
            if is_generic(&events[position]) {
                next = Some(position);
            }
            next_generic[position] = next;
        }
        Self { repeats, next_generic, last_generic: events.iter().rev().find(|event| is_generic(event)) }
    }

    fn numbers(&self, events: &[Event], position: usize) -> [f32; NUMBERS.len()] {
        let event = &events[position];
        let next = self.next_generic[position].map(|next| (next, &events[next]));
        let to_next = next.map(|(_, next)| next.first_line.saturating_sub(event.last_line));
        let roots_between = next.map_or(0, |(next, _)| roots(&events[position + 1..next.max(position + 1)]));
        let to_last = self.last_generic.map(|last| last.first_line.saturating_sub(event.last_line));
        let past_last = self.last_generic.is_some_and(|last| event.first_line > last.first_line);
        let last_run = match (next, self.last_generic) {
            (Some((_, next)), Some(last)) => last.first_line - next.first_line <= 60,
            _ => false,
        };
        let step = Step::of(events, position);
        let same = |other: &&Event| other.kind == event.kind;
        [
            log(event.last_line - event.first_line + 1),
            log(event.frames.len() as u64),
            log(self.repeats.get(&plain(&event.message)).copied().unwrap_or(1)),
            log(event.message.len() as u64),
            event.look.indent.min(12) as f32 / 4.0,
            flag(event.look.red),
            flag(event.look.apart_before),
            flag(event.look.apart_after),
            to_next.map_or(8.0, log),
            flag(to_next.is_some_and(|lines| lines <= 4)),
            log(roots_between),
            flag(next.is_some() && roots_between == 0),
            flag(next.is_some()),
            to_last.map_or(8.0, log),
            flag(past_last),
            flag(last_run),
            log(events[..position].iter().filter(same).count() as u64),
            log(events[position + 1..].iter().filter(same).count() as u64),
            flag(!is_generic(event) && roots(&events[..position]) == 0),
            flag(event.class.is_some()),
            flag(event.test.is_some()),
            flag(step.passed),
            log(step.kin_before),
            log(step.kin_after),
            flag(step.kin_before == 0),
            flag(step.kin_before + step.kin_after == 0),
            flag(step.first),
        ]
    }
}

/// What the step of an event holds: the events between two ends of commands.
struct Step {
    /// True if the step ends with success.
    passed: bool,
    /// Events that look alike, before and after this one.
    kin_before: u64,
    kin_after: u64,
    first: bool,
}

impl Step {
    fn of(events: &[Event], position: usize) -> Self {
        let event = &events[position];
        let before = events[..position].iter().rev().take_while(|other| !ends_step(other));
        let after = events[position + 1..].iter().take_while(|other| !ends_step(other));
        let kin = |other: &&Event| are_kin(event, other);
        Self {
            passed: events[position..].iter().find(|other| ends_step(other)).is_some_and(passes),
            kin_before: before.clone().filter(kin).count() as u64,
            kin_after: after.filter(kin).count() as u64,
            first: before.take(1).count() == 0,
        }
    }
}

fn passes(event: &Event) -> bool {
    event.look.head_shape.contains(Shape::StepPassed as u32)
}

fn ends_step(event: &Event) -> bool {
    is_generic(event) || passes(event)
}

/// Alike are events of one kind whose headlines look alike.
fn are_kin(one: &Event, other: &Event) -> bool {
    const TELLING: [Shape; 6] = [
        Shape::Numbered,
        Shape::Cross,
        Shape::TitledRule,
        Shape::FileLineStart,
        Shape::ErrorStart,
        Shape::ExceptionHead,
    ];
    let telling = |event: &Event| TELLING.map(|shape| event.look.head_shape.contains(shape as u32));
    one.kind == other.kind && telling(one) == telling(other)
}

fn is_generic(event: &Event) -> bool {
    event.role == Role::Generic
}

fn roots(events: &[Event]) -> u64 {
    events.iter().filter(|event| event.role == Role::Root).count() as u64
}

/// Returns the message with every run of digits the same.
fn plain(message: &str) -> String {
    let mut plain = String::with_capacity(message.len());
    for character in message.chars() {
        match character {
            '0'..='9' if plain.ends_with('0') => {}
            '0'..='9' => plain.push('0'),
            other => plain.push(other),
        }
    }
    plain
}
