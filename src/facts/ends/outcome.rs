//! How a log as a whole ended, by its statements and never by its words.

use std::ops::Range;

use super::end::{End, Scope, Verdict};
use super::passes::Passes;
use super::{closing, tests_failed, verdict_list};
use crate::facts::Outcome;
use crate::facts::failures::{Event, Role};
use crate::text::lines::{Index, clean};

/// How a log as a whole ended, and what says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conclusion {
    pub outcome: Outcome,
    /// The line of the statement.
    pub line: Option<u64>,
    /// The statement with its line, as `line 31: Job succeeded`; `None` where nothing states an end.
    pub because: Option<String>,
}

impl Conclusion {
    /// Returns the outcome that a line states.
    pub fn stated(outcome: Outcome, line: u64, says: &str) -> Self {
        let says: String = says.trim().chars().take(BECAUSE).collect();
        Self { outcome, line: Some(line), because: Some(format!("line {line}: {says}")) }
    }
}

/// Letters kept of a statement.
const BECAUSE: usize = 200;

/// Weighs the statements of a log: a wider scope outweighs a narrower one, a later attempt of the same thing an
/// earlier one, and what failed is not undone by something else that went well, nor by a run that began behind it. `events`, in order, tell only
/// whether the log ends with the report of a program's own end, and whether something went wrong after the last
/// suite that passed. `behind` is called with bytes that were read once more and are not needed soon.
pub fn conclude(
    index: &Index<'_>,
    ends: &[End],
    events: &[Event],
    behind: &(dyn Fn(Range<usize>) + Sync),
) -> Conclusion {
    let closes = |end: &End| !end.closing || closing::closes(index, events, end.line);
    let well: Vec<&End> = ends.iter().filter(|end| end.verdict == Verdict::Pass && closes(end)).collect();
    // What went well before the last command says nothing of it, nor does a last word that was none.
    let is_denied = |line| {
        let speaks = |well: &&&End| !well.last_words || well.line > line;
        well.iter().filter(speaks).any(|well| well.line > closing::command_of(index, line))
    };
    let counts = |end: &&End| match (end.last_words, end.verdict) {
        (true, Verdict::Pass) => closing::is_last_success(index, events, end.line),
        (true, _) => closing::is_last_error(index, events, end.line) && !is_denied(end.line),
        (false, _) => closes(end),
    };
    let ends: Vec<&End> = ends.iter().filter(counts).collect();
    let over = last(&ends, |end| end.verdict == Verdict::Over && end.scope >= Scope::Job);
    let (passes, steps) = (Passes::of(&ends), last_step(&ends));
    let stands = |failed: &&&End| {
        let over = over.filter(|over| !passes.is_of_another_run(failed, over));
        !passes.take_back(failed) && decides(failed, over, steps)
    };
    let failed = ends.iter().filter(|end| end.verdict == Verdict::Fail);
    let standing = failed.filter(stands).max_by_key(|end| (end.scope, end.line));
    if let Some(end) = standing {
        return stated(Outcome::Fail, end);
    }
    if let Some(end) = last(&ends, |end| end.verdict == Verdict::Pass && end.scope >= Scope::Job) {
        return stated(Outcome::Pass, end);
    }
    if let Some(end) = over.filter(|over| is_whole(over, &ends)) {
        return Conclusion::stated(Outcome::Pass, end.line, "no failed step, no failed test");
    }
    let passed = last(&ends, |end| end.verdict == Verdict::Pass);
    if let Some(end) = passed.filter(|end| is_last_word(index, end, over, events)) {
        return stated(Outcome::Pass, end);
    }
    if let Some(line) = tests_failed::last(index, behind).and_then(|line| index.line(line)) {
        return Conclusion::stated(Outcome::Fail, line.number, &String::from_utf8_lossy(&clean(line.bytes)));
    }
    last_words(index, events, &is_denied)
}

/// Returns what follows from what the log ends with, where no rule reads it: a report, an error, a list of verdicts.
/// `is_denied` tells whether something that went well speaks against a failure in a line.
fn last_words(index: &Index<'_>, events: &[Event], is_denied: &dyn Fn(u64) -> bool) -> Conclusion {
    let failure = || closing::last_failure(index, events).filter(|event| !is_denied(event.headline));
    if let Some(event) = closing::report(index, events).or_else(failure) {
        return Conclusion::stated(Outcome::Fail, event.headline, &event.message);
    }
    match verdict_list::last(index) {
        Some(list) if list.verdict == Verdict::Fail && !is_denied(list.line) => {
            Conclusion::stated(Outcome::Fail, list.line, &list.text)
        }
        Some(list) if list.verdict == Verdict::Pass && closing::is_last_success(index, events, list.line) => {
            Conclusion::stated(Outcome::Pass, list.line, &list.text)
        }
        _ => Conclusion::default(),
    }
}

fn last<'e>(ends: &[&'e End], is: impl Fn(&End) -> bool) -> Option<&'e End> {
    ends.iter().filter(|end| is(end)).max_by_key(|end| (end.scope, end.line)).copied()
}

/// Returns true if a failure that nothing took back says how its job ended. The last step began in the line `steps`.
fn decides(failed: &End, over: Option<&End>, steps: u64) -> bool {
    match (over, failed.scope) {
        // The CI system tells of each step that failed: what a program said of itself was not decisive.
        (Some(_), Scope::Process) => false,
        // Followed by no further step, it was the end of its own.
        // An error that the CI system marked was the end of its step where no further one followed.
        (Some(over), _) if failed.loose => failed.line < over.line && steps <= failed.line,
        (None, _) if failed.loose => false,
        _ => true,
    }
}

/// Returns true if and only if the job that is over also began in this log: of a part of it nothing follows.
fn is_whole(over: &End, ends: &[&End]) -> bool {
    let began = |end: &&&End| end.verdict == Verdict::Began && end.scope == over.scope;
    ends.iter().filter(began).any(|end| end.line < over.line)
}

/// Returns the line in which the last step began; 0 if none did.
fn last_step(ends: &[&End]) -> u64 {
    let began = |end: &&&End| end.verdict == Verdict::Began && end.scope == Scope::Step;
    ends.iter().filter(began).map(|end| end.line).max().unwrap_or_default()
}

/// Returns true if and only if nothing went wrong after it, as far as the log's words tell, and no further command began; or if
/// the job is over without a step of which its system says that it failed.
fn is_last_word(index: &Index<'_>, end: &End, over: Option<&End>, events: &[Event]) -> bool {
    let wrong = |event: &&Event| matches!(event.role, Role::Root | Role::Generic);
    let goes_on = || closing::command_of(index, index.lines() + 1) > end.line;
    over.is_some_and(|over| over.line > end.line)
        || !events.iter().filter(wrong).any(|event| event.first_line > end.line) && !goes_on()
}

fn stated(outcome: Outcome, end: &End) -> Conclusion {
    Conclusion::stated(outcome, end.line, &end.text)
}
