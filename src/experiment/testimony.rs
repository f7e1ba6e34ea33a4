//! What one log tells an experiment.

use std::collections::BTreeMap;

use super::command::{self, Commands};
use super::environment;
use super::hardware::{self, Fact};
use super::limits;
use super::pattern::Place;
use super::recognise::{self, masked};
use super::said::{Log, Said};
use super::seeds;
use super::steps::{self, Step};
use super::subject::{Limit, Order, Seed, Test, Variable};
use super::verdicts::{self, Verdict};
use crate::durations::hugs;
use crate::facts::runners::{self, Framework};
use crate::findings::OccurrenceSummary;

/// Distinct lines kept of a log for comparison.
const MOST_MOMENTS: usize = 20_000;

/// Letters that a step needs to mean something.
const LEAST_LETTERS: usize = 5;

/// What one log tells an experiment.
#[derive(Clone, Debug, Default)]
pub struct Testimony {
    pub(super) source: String,
    /// The line that says it best, as the log has it; `None` for a passing run.
    pub(super) headline: Option<(String, Place)>,
    pub(super) exception: Option<String>,
    pub(super) frames: Vec<String>,
    /// The file that raised it.
    pub(super) place: Option<String>,
    /// The first line of the failure; nothing from it on came before it.
    pub(super) anchor: Option<u64>,
    /// The last line before the failure that looks like progress.
    pub(super) phase: Option<(String, Place)>,
    pub(super) commands: Commands,
    pub(super) variables: Vec<Variable>,
    pub(super) limits: Vec<Limit>,
    pub(super) seeds: Vec<Seed>,
    pub(super) test: Option<Test>,
    /// The tests that ran, in order.
    pub(super) ran: Vec<Verdict>,
    pub(super) order: Option<Order>,
    pub(super) facts: Vec<Fact>,
    /// Seconds from the command to the end of the log or to the failure.
    pub(super) seconds: Option<f64>,
    /// The masked lines that tell a test's verdict.
    pub(super) verdict_lines: Vec<String>,
    /// First appearance of each masked line, in the order of the log.
    pub(super) moments: Vec<Moment>,
}

/// The first appearance of a line that says the same.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Moment {
    pub masked: String,
    pub line: u64,
    /// Nanoseconds since an epoch that is the same within the log.
    pub time: Option<i64>,
}

impl Testimony {
    /// Reads the log of a failing run, in which the failure is this occurrence.
    pub fn failing(log: Log<'_>, occurrence: &OccurrenceSummary) -> Self {
        let lines = Said::all(log.bytes);
        let until = occurrence.line_start;
        let steps = steps::steps(&lines);
        let ran = verdicts::verdicts(&lines);
        let test = verdicts::failed(log.source, &ran, occurrence.test.as_deref(), occurrence.line_start);
        let headline = headline(log.source, &lines, occurrence);
        let reader = Reader { source: log.source, lines: &lines, steps: &steps, until };
        let mut testimony = reader.read(&ran, test);
        let own: Vec<&str> = reader.span(occurrence).map(|said| &*said.text).collect();
        testimony.exception = own.iter().rev().find_map(|line| recognise::exception(line));
        testimony.exception = recognise::exception(&occurrence.message).or(testimony.exception);
        if testimony.exception.is_none() {
            let message = headline.as_ref().and_then(|(text, _)| text.split(" - ").last());
            testimony.exception = message.and_then(recognise::exception);
        }
        testimony.frames = recognise::frames(&own);
        testimony.place = recognise::place(&own);
        testimony.phase = reader.phase(occurrence.line_start, &ran);
        if let (Some(actor), Some((_, at))) = (&occurrence.actor, &headline) {
            testimony.facts.extend(hardware::of_actor(actor, at));
        }
        reader.hug(&mut testimony, occurrence.line_start);
        testimony.headline = headline;
        testimony.anchor = Some(occurrence.line_start);
        testimony
    }

