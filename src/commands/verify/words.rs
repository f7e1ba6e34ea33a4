//! An outcome in words: for the terminal and for the README.

use std::fmt::Write;

use super::plot;
use crate::durations;
use crate::experiment::Pattern;
use crate::script::longest_literal;
use crate::trials::{Arm, Experiment, Moved, Outcome, Skipped, Tally};

/// Arms that the terminal shows.
const SHOWN: usize = 8;
/// Other failures that are shown.
const OTHERS: usize = 4;

/// Returns what would be run, and in what order.
pub fn plan(experiment: &Experiment, skipped: &[Skipped]) -> String {
    let words = |argv: &[String]| shlex::try_join(argv.iter().map(String::as_str)).unwrap_or_default();
    let mut lines = vec![format!("in:      {}", experiment.folder.display())];
    if let Some((whole, _)) = &experiment.target.whole {
        lines.push(format!("first:   {}", words(whole)));
    }
    lines.push(format!("command: {}", words(&experiment.argv)));
    lines.extend(experiment.variables.iter().map(|(name, value)| format!("set:     {name}={value}")));
    let between = &experiment.between;
    lines.extend(between.exclusive.as_ref().map(|path| format!("lock:    {}", path.display())));
    lines.extend(between.reset.as_ref().map(|line| format!("reset:   {line}")));
    lines.extend(between.health.as_ref().map(|line| format!("health:  {line}")));
    if experiment.looks_at_devices() {
        lines.push("looks:   after a run that failed, dmesg since its start, tt-triage, nvidia-smi and rocm-smi, where they are there".to_owned());
    }
    lines.push(format!("copies:  {} plain runs at once", experiment.plan.copies.max(1)));
    for candidate in &experiment.plan.candidates {
        let levels: Vec<String> = candidate.levels.iter().map(f64::to_string).collect();
        let site = candidate.site.as_ref().map_or_else(String::new, |site| format!(" at {site:?}"));
        lines.push(format!("then:    {} {}{site}", candidate.amplifier, levels.join(", ")));
    }
    lines.extend(skipped.iter().map(|one| format!("never:   {}: {}", one.amplifier, one.why)));
    lines.push(format!("budget:  {}", time(experiment.plan.budget)));
    lines.join("\n")
}

/// Returns the lines for a person: the arms that tell most, what was left out, the sentence last.
pub fn lines(outcome: &Outcome) -> String {
    let mut arms: Vec<&Tally> = outcome.arms.iter().filter(|tally| tally.runs > 0).collect();
    arms.sort_by(|a, b| b.hits.cmp(&a.hits).then(b.runs.cmp(&a.runs)));
    let mut text = String::new();
    for tally in arms.iter().take(SHOWN) {
        text += &format!("  {:>4}/{:<4} {}{}\n", tally.hits, tally.runs, tally.arm, others(tally));
    }
    let more = arms.len().saturating_sub(SHOWN);
    if more > 0 {
        text += &format!("  … and {more} arms more, all in trials/outcome.json\n");
    }
    for other in outcome.others.iter().take(OTHERS) {
        let how = if other.near { "nearly matched" } else { "failed in another way" };
        text += &format!("  {} {how}, first in trials/{:04}: {}\n", other.runs, other.first, other.headline);
        text += &other.difference.as_ref().map_or_else(String::new, |why| format!("      {why}\n"));
    }
    text += &moved(&outcome.causes);
    if let Some(words) = in_short(outcome) {
        text += &format!("{words}\n  ");
    }
    text + &outcome.sentence + "\n"
}

/// Returns the likeliest cause before the runs and after them.
fn moved(causes: &[Moved]) -> String {
    let first = |rank: fn(&Moved) -> f64| causes.iter().max_by(|a, b| rank(a).total_cmp(&rank(b)));
    let best = first(|cause| cause.before).zip(first(|cause| cause.after));
    let Some((before, after)) = best else { return String::new() };
    let because = causes.first().and_then(|cause| cause.because.first());
    let because = because.map_or_else(String::new, |because| format!(" ({because})"));
    let (low, high) = (before.before, after.after);
    match before.cause == after.cause {
        true => format!("  cause: likeliest {} as before ({low:.2}, now {high:.2}){because}\n", after.cause),
        false => format!(
            "  cause: likeliest {} now ({high:.2}); {} before the runs ({low:.2}){because}\n",
            after.cause, before.cause
        ),
    }
}

