//! Which events say what went wrong and which say no more than that something did, and how they stand to one another.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::neighbour_features::steps;
use super::order::{Standing, TOLERATED};
use super::shown::reports_itself;
use crate::facts::failures::{Event, Kind, Report, Role};
use crate::rules::table;

words! {
    /// What an event says of a failure; `ndlog features` prints the words.
    Part {
        /// What went wrong.
        Specific = "specific",
        /// That a command or a step ended badly, or what it printed last.
        End = "end",
        /// An end that quotes its reason below.
        Announcement = "announcement",
        /// How many failed, or a row of the table in which a build sums up.
        Count = "count",
        /// None of these: it was taken back, only follows from another, or is a silence.
        Other = "other",
    }
}

/// Returns what the event says.
pub fn part(event: &Event) -> Part {
    let words = event.report == Report::Words;
    match event.role {
        Role::Generic if words => end(event),
        Role::Context if words && event.kind == Kind::Test => Part::Count,
        Role::Context if words => end(event),
        Role::Root if words && only_counts(event) => Part::Count,
        Role::Root if words && only_dies(event) => end(event),
        Role::Root if specific(event) => Part::Specific,
        _ => Part::Other,
    }
}

fn end(event: &Event) -> Part {
    if event.message.ends_with([';', ':']) { Part::Announcement } else { Part::End }
}

/// Returns true if and only if the event says what went wrong, and no test that passed takes it back.
pub fn is_specific(event: &Event, standing: &Standing) -> bool {
    part(event) == Part::Specific && standing.score > -TOLERATED
}

fn specific(event: &Event) -> bool {
    let taken_back = matches!(event.report, Report::Retried | Report::Aside);
    !taken_back && !matches!(event.kind, Kind::Command | Kind::Silence)
}

/// What a shell says of a process that a signal ended.
const SIGNALS: [&str; 6] = [
    "Aborted",
    "Abort trap: 6",
    "Bus error",
    "Floating point exception",
    "Illegal instruction",
    "Segmentation fault",
];

/// Returns true if and only if the event is a shell's word on a process that a signal ended: what the process said of it stands
/// above.
fn only_dies(event: &Event) -> bool {
    let message = event.message.trim_end();
    event.text.len() <= 1 && (message.contains("(core dumped)") || SIGNALS.contains(&message))
}

/// Returns true if and only if the event is a count of failures, none of which it names. That all of a run timed out is
/// what went wrong, and no count.
fn only_counts(event: &Event) -> bool {
    let named = event.test.is_some() || event.class.is_some() || !event.frames.is_empty();
    let counts = event.kind != Kind::Timeout || event.message.bytes().any(|byte| byte.is_ascii_digit());
    counts && !named && is_count(&event.message)
}

/// The words of which counts of failures and bare verdicts consist, in order.
static COUNTED: LazyLock<Vec<String>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct Counts {
        words: Vec<String>,
    }
    table!("counts").read::<Counts>().words
});

/// Returns true if and only if the message holds a number or a verdict and no words but those of counts, behind the name in
/// brackets of what was counted.
pub(super) fn is_count(message: &str) -> bool {
    let tagged = message.strip_prefix('[').and_then(|rest| rest.split_once("] "));
    let message = tagged.map_or(message, |(_, counts)| counts);
    let mut words =
        message.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
    let counted = |word: &str| {
        let figure = word.trim_end_matches(['s', 'm', 'h']).bytes().all(|byte| byte.is_ascii_digit());
        figure || COUNTED.binary_search(&word.to_ascii_lowercase()).is_ok()
    };
    !message.is_empty() && words.all(counted)
}

/// How far below a generic end a specific failure of its step still stands for it, in the logarithm of odds. Farther
/// below it, and far above the end, it is noise: people who marked failed logs point at the end then. Measured 2026-11-28
/// on 488 failed CI logs of 49 projects, cross-validated by project, three seeds: hit@1 .868 without, .871 with .25, .873 with .5,
/// .869 with .75, .855 with 1.
const STANDS_FOR: f32 = 0.5;

/// Lines before an end within which a specific failure stands for it however the trees weigh the two: an end concludes what
/// stands right above it, also where another end stands between. Measured 2026-11-28 on the same logs with earlier trees, four
/// seeds: hit@1 .799 with failures of the same step alone, .816 with those of steps above. The present trees make no difference of
/// it (.875 without, .873): it holds by what it says.
const CONCLUDES: u64 = 10;

/// Lines below an end in which the reason stands that it quotes.
const QUOTES: u64 = 25;