    /// Reads the log of a passing run.
    pub fn passing(log: Log<'_>) -> Self {
        let lines = Said::all(log.bytes);
        let steps = steps::steps(&lines);
        let reader = Reader { source: log.source, lines: &lines, steps: &steps, until: u64::MAX };
        reader.read(&verdicts::verdicts(&lines), None)
    }
}

/// One log being read.
struct Reader<'a> {
    source: &'a str,
    lines: &'a [Said<'a>],
    steps: &'a [Step],
    /// Nothing after this line happened before the failure.
    until: u64,
}

impl<'a> Reader<'a> {
    fn read(&self, ran: &[Verdict], test: Option<Test>) -> Testimony {
        let framework: Option<Framework> =
            test.as_ref().map(|test| test.framework).or_else(|| ran.first().map(|verdict| verdict.framework));
        let commands = command::command(self.source, self.lines, self.steps, self.until, framework);
        let variables = environment::variables(self.source, self.lines, self.steps, self.until);
        let mut limits = limits::told(self.source, self.lines);
        limits.extend(limits::set(&variables));
        Testimony {
            source: self.source.to_owned(),
            order: test.as_ref().and_then(|test| verdicts::order(self.source, ran, test)),
            facts: hardware::facts(self.source, self.lines, self.until),
            seconds: self.seconds(&commands),
            moments: self.moments(),
            verdict_lines: self.verdict_lines(ran),
            ran: ran.to_vec(),
            seeds: seeds::seeds(self.source, self.lines, &variables, self.until),
            commands,
            variables,
            limits,
            test,
            ..Testimony::default()
        }
    }

    fn span(&self, occurrence: &OccurrenceSummary) -> impl Iterator<Item = &'a Said<'a>> + use<'a> {
        let (first, last) = (occurrence.line_start, occurrence.line_end);
        self.lines.iter().filter(move |said| (first..=last).contains(&said.number()))
    }

    fn time(&self, line: u64) -> Option<i64> {
        let at = usize::try_from(line.checked_sub(1)?).ok()?;
        self.lines.get(at)?.record().time
    }

    /// Returns the line before the failure that tells a step: no rule, no heading, no verdict.
    fn phase(&self, first: u64, ran: &[Verdict]) -> Option<(String, Place)> {
        let mut before = self.lines.iter().rev().skip_while(|said| said.number() >= first);
        let is_verdict = |said: &Said<'_>| ran.iter().any(|verdict| verdict.line == said.number());
        let telling = |said: &&Said<'_>| tells_a_step(said.text.trim()) && !is_verdict(said);
        let said = before.find(telling)?;
        let head = self.steps.iter().any(|step| (step.line..=step.end).contains(&said.number()));
        (!head).then(|| (said.text.trim().to_owned(), self.place(said.number())))
    }

    fn place(&self, line: u64) -> Place {
        Place { source: self.source.to_owned(), line }
    }

    /// Returns the seconds from the command's line to the last line that counts.
    fn seconds(&self, commands: &Commands) -> Option<f64> {
        let begin = commands.command.as_ref().map_or(1, |command| command.at.line);
        let last = self.until.min(self.lines.len() as u64);
        let begin = (begin..=last).find_map(|line| self.time(line))?;
        let end = (1..=last).rev().find_map(|line| self.time(line))?;
        Some((end - begin) as f64 / 1e9).filter(|seconds| *seconds > 0.0)
    }

    fn moments(&self) -> Vec<Moment> {
        let mut first: BTreeMap<String, ()> = BTreeMap::new();
        let mut moments = Vec::new();
        for said in self.lines.iter().filter(|said| !said.text.trim().is_empty()) {
            let masked = masked(&said.text);
            if first.insert(masked.clone(), ()).is_none() {
                moments.push(Moment { masked, line: said.number(), time: said.record().time });
            }
            if moments.len() == MOST_MOMENTS {
                break;
            }
        }
        moments
    }

    fn verdict_lines(&self, ran: &[Verdict]) -> Vec<String> {
        let at = |verdict: &Verdict| self.lines.get(usize::try_from(verdict.line.checked_sub(1)?).ok()?);
        ran.iter().filter_map(at).map(|said| masked(&said.text)).collect()
    }

    /// Finds limits that the failure hugs: the time since the command began, since the test was
    /// first named or since the line before is as long as the limit.
    fn hug(&self, testimony: &mut Testimony, failure: u64) {
        let Some(now) = self.time(failure) else { return };
        let since = |line: Option<u64>| Some((now - self.time(line?)?) as f64 / 1e9);
        let command = testimony.commands.command.as_ref().map(|command| command.at.line);
        let named = testimony.test.as_ref().and_then(|test| self.first_named(&test.id));
        let spans = [since(command), since(named), since(failure.checked_sub(1))];
        for limit in testimony.limits.iter_mut().filter(|limit| limit.elapsed.is_none()) {
            let near = spans.iter().flatten().find(|span| **span > 0.0 && hugs(**span, limit.seconds));
            limit.elapsed = near.map(|span| (span * 1000.0).round() / 1000.0);
            limit.hugged = near.is_some();
        }
    }

    fn first_named(&self, test: &str) -> Option<u64> {
        let name = test.rsplit(['.', ':', '/']).next().filter(|name| name.len() > 2)?;
        self.lines.iter().find(|said| said.text.contains(name)).map(Said::number)
    }
}

