//! One failing run: the facts of its log, and what they tell of one failure in it.

use super::assertion;
use super::command::{self, Commands};
use super::named_test::{self, base, verdicts};
use super::recognise;
use super::seeds;
use super::subject::{Order, Test};
use crate::durations::hugs;
use crate::facts::limits::{self, Limit};
use crate::facts::setup::{FailureLines, Seed, Setup, Variable, tells_a_step};
use crate::facts::{Facts, Place};
use crate::findings::OccurrenceSummary;

/// Frames kept.
const MOST_FRAMES: usize = 5;

/// A failing run, and what its facts tell of the failure in it.
#[derive(Clone, Debug)]
pub struct FailingRun<'f> {
    pub(super) facts: &'f Facts,
    pub(super) setup: Option<&'f Setup>,
    pub(super) occurrence: &'f OccurrenceSummary,
    /// The failure's first line: nothing after it happened before the failure.
    pub(super) until: u64,
    /// The line that says it best, as the log has it.
    pub(super) headline: (String, Place),
    pub(super) exception: Option<String>,
    /// The stack, innermost frame first, as `function (file)`.
    pub(super) frames: Vec<String>,
    /// The file that raised it.
    pub(super) place: Option<String>,
    /// The source of the assertion that failed.
    pub(super) assertion: Option<String>,
    /// The last line before it that looks like progress.
    pub(super) phase: Option<(String, Place)>,
    pub(super) commands: Commands,
    pub(super) variables: Vec<Variable>,
    pub(super) limits: Vec<Limit>,
    pub(super) seeds: Vec<Seed>,
    pub(super) test: Option<Test>,
    pub(super) order: Option<Order>,
    /// Seconds from the command to the failure.
    pub(super) seconds: Option<f64>,
}

impl<'f> FailingRun<'f> {
    /// Takes from `facts` what matters to `occurrence`, a failure in them.
    pub fn new(facts: &'f Facts, occurrence: &'f OccurrenceSummary) -> Self {
        let until = occurrence.line_start;
        let setup = facts.setup.as_ref();
        let at = facts.failures.iter().position(|event| event.first_line == until);
        let own = setup.zip(at).and_then(|(setup, at)| setup.failures.get(at));
        let lines: Vec<&str> = own.iter().flat_map(|own| &own.lines).map(|(_, text)| text.as_str()).collect();
        let source = facts.source.name.as_str();
        let headline = headline(facts, own, occurrence);
        let verdicts = verdicts(&facts.tests);
        let test = named_test::failed(source, &verdicts, occurrence.test.as_deref(), until);
        let framework = test.as_ref().map(|test| test.framework);
        let framework = framework.or_else(|| verdicts.first().map(|verdict| verdict.test.framework));
        let commands = setup.map(|setup| command::command(setup, until, framework)).unwrap_or_default();
        let variables = setup.map(|setup| setup.variables(until)).unwrap_or_default();
        let printed = setup.map(|setup| setup.seeds.as_slice()).unwrap_or_default();
        let mut run = Self {
            exception: exception(occurrence, &lines, &headline.0),
            frames: at.and_then(|at| facts.failures.get(at)).map(frames).unwrap_or_default(),
            place: recognise::place(&lines),
            assertion: assertion::statement(&lines),
            phase: own.and_then(|own| own.progress.clone()),
            order: test.as_ref().and_then(|test| named_test::order(source, &verdicts, test)),
            seconds: setup.and_then(|setup| seconds(setup, &commands, until)),
            limits: limits(setup, &variables),
            seeds: seeds::in_force(printed, &variables, until),
            facts,
            setup,
            occurrence,
            until,
            headline,
            commands,
            variables,
            test,
        };
        run.hug();
        run
    }

    /// Returns the name of its log.
    pub fn source(&self) -> &'f str {
        &self.facts.source.name
    }

    /// Finds limits that the failure hugs: the time since the command began, since the test began or since the
    /// line before is as long as the limit.
    fn hug(&mut self) {
        let Some(setup) = self.setup else { return };
        let since = |line: u64| setup.seconds(line, self.until);
        let command = self.commands.command.as_ref().and_then(|command| since(command.at.line));
        let test = self.test.as_ref().and_then(|test| since(test.at.line));
        let spans = [command, test, since(self.until.saturating_sub(1))];
        for limit in self.limits.iter_mut().filter(|limit| limit.elapsed.is_none()) {
            let near = spans.iter().flatten().find(|span| **span > 0.0 && hugs(**span, limit.seconds));
            limit.elapsed = near.map(|span| (span * 1000.0).round() / 1000.0);
            limit.hugged = near.is_some();
        }
    }
}