/// Lets the best specific failure of a step pass before the step's generic end: an end only says that something failed,
/// and a count only how many. So does a report with its class and its stack, however far above.
pub fn specific_before_generic(events: &[Event], standings: &mut [Standing]) {
    let (steps, parts): (Vec<usize>, Vec<Part>) = (steps(events), events.iter().map(part).collect());
    let own = (0..events.len()).filter(|at| is_specific(&events[*at], &standings[*at]));
    let best = best_by_step(own, &steps, standings);
    for at in 0..events.len() {
        // A summary may stand before the reason, with an end in between, and an end may quote the reason below it.
        let leads = matches!(parts[at], Part::Count | Part::Announcement);
        let after = || leads.then(|| best.get(&(steps[at] + 1))).flatten();
        let concludes = matches!(parts[at], Part::End | Part::Announcement);
        let above = || {
            let ends = concludes.then(|| best.range(..steps[at]).next_back());
            ends.flatten()
                .map(|(_, above)| above)
                .filter(|above| events[**above].lines_to(&events[at]) <= CONCLUDES)
        };
        let Some(&specific) = best.get(&steps[at]).or_else(after).or_else(above) else { continue };
        let (end, own) = (standings[at].score, standings[specific].score);
        let most = match parts[at] {
            Part::Count => f32::MAX,
            Part::End | Part::Announcement if specific < at => window(&events[specific], &events[at]),
            Part::Announcement if events[at].lines_to(&events[specific]) <= QUOTES => f32::MAX,
            _ => 0.0,
        };
        if end > own && end - own < most {
            standings[specific].score = end;
            standings[at].score = own;
        }
    }
}

/// Returns of some events the one of each step that scores highest, the first of equals.
fn best_by_step(
    events: impl Iterator<Item = usize>,
    steps: &[usize],
    standings: &[Standing],
) -> BTreeMap<usize, usize> {
    let mut best = BTreeMap::new();
    for at in events {
        let held = best.entry(steps[at]).or_insert(at);
        if standings[at].score > standings[*held].score {
            *held = at;
        }
    }
    best
}

/// How much higher an end may score than a specific failure before it without coming first.
fn window(specific: &Event, end: &Event) -> f32 {
    let concludes = reports_itself(specific) || specific.lines_to(end) <= CONCLUDES;
    if concludes { f32::MAX } else { STANDS_FOR }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::failures::events_in;
    use crate::ranking::order;

    #[test]
    fn the_words_of_counts_are_in_order() {
        assert!(COUNTED.is_sorted());
    }

    #[test]
    fn a_word_on_how_a_process_died_stands_behind_what_it_said() {
        for (died, why) in [
            ("Aborted (core dumped)", "a shell's word"),
            ("/bin/sh: line 1: 77 Aborted (core dumped) ./ring_test", "with the command"),
            (
                "job.sh: line 78:  4931 Segmentation fault      (core dumped) ./ring_test --all",
                "and its arguments",
            ),
            ("Abort trap: 6", "another system's"),
        ] {
            let log = format!(
                "ring_test: ring.c:31: pop: Assertion `head < tail' failed.\n{died}\nmake: *** [check] Error 134\n"
            );
            let events = events_in(log);
            let first = order(&events, |_| false).first().map(|standing| events[standing.event].headline);
            assert_eq!(first, Some(1), "{died}: {why}");
        }
    }

    #[test]
    fn an_end_stands_behind_the_failure_of_the_step_right_above_it() {
        let log = "ring.c:31:7: error: unknown type name 'cell'\nmake: *** [ring.o] Error 1\nthe build folder is kept\n\
                   The command \"make\" exited with 2.\n";
        let events = events_in(log);
        let last_words = events.iter().position(|event| event.role == Role::Context).expect("last words");
        let mut standings: Vec<Standing> =
            (0..events.len()).map(|event| Standing { event, score: 0.0, probability: 0.0 }).collect();
        standings[last_words].score = 3.0;
        specific_before_generic(&events, &mut standings);
        assert_eq!([standings[0].score, standings[last_words].score], [3.0, 0.0], "two ends, one conclusion");
    }

    #[test]
    fn a_count_names_nothing() {
        for (message, count) in [
            ("Tests: 59, Assertions: 139, Failures: 7, Skipped: 1.", true),
            ("FAILURES!", true),
            ("[ring] 87 passed, 1 failed, 0 skipped, 0 xfail / 88 total", true),
            ("[ring] 3 links torn", false),
            ("Finished in 13.685764s, 149.6445 runs/s, 339.3307 assertions/s.", true),
            ("2048 runs, 4644 assertions, 0 failures, 1 errors, 0 skips", true),
            ("Result: FAIL", true),
            ("3 failed, 17 passed in 4.08s", true),
            ("TEST COMPLETE, 5 ok, 1 failed of 6 test cases", true),
            ("1 error generated.", true),
            ("ERROR: One or more tests failed", true),
            ("2 of 17 test tasks failed:", true),
            ("3 errors: the ring is torn", false),
            ("error: torn", false),
            ("FAIL: test_pop", false),
            ("", false),
        ] {
            assert_eq!(is_count(message), count, "{message}");
        }
    }

    #[test]
    fn what_says_no_more_than_that_something_failed_is_never_first() {
        for (log, first) in [
            ("error: the ring is torn\nmake: *** [ring] Error 2\n", "error: the ring is torn"),
            (
                "[ring] 1087 passed, 1 failed, 0 timeout / 1088 total\n\nerror: ring 28 is torn\n",
                "error: ring 28 is torn",
            ),
            ("FAIL\tacme/ring\t5.877s\n\nerror: the ring is torn\n", "error: the ring is torn"),
            (
                "core ...... FAILURE [  2.6 s]\nBUILD FAILURE\n\nerror: ring 7 not found\n",
                "error: ring 7 not found",
            ),
        ] {
            let events = events_in(log);
            let standings = order(&events, |_| false);
            let message = standings.first().map(|standing| events[standing.event].message.as_str());
            assert_eq!(message, Some(first), "{log}");
        }
    }
}