/// Returns what a person takes away from a reproduction; the sentence has the figures behind it.
fn in_short(outcome: &Outcome) -> Option<String> {
    let best = outcome.best.as_ref().filter(|_| outcome.reproduced())?;
    let fails = format!("Reproduced: {} of {} runs fail", best.hits, best.runs);
    if best.arm.is_plain() {
        return Some(format!("{fails} here without any help: just repeat it."));
    }
    let Tally { hits, runs, .. } = &outcome.control;
    Some(format!("{fails} with {}, {hits} of {runs} without.", outcome.recipe))
}

/// Returns what still speaks against a reproduction under load: a sound program may reach a time limit as
/// well. A run that stood still until its limit came needs no guard.
pub fn doubt(outcome: &Outcome, pattern: &Pattern) -> Option<String> {
    let limit = pattern.limit_that_ended_it()?;
    let stuck = outcome.best.as_ref().is_some_and(|best| best.stuck > 0);
    let amplified = outcome.reproduced() && !outcome.recipe.is_plain();
    (amplified && !stuck && outcome.guard.is_none()).then(|| {
        format!(
            "No guard ran, and a limit of {} s ended the failure in CI: under so much load it may end a sound \
             program as well. Name a test that should pass with --guard.",
            limit.seconds
        )
    })
}

/// Returns seconds as a person types them.
fn time(seconds: f64) -> String {
    durations::short(seconds.round() as u64)
}

/// Returns the results for the README: rate, timing, environment, and what it means for the causes.
pub fn markdown(outcome: &Outcome) -> String {
    let mut text = format!("**{}**\n\n{}", outcome.sentence, how_to_repeat(outcome));
    text += &format!(
        "{} of {} used, seed {}, {} cores.\n\n| arm | hits | runs | near matches | at work at the limit | other failures | 95% | s a run | hits a minute |\n|---|---|---|---|---|---|---|---|---|\n",
        time(outcome.elapsed),
        time(outcome.budget),
        outcome.seed,
        std::thread::available_parallelism().map_or(1, usize::from)
    );
    for tally in outcome.arms.iter().filter(|tally| tally.runs > 0) {
        text += &row(tally);
    }
    text += &format!("\n```text\n{}```\n", plot::text(&outcome.arms));
    for other in outcome.others.iter().take(OTHERS) {
        let how = if other.near { "nearly matched" } else { "failed in another way" };
        text += &format!(
            "\n{} {how}, first in `trials/{:04}`: {}",
            other.runs,
            other.first,
            cell(&other.headline)
        );
        text += &other.difference.as_ref().map_or_else(String::new, |why| format!(" ({})", cell(why)));
        text.push('\n');
    }
    for skipped in &outcome.skipped {
        // Writing to a String cannot fail.
        let _ = write!(text, "\nNot tried: {}, {}.", skipped.amplifier, cell(&skipped.why));
    }
    text.push('\n');
    text += &after(&outcome.causes);
    text
}

/// Returns the command as it is, and the recipe's where another one was counted, each with its own figures.
fn how_to_repeat(outcome: &Outcome) -> String {
    let command = shlex::try_join(outcome.argv.iter().map(String::as_str)).unwrap_or_default();
    let control = &outcome.control;
    let mut text = format!(
        "As it is ({} of {} runs failed): `./run_test.sh {}`, which runs\n\n    {}\n\n",
        control.hits,
        control.runs,
        flags(&control.arm),
        command.replace('\n', "\n    ")
    );
    if let Some(best) = outcome.best.as_ref().filter(|best| best.arm != control.arm) {
        let (hits, runs) = (best.hits, best.runs);
        text += &format!("With the recipe ({hits} of {runs}): `./run_test.sh {}`\n\n", flags(&best.arm));
    }
    text
}

fn row(tally: &Tally) -> String {
    format!(
        "| {} | {} | {} | {} | {} | {} | {:.3} to {:.3} | {:.2} | {:.1} |\n",
        cell(&tally.arm.to_string()),
        tally.hits,
        tally.runs,
        tally.same_class,
        tally.starved,
        tally.different,
        tally.interval.low,
        tally.interval.high,
        tally.seconds_a_run().unwrap_or_default(),
        tally.hits_per_minute
    )
}

/// Returns the causes before and after the runs, and what the runs say of them.
fn after(causes: &[Moved]) -> String {
    if causes.is_empty() {
        return String::new();
    }
    let mut before: Vec<&Moved> = causes.iter().filter(|cause| cause.before > 0.0).collect();
    before.sort_by(|a, b| b.before.total_cmp(&a.before));
    let named = |cause: &&Moved| format!("{} {:.0}%", cause.cause, 100.0 * cause.before);
    let names: Vec<String> = before.iter().map(named).collect();
    let mut text = format!("\nCauses before the runs: {}. After them:\n\n", names.join(", "));
    for (index, cause) in causes.iter().enumerate() {
        text += &format!("{}. {} {:.0}%", index + 1, cause.cause, 100.0 * cause.after);
        for because in &cause.because {
            text += &format!("; {}", cell(because));
        }
        text.push('\n');
    }
    text
}