/// Returns the seconds that a passing run took from its command to its end.
pub(super) fn seconds_of_pass(facts: &Facts) -> Option<f64> {
    let setup = facts.setup.as_ref()?;
    let framework = facts.tests.ran.first().map(|test| test.framework);
    seconds(setup, &command::command(setup, u64::MAX, framework), facts.source.lines)
}

fn seconds(setup: &Setup, commands: &Commands, until: u64) -> Option<f64> {
    let begin = commands.command.as_ref().map_or(1, |command| command.at.line);
    setup.seconds(begin, until).filter(|seconds| *seconds > 0.0)
}

fn limits(setup: Option<&Setup>, variables: &[Variable]) -> Vec<Limit> {
    let printed = setup.iter().flat_map(|setup| setup.limits.iter().cloned());
    printed.chain(variables.iter().filter_map(limits::of_variable)).collect()
}

fn exception(occurrence: &OccurrenceSummary, lines: &[&str], headline: &str) -> Option<String> {
    let own = || lines.iter().rev().find_map(|line| recognise::exception(line));
    let summed = || recognise::exception(headline.split(" - ").last()?);
    recognise::exception(&occurrence.message).or_else(own).or_else(summed)
}

fn frames(event: &crate::facts::failures::Event) -> Vec<String> {
    let frame = |frame: &crate::facts::failures::Frame| {
        let file = frame.file.rsplit(['/', '\\']).next().unwrap_or_default();
        if file.is_empty() { frame.function.clone() } else { format!("{} ({file})", frame.function) }
    };
    event.frames.iter().take(MOST_FRAMES).map(frame).collect()
}

/// Returns the line that says it best, as the log has it.
fn headline(facts: &Facts, own: Option<&FailureLines>, occurrence: &OccurrenceSummary) -> (String, Place) {
    let (message, number) = (occurrence.message.trim(), occurrence.headline.line);
    let number = if number == 0 { occurrence.line_start } else { number };
    let lines = || own.into_iter().flat_map(|own| &own.lines);
    let place = |line: u64| Place::new(&facts.source.name, line);
    let printed = lines().find(|(line, _)| *line == number).map(|(_, text)| text.trim());
    let is_whole = |text: &&str| !text.is_empty() && !text.starts_with('<') && !text.contains(message);
    let text = printed.filter(is_whole).unwrap_or(message);
    if !recognise::is_heading(text) {
        return (text.to_owned(), place(number));
    }
    // What a heading announces stands below it.
    let telling = || lines().filter(|(_, text)| !recognise::is_heading(text));
    let named = telling().rfind(|(_, text)| recognise::exception(text).is_some());
    // Where it announces nothing, the runner's summary repeats the message behind the test's name, or words stand behind
    // the place that said them, below the heading or right above it.
    let placed = || telling().find(|(_, text)| recognise::is_placed(text));
    let above = || own?.progress.as_ref().filter(|(text, _)| recognise::is_placed(text));
    let step = || telling().find(|(_, text)| tells_a_step(text.trim()));
    let (line, text) = named
        .map(|(line, text)| (*line, text.as_str()))
        .or_else(|| summary(facts, occurrence))
        .or_else(|| placed().map(|(line, text)| (*line, text.as_str())))
        .or_else(|| above().map(|(text, place)| (place.line, text.as_str())))
        .or_else(|| step().map(|(line, text)| (*line, text.as_str())))
        .unwrap_or((number, text));
    (text.trim().to_owned(), place(line))
}

fn summary<'f>(facts: &'f Facts, occurrence: &OccurrenceSummary) -> Option<(u64, &'f str)> {
    let named = named_test::plain(occurrence.test.as_deref()?);
    let summaries =
        facts.tests.ran.iter().chain(&facts.tests.summed).filter_map(|test| test.summary.as_ref());
    let own = summaries.filter(|(_, text)| text.contains(base(&named)));
    own.max_by_key(|(line, _)| *line).map(|(line, text)| (*line, text.as_str()))
}
