//! The pattern in Markdown: what is known with its places, what is missing, what to turn.

use super::markdown::code;
use super::pattern::Pattern;
use crate::facts::Place;
use crate::facts::limits::Limit;
use crate::facts::setup::{Seed, Variable};

/// Entries shown of a long list.
const MOST_SHOWN: usize = 12;

/// Returns what failed, where, how often, and how it is recognised.
pub fn failure(pattern: &Pattern) -> String {
    let oracle = &pattern.oracle;
    let mut text = Lines::default();
    text.add(format!("**{}** ({})", code(&oracle.title), oracle.kind));
    text.add(format!("- signature {}, cluster {}", code(&oracle.signature), code(&oracle.cluster)));
    text.add(format!("- says {} at {}", code(&oracle.message), place(&oracle.at)));
    text.add(format!("- plain regular expression {}", code(&oracle.regex)));
    if let Some(test) = &pattern.test {
        text.add(format!("- test {} at {}", code(&test.id), place(&test.at)));
    }
    if let Some(command) = &pattern.command {
        text.add(format!("- command {} at {}", code(&command.printed), place(&command.at)));
    }
    for frame in &oracle.frames {
        text.add(format!("- in {}", code(frame)));
    }
    for phase in &oracle.phase {
        text.add(format!("- just before: {} at {}", code(&phase.text), place(&phase.at)));
    }
    let [low, high] = pattern.rate.interval;
    text.add(format!(
        "- {} of {} logs collected (95% interval {low:.3} to {high:.3}); {}",
        pattern.rate.failing, pattern.rate.runs, pattern.budget.sentence
    ));
    text.text
}

/// Returns the causes with what speaks for and against each.
pub fn causes(pattern: &Pattern) -> String {
    let mut text = Lines::default();
    if pattern.causes.is_empty() {
        text.add("No cause is ranked: the logs show nothing that speaks for one.");
    }
    for cause in &pattern.causes {
        text.add(format!("- **{}** {:.2} ({})", cause.cause, cause.score, cause.grade));
        for (word, list) in [("for", &cause.evidence), ("against", &cause.against)] {
            for evidence in list.iter().take(4) {
                let at = evidence.source.as_deref().zip(evidence.line);
                let at = at.map_or_else(String::new, |(source, line)| {
                    format!(" at {}", code(&format!("{source}:{line}")))
                });
                text.add(format!("  - {word}: {}{at}", code(&evidence.text)));
            }
        }
    }
    text.text
}

/// Returns variables, limits, surroundings, order and window, each with its place.
pub fn conditions(pattern: &Pattern) -> String {
    let mut text = Lines::default();
    text.list("variable", pattern.environment.iter().map(variable));
    text.list("seed", pattern.replays.iter().flat_map(|replay| &replay.seeds).map(seed));
    text.list("limit", pattern.limits.iter().map(limit));
    let around = &pattern.surroundings;
    let seen =
        [&around.hosts, &around.images, &around.hardware, &around.devices, &around.actors, &around.versions];
    let seen = seen.into_iter().flatten();
    text.list(
        "surroundings",
        seen.map(|seen| format!("{} {} at {}", seen.what, code(&seen.value), place(&seen.at))),
    );
    text.list(
        "concentration",
        pattern.concentration.iter().map(|found| {
            let ([fails, all_fails], [passes, all_passes]) = (found.failing, found.passing);
            format!(
                "{} {}: {fails}/{all_fails} failing and {passes}/{all_passes} passing runs, adjusted p = {:.4}",
                found.what,
                code(&found.value),
                found.p_adjusted
            )
        }),
    );
    text.list(
        "sibling",
        pattern.sibling.iter().map(|test| format!("{} at {}", code(&test.id), place(&test.at))),
    );
    if let Some(order) = &pattern.order {
        let nearest = order.preceding.iter().rev();
        text.list(
            "ran before",
            nearest.map(|before| format!("{} {} at {}", code(&before.id), before.verdict, place(&before.at))),
        );
    }
    text.text
}

/// Returns the knobs in their order and what not to do.
pub fn knobs(pattern: &Pattern) -> String {
    let mut text = Lines::default();
    for (rank, knob) in pattern.knobs.iter().enumerate() {
        let levels: Vec<String> = knob.levels.iter().map(f64::to_string).collect();
        let site = knob.site.as_deref().map_or_else(String::new, |site| format!(" on {}", code(site)));
        text.add(format!(
            "{}. {}{site}: {} ({}); {}: {}",
            rank + 1,
            knob.amplifier,
            levels.join(", "),
            knob.unit,
            knob.cause,
            knob.why
        ));
    }
    for advice in &pattern.contra {
        text.add(format!("- not: {}; {}", advice.what, advice.why));
    }
    text.text
}

/// Returns what no log tells.
pub fn missing(pattern: &Pattern) -> String {
    let mut text = Lines::default();
    for missing in &pattern.missing {
        text.add(format!("- {}: {}", missing.what, missing.next));
    }
    if text.text.is_empty() { "Nothing that ndlog looks for.\n".to_owned() } else { text.text }
}

/// Lines of Markdown being put together.
#[derive(Default)]
struct Lines {
    text: String,
}

impl Lines {
    fn add(&mut self, line: impl AsRef<str>) {
        self.text.push_str(line.as_ref());
        self.text.push('\n');
    }

    /// Adds the first entries and says how many more there are.
    fn list(&mut self, what: &str, entries: impl Iterator<Item = String>) {
        let mut left = 0;
        for (at, entry) in entries.enumerate() {
            if at < MOST_SHOWN { self.add(format!("- {what} {entry}")) } else { left += 1 }
        }
        if left > 0 {
            self.add(format!("- {what}: {left} more in pattern.json"));
        }
    }
}

fn place(at: &Place) -> String {
    code(&format!("{}:{}", at.source, at.line))
}

fn variable(variable: &Variable) -> String {
    let value = variable.value.as_deref().map_or_else(|| "(hidden or computed)".to_owned(), code);
    let varies = if variable.varies { ", differs between logs" } else { "" };
    format!("{} = {value}{varies} at {}", code(&variable.name), place(&variable.at))
}

fn seed(seed: &Seed) -> String {
    format!("{} = {} at {}", code(&seed.variable), code(&seed.value), place(&seed.at))
}

fn limit(limit: &Limit) -> String {
    let fired = if limit.fired { ", fired" } else { "" };
    let hugged = match limit.elapsed {
        Some(elapsed) if limit.hugged => format!(", hugged: took {elapsed} s"),
        _ => String::new(),
    };
    format!("{} {} s{fired}{hugged} at {}", code(&limit.name), limit.seconds, place(&limit.at))
}
