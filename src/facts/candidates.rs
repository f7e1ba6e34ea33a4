//! What of a log might be read first, for whoever knows other runs of its job.

use std::collections::HashMap;

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::clues::FailureClues;
use super::failures::Event;
use crate::text::masks::mask;

/// The events of one log in the order in which they should be read.
#[derive(Clone, Debug, Default)]
pub struct Order {
    /// All of them, the first to read in front.
    pub ranked: Vec<Ranked>,
    /// The positions of those that are shown.
    pub shown: Vec<usize>,
}

/// Where an event stands among those of its log.
#[derive(Clone, Copy, Debug)]
pub struct Ranked {
    /// The position of the event.
    pub event: usize,
    /// Higher is to be read sooner, in the logarithm of odds.
    pub score: f32,
    /// True if it says what went wrong, and nothing takes it back.
    pub specific: bool,
}

/// Forms of events that are kept of one source: few logs have more. The likeliest are kept.
pub const MOST: usize = 300;
/// Events behind those shown that are kept whole: what may come up when others of the log turn out to say nothing.
const RESERVE: usize = 5;

/// What might be read first of one log.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Candidates {
    /// Each form once, and each event that is kept; the likeliest first.
    pub all: Vec<Candidate>,
    /// What is not among the failures and may come up.
    pub reserve: Vec<Reserve>,
    /// The likeliest that says what went wrong and is not the first failure: what comes first if that is put behind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<Second>,
    /// Forms beyond [`MOST`].
    pub left_out: u64,
}

/// One event that was weighed, by the form of its words.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// A hash of the masked headline: the same in every run that says it.
    pub form: u64,
    pub score: f32,
    pub specific: bool,
    /// The position among the failures, and behind them those in reserve; `None` if the event is not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<u32>,
}

/// An event in reserve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reserve {
    pub event: Event,
    pub clues: FailureClues,
}

/// What the lines of an event, and those round it, say of why: as much as is read of the first failure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Second {
    /// The position of the event among those kept.
    pub kept: u32,
    pub clues: FailureClues,
}

impl Candidates {
    /// Returns what might be read first of these events, some of which are the failures that are shown. `clues` reads
    /// what the lines of one say of why, and those round it if it may come first.
    pub fn of(
        events: &[Event],
        ranked: &[Ranked],
        failures: &[Event],
        clues: impl Fn(&Event, bool) -> FailureClues,
    ) -> Self {
        let places: HashMap<_, _> = failures.iter().map(place).zip(0..).collect();
        let mut candidates = Self::default();
        let mut forms = FxHashSet::default();
        for ranked in ranked {
            let Some(event) = events.get(ranked.event) else { continue };
            let mut kept = places.get(&place(event)).copied();
            let form = form(event);
            let is_new = forms.insert(form);
            if kept.is_none() && is_new && ranked.specific && candidates.reserve.len() < RESERVE {
                kept = Some((failures.len() + candidates.reserve.len()) as u32);
                candidates.reserve.push(Reserve { event: event.clone(), clues: clues(event, false) });
            }
            if candidates.second.is_none() && ranked.specific {
                candidates.second =
                    kept.filter(|kept| *kept > 0).map(|kept| Second { kept, clues: clues(event, true) });
            }
            candidates.push(form, *ranked, kept, is_new);
        }
        candidates
    }

    /// Returns the forms alone, for the log of a run that passed: none of its events is a failure.
    pub fn of_a_pass(events: &[Event], ranked: &[Ranked]) -> Self {
        let mut candidates = Self::default();
        let mut forms = FxHashSet::default();
        for ranked in ranked {
            let Some(form) = events.get(ranked.event).map(form) else { continue };
            candidates.push(form, *ranked, None, forms.insert(form));
        }
        candidates
    }

    fn push(&mut self, form: u64, ranked: Ranked, kept: Option<u32>, is_new: bool) {
        let Ranked { score, specific, .. } = ranked;
        if kept.is_some() || is_new && self.all.len() < MOST {
            self.all.push(Candidate { form, score, specific, kept });
        } else if is_new {
            self.left_out += 1;
        }
    }
}

fn place(event: &Event) -> (u64, u64, u64) {
    (event.first_line, event.last_line, event.headline)
}

fn form(event: &Event) -> u64 {
    xxh3_64(mask(&event.message).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::failures::events_in;

    fn in_order(events: &[Event]) -> Vec<Ranked> {
        let ranked = |event| Ranked { event, score: -(event as f32), specific: true };
        (0..events.len()).map(ranked).collect()
    }

    #[test]
    fn the_same_words_in_another_run_are_one_form_whatever_their_numbers() {
        let forms = |log: &str| {
            let events = events_in(log);
            let all = Candidates::of(&events, &in_order(&events), &[], |_, _| FailureClues::default()).all;
            all.iter().map(|candidate| candidate.form).collect::<Vec<_>>()
        };
        let (one, other) = (forms("error: ring 3 is torn\n"), forms("\n\nerror: ring 41 is torn\n"));
        assert_eq!((one.len(), &one), (1, &other));
        assert_ne!(one, forms("error: rope 3 is torn\n"));
    }

    #[test]
    fn what_is_shown_keeps_its_place_and_a_few_behind_it_are_kept_whole() {
        let names = ["ring", "rope", "link", "cord", "yarn", "wire", "belt", "hoop", "band"];
        let log: String = names.iter().map(|name| format!("error: the {name} is torn\n\n\n\n\n")).collect();
        let events = events_in(&log);
        assert_eq!(events.len(), names.len());
        let shown = [events[1].clone(), events[0].clone()];
        let candidates = Candidates::of(&events, &in_order(&events), &shown, |_, _| FailureClues::default());
        let kept: Vec<_> = candidates.all.iter().map(|candidate| candidate.kept).collect();
        let expected = [1, 0, 2, 3, 4, 5, 6].map(Some);
        assert_eq!((&kept[..7], &kept[7..]), (&expected[..], &[None, None][..]));
        assert_eq!(candidates.reserve.len(), RESERVE);
        let second = candidates.second.map(|second| second.kept);
        assert_eq!(second, Some(1), "the likeliest but the first to read");
        let pass = Candidates::of_a_pass(&events, &in_order(&events));
        assert_eq!(pass.all.len(), names.len(), "a passing run is known by all that it prints");
        assert!(pass.reserve.is_empty() && pass.all.iter().all(|candidate| candidate.kept.is_none()));
    }

    #[test]
    fn what_does_not_fit_is_counted() {
        let letters = |number: usize| [number / 26, number % 26].map(|at| char::from(b'a' + at as u8));
        let name = |number| letters(number).iter().collect::<String>();
        let log: String =
            (0..MOST + 7).map(|number| format!("error: ring{}x is torn\n\n\n\n\n", name(number))).collect();
        let events = events_in(&log);
        let candidates = Candidates::of(&events, &in_order(&events), &[], |_, _| FailureClues::default());
        assert_eq!(candidates.all.len() + candidates.left_out as usize, events.len());
        assert!(candidates.left_out > 0 && candidates.all.len() <= MOST + RESERVE);
    }
}