/// Returns true for a line that says what the program does: not a rule, a heading, a single word or
/// a mark of the CI system.
pub(super) fn tells_a_step(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let heading = !text.contains(' ') && text.ends_with(':');
    letters >= LEAST_LETTERS && !heading && !text.starts_with("##[")
}

/// Returns the line of the occurrence that shares most words with its message, as the log has it.
fn headline(source: &str, lines: &[Said<'_>], occurrence: &OccurrenceSummary) -> Option<(String, Place)> {
    let message = &occurrence.message;
    let words: Vec<&str> = message.split_whitespace().collect();
    let own =
        lines.iter().filter(|said| (occurrence.line_start..=occurrence.line_end).contains(&said.number()));
    let score = |said: &Said<'_>| {
        let whole = usize::from(said.text.contains(message.as_str())) * 1000;
        let shared = words.iter().filter(|word| said.text.contains(**word)).count();
        whole + shared * 10 + usize::from(shared > 0 && said.text.len() < 2 * message.len().max(20))
    };
    let best =
        own.map(|said| (score(said), said)).reduce(|best, next| if next.0 > best.0 { next } else { best })?;
    let is_xml = best.1.text.trim_start().starts_with('<');
    let own = is_xml || best.1.text.contains(message.as_str());
    let text = if own { message.trim() } else { best.1.text.trim() };
    let place = |said: &Said<'_>| Place { source: source.to_owned(), line: said.number() };
    if !recognise::is_heading(text) {
        return Some((text.to_owned(), place(best.1)));
    }
    // What a heading announces stands below it.
    let own = || {
        let within =
            |said: &&Said<'_>| (occurrence.line_start..=occurrence.line_end).contains(&said.number());
        lines.iter().filter(within).filter(|said| !recognise::is_heading(&said.text))
    };
    let named = own().rfind(|said| recognise::exception(&said.text).is_some());
    // Where it announces nothing, the runner's summary repeats the message behind the test's name.
    let summed = || {
        let test = verdicts::plain(occurrence.test.as_deref()?);
        let repeats =
            |said: &&Said<'_>| said.text.contains(verdicts::base(&test)) && said.text.contains(" - ");
        lines.iter().rev().find(repeats).filter(|said| runners::told(said.text.as_bytes()).is_some())
    };
    let step = || own().find(|said| tells_a_step(said.text.trim()));
    let told = named.or_else(summed).or_else(step).unwrap_or(best.1);
    Some((told.text.trim().to_owned(), place(told)))
}