/// Failures that are not the one looked for are news of their own.
fn others(tally: &Tally) -> String {
    let near = (tally.same_class > 0).then(|| format!("{} nearly matched", tally.same_class));
    let other = (tally.different > 0).then(|| format!("{} failed in another way", tally.different));
    let starved = (tally.starved > 0).then(|| format!("{} at work when the limit came", tally.starved));
    let parts: Vec<String> = near.into_iter().chain(starved).chain(other).collect();
    if parts.is_empty() { String::new() } else { format!("  ({})", parts.join(", ")) }
}

/// Returns the options with which the written test runs the arm; without any it would choose for itself.
fn flags(arm: &Arm) -> String {
    if arm.is_control() {
        return "--plain".to_owned();
    }
    let waits = arm.0.iter().find(|setting| setting.amplifier == "delay");
    let step = waits.map(|delay| delay.site.as_deref().and_then(longest_literal).unwrap_or_default());
    let step = step.and_then(|step| shlex::try_quote(step).ok().map(|step| format!("--step {step}")));
    let flag = |setting: &crate::trials::Setting| format!("--{} {}", setting.amplifier, setting.level);
    arm.0.iter().map(flag).chain(step).collect::<Vec<_>>().join(" ")
}

/// Text of a log inside a table or a paragraph: one line, and nothing that Markdown acts on.
fn cell(text: &str) -> String {
    let plain: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let mut escaped = String::new();
    for letter in plain.chars() {
        if r"|\`*_<>[]#!".contains(letter) {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trials::{Plan, Setting};

    fn tally(arm: Arm, hits: u64, runs: u64) -> Tally {
        let mut tally = Tally::of(&arm, std::iter::empty());
        (tally.hits, tally.runs) = (hits, runs);
        tally
    }

    fn arm(settings: &[(&str, f64, Option<&str>)]) -> Arm {
        let setting = |&(name, level, site): &(&str, f64, Option<&str>)| Setting {
            amplifier: name.to_owned(),
            level,
            site: site.map(str::to_owned),
        };
        Arm(settings.iter().map(setting).collect())
    }

    #[test]
    fn each_command_of_the_readme_stands_with_the_figures_of_its_own_runs() {
        let whole = || arm(&[("whole-suite", 1.0, None)]);
        let cases: [(&str, Tally, Option<Tally>, &[&str]); 5] = [
            (
                "nothing but repetition",
                tally(Arm::CONTROL, 5, 30),
                Some(tally(Arm::CONTROL, 5, 30)),
                &["As it is (5 of 30 runs failed): `./run_test.sh --plain`"],
            ),
            (
                "the whole command",
                tally(whole(), 5, 30),
                Some(tally(whole(), 5, 30)),
                &["As it is (5 of 30 runs failed): `./run_test.sh --whole-suite 1`"],
            ),
            (
                "a recipe, at no place",
                tally(Arm::CONTROL, 1, 40),
                Some(tally(arm(&[("delay", 16.0, None), ("cpu-hogs", 2.0, None)]), 8, 9)),
                &[
                    "As it is (1 of 40 runs failed): `./run_test.sh --plain`",
                    "With the recipe (8 of 9): `./run_test.sh --delay 16 --cpu-hogs 2 --step ''`",
                ],
            ),
            (
                "a recipe at a place, among all tests",
                tally(whole(), 0, 40),
                Some(tally(arm(&[("whole-suite", 1.0, None), ("delay", 8.0, Some("worker ready"))]), 8, 9)),
                &[
                    "With the recipe (8 of 9): `./run_test.sh --whole-suite 1 --delay 8 --step 'worker ready'`",
                ],
            ),
            (
                "not reproduced",
                tally(Arm::CONTROL, 0, 40),
                None,
                &["As it is (0 of 40 runs failed): `./run_test.sh --plain`"],
            ),
        ];
        for (name, control, best, expected) in cases {
            let mut outcome = Outcome::of(&Plan::default(), &["t".to_owned()], &[], Vec::new());
            outcome.recipe = best.as_ref().map_or(Arm::CONTROL, |best| best.arm.clone());
            let commands = 1 + usize::from(best.as_ref().is_some_and(|best| best.arm != control.arm));
            (outcome.control, outcome.best) = (control, best);
            let text = markdown(&outcome);
            assert!(expected.iter().all(|line| text.contains(line)), "{name}: {text}");
            assert_eq!(text.matches("run_test.sh").count(), commands, "{name}: {text}");
        }
    }
}
