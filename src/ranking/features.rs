//! What is weighed of an event: how it looks, what stands round it, and how it differs from the
//! log's other events. Lines that are no events weigh nothing, however many.

use super::log_features::{COMPANY, Company};
use super::neighbour_features::{NUMBERS, Surroundings};
use super::runs::runs;
use crate::facts::failures::{Event, Kind, Role, SHAPES, Set, WORD_CLASSES, shape_names, word_names};

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
/// Room for one row.
const WIDTH: usize = 200;

/// The names of the features, in order.
pub fn names() -> Vec<String> {
    let words = |part: &str| word_names().map(move |name| format!("{part}.{name}")).collect::<Vec<_>>();
    let shapes = |part: &str| shape_names().map(|name| format!("{part}.is.{name}")).collect::<Vec<_>>();
    let kinds = KINDS.iter().map(|kind| format!("kind.{}", kind.name()));
    let roles = ROLES.iter().map(|(_, name)| format!("role.{name}"));
    let mut names = [words("head"), shapes("head"), shapes("body")].concat();
    names.extend(kinds);
    names.extend(roles);
    names.extend(NUMBERS.iter().map(|name| (*name).to_owned()));
    names.extend(COMPANY.iter().map(|name| (*name).to_owned()));
    names
}

/// Returns the features of each event of one log, in the order of [`names`]: those of one run of a CI system as if it
/// were the whole log.
pub fn features(events: &[Event]) -> impl Iterator<Item = Vec<f32>> {
    runs(events).flat_map(|run| features_of_run(&events[run]))
}

fn features_of_run(events: &[Event]) -> impl Iterator<Item = Vec<f32>> {
    let (surroundings, company) = (Surroundings::new(events), Company::new(events));
    (0..events.len()).map(move |position| row(events, position, &surroundings, &company))
}

fn row(
    events: &[Event],
    position: usize,
    surroundings: &Surroundings<'_>,
    company: &Company<'_>,
) -> Vec<f32> {
    let event = &events[position];
    let mut row = Vec::with_capacity(WIDTH);
    push(&mut row, event.look.head_words, WORD_CLASSES);
    push(&mut row, event.look.head_shape, SHAPES);
    push(&mut row, event.look.body_shape, SHAPES);
    row.extend(KINDS.iter().map(|kind| flag(event.kind == *kind)));
    row.extend(ROLES.iter().map(|(role, _)| flag(event.role == *role)));
    row.extend(surroundings.numbers(events, position));
    row.extend(company.weigh(position));
    row
}

fn push(row: &mut Vec<f32>, set: Set, size: usize) {
    row.extend((0..size as u32).map(|member| flag(set.contains(member))));
}

/// Returns one if and only if `value` holds.
pub fn flag(value: bool) -> f32 {
    if value { 1.0 } else { 0.0 }
}

/// Returns ln(1 + value), levelling off at 5000.
pub fn log(value: u64) -> f32 {
    (value.min(5000) as f32).ln_1p()
}
