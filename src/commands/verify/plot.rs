//! The arms of a proof as bars: how often each hits, how sure that is, and how many hits a minute it gives.

use minijinja::{Environment, context};

use crate::reports::visible;
use crate::trials::{Arm, Outcome, Tally};

/// Columns of a bar, from no run to every run.
const WIDTH: usize = 40;
/// Arms that are drawn, and letters of an arm's name.
const ARMS: usize = 16;
const NAME: usize = 44;
/// The page is read from top to bottom once; nothing in it is run.
const PAGE: &str = include_str!("outcome.html");

/// Returns a line for each arm that was run: `├` and `┤` end its interval, `●` is its rate.
pub fn text(arms: &[Tally]) -> String {
    let arms = drawn(arms);
    let names: Vec<String> = arms.iter().map(|tally| name(&tally.arm)).collect();
    let longest = names.iter().map(|name| name.chars().count()).max().unwrap_or_default();
    let line = |(tally, name): (&&Tally, &String)| {
        let blanks = " ".repeat(longest - name.chars().count());
        format!(
            "{name}{blanks} {} {:>4}/{:<4} {:>6.1} a minute\n",
            bar(tally),
            tally.hits,
            tally.runs,
            tally.hits_per_minute
        )
    };
    let scale = format!("{} 0%{}100%\n", " ".repeat(longest), " ".repeat(WIDTH - 6));
    arms.iter().zip(&names).map(line).collect::<String>() + &scale
}

/// Returns the outcome as a page of its own.
///
/// # Errors
/// If the template cannot be rendered, which a test excludes.
pub fn page(outcome: &Outcome) -> Result<String, minijinja::Error> {
    let percent = |part: f64| (100.0 * part).clamp(0.0, 100.0);
    let arm = |tally: &&Tally| {
        context! {
            name => visible(&tally.arm.to_string()).into_owned(),
            hits => tally.hits,
            runs => tally.runs,
            rate => percent(tally.rate()),
            low => percent(tally.interval.low),
            wide => percent(tally.interval.high) - percent(tally.interval.low),
            a_minute => format!("{:.1}", tally.hits_per_minute),
        }
    };
    let arms: Vec<_> = drawn(&outcome.arms).iter().map(arm).collect();
    let causes: Vec<_> = outcome
        .causes
        .iter()
        .map(|cause| {
            let because: Vec<_> = cause.because.iter().map(|because| visible(because).into_owned()).collect();
            context! { name => cause.cause.name(), before => percent(cause.before), after => percent(cause.after), because }
        })
        .collect();
    let values = context! { sentence => visible(&outcome.sentence).into_owned(), arms, causes };
    // The ending of the name makes the engine escape every value.
    Environment::new().render_named_str("outcome.html", PAGE, values)
}

fn drawn(arms: &[Tally]) -> Vec<&Tally> {
    let mut arms: Vec<&Tally> = arms.iter().filter(|tally| tally.runs > 0).collect();
    arms.sort_by(|a, b| b.hits_per_minute.total_cmp(&a.hits_per_minute).then(b.runs.cmp(&a.runs)));
    let plain = arms.iter().position(|tally| tally.arm.is_plain());
    if let Some(at) = plain.filter(|at| *at >= ARMS) {
        arms.swap(at, ARMS - 1);
    }
    arms.truncate(ARMS);
    arms
}

fn name(arm: &Arm) -> String {
    let whole = visible(&arm.to_string()).replace('`', "'");
    match whole.char_indices().nth(NAME) {
        Some((end, _)) => format!("{}…", whole.get(..end).unwrap_or_default()),
        None => whole,
    }
}

fn bar(tally: &Tally) -> String {
    let at = |part: f64| ((part * WIDTH as f64) as usize).min(WIDTH - 1);
    let (low, rate, high) = (at(tally.interval.low), at(tally.rate()), at(tally.interval.high));
    let mark = |column: usize| match column {
        _ if column == rate => '●',
        _ if column == low => '├',
        _ if column == high => '┤',
        _ if (low..high).contains(&column) => '─',
        _ => '·',
    };
    (0..WIDTH).map(mark).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trials::{Plan, Setting};

    fn tally(name: &str, hits: u64, runs: u64) -> Tally {
        let setting =
            Setting { amplifier: name.to_owned(), level: 2.0, site: Some("</b>`x`\u{1b}[2J".into()) };
        let mut tally = Tally::of(&Arm(vec![setting]), std::iter::empty());
        (tally.hits, tally.runs) = (hits, runs);
        tally.interval = crate::stats::Interval { low: 0.25, high: 0.75 };
        tally.hits_per_minute = hits as f64;
        tally
    }

    #[test]
    fn each_arm_is_a_bar_with_its_interval_and_hostile_names_stay_text() {
        let arms = [tally("delay", 1, 4), tally("cpu-hogs", 5, 10), tally("never-run", 0, 0)];
        let text = text(&arms);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 3, "{text}");
        assert!(lines[0].starts_with("cpu-hogs 2") && lines[0].contains("5/10"), "{text}");
        assert!(lines[0].contains("├─────────●─────────┤") && lines[1].contains("●"), "{text}");
        assert!(!text.contains('`') && !text.contains('\u{1b}'), "{text}");
        let mut outcome = Outcome::of(&Plan::default(), &["t".to_owned()], &[], Vec::new());
        outcome.arms = arms.to_vec();
        let page = page(&outcome).unwrap();
        assert!(
            page.contains("5/10") && page.contains("&lt;&#x2f;b&gt;") && !page.contains("</b>`"),
            "{page}"
        );
    }
}
