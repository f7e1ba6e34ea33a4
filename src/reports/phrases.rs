//! Small wordings that the formats for people share.

use unicode_width::UnicodeWidthChar;

use super::dates::{self, Days};
use super::visible;
use crate::background::SetBack;
use crate::findings::{ClusterSummary, Findings, OccurrenceSummary, Outcomes};
use crate::runs::{Seen, Verdict};
use crate::store::{Gone, Share, State};

/// Returns a count with its noun: `1 log`, `3 logs`.
pub fn count(count: impl Into<u64>, noun: &str) -> String {
    let count = count.into();
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// Returns the result in one line: `214 runs, 1–25 Oct 2026: 200 failed, 12 passed, 2 unclear; 3 different failures`. It
/// holds no text of a log.
pub fn headline(findings: &Findings) -> String {
    let failures = match different(findings) {
        0 => "no failure".to_owned(),
        1 => "1 failure".to_owned(),
        more => format!("{more} different failures"),
    };
    format!("{}; {failures}", counted_runs(findings, ""))
}

/// Returns what the runs are and how they ended: `50 runs of job "test (3.11)", 1–25 Oct 2026: 22 failed, 28 passed, 0
/// unclear`.
pub fn runs(findings: &Findings) -> String {
    let job = only_job(findings).map(|job| format!(" of job \"{}\"", visible(job)));
    counted_runs(findings, &job.unwrap_or_default())
}

fn counted_runs(findings: &Findings, job: &str) -> String {
    let outcomes = Outcomes::of(findings);
    let counted = count(outcomes.examined() as u64, "run");
    let days = Days::of(findings).map(|days| format!(", {}", days.words()));
    let (failed, passed, unclear) = (outcomes.failed, outcomes.passed, outcomes.unknown);
    let days = days.unwrap_or_default();
    format!("{counted}{job}{days}: {failed} failed, {passed} passed, {unclear} unclear")
}

/// Returns how many failures differ: `3 different failures, most often first`.
pub fn failures(findings: &Findings) -> String {
    match different(findings) {
        0 => "no failure".to_owned(),
        1 => "1 failure".to_owned(),
        more => format!("{more} different failures, most often first"),
    }
}

/// Returns how many failures, and suspects of runs whose end nothing states, are not shown; `None` where all are.
pub fn hidden<'f>(clusters: impl Iterator<Item = &'f ClusterSummary>) -> Option<String> {
    let (failures, suspects): (Vec<_>, Vec<_>) = clusters.partition(|cluster| cluster.failures > 0);
    let counted = [(failures.len(), "more failure"), (suspects.len(), "more suspect")];
    let parts = counted.iter().filter(|(many, _)| *many > 0).map(|(many, noun)| count(*many as u64, noun));
    let parts: Vec<String> = parts.collect();
    (!parts.is_empty()).then(|| parts.join(" and "))
}

fn different(findings: &Findings) -> usize {
    findings.clusters.iter().filter(|cluster| cluster.failures > 0).count()
}

/// Returns the job of which all runs are.
fn only_job(findings: &Findings) -> Option<&str> {
    let mut runs = findings.runs.iter().filter(|run| !run.baseline);
    let first = runs.next()?.job.as_deref()?;
    runs.all(|run| run.job.as_deref() == Some(first)).then_some(first)
}

/// Returns what to do next as the catalog advises; `None` where it only knows the form of the words.
pub fn advice(cluster: &ClusterSummary) -> Option<&str> {
    cluster.next.as_deref().filter(|_| cluster.known.as_ref().is_none_or(|known| !known.form))
}

/// Returns what the logs were compared with; `None` without `--pass`.
pub fn baseline(findings: &Findings) -> Option<String> {
    let runs = Outcomes::of(findings).baseline;
    (runs > 0).then(|| format!("compared with {}", count(runs as u64, "passing run")))
}

/// Returns the test that failed so, or the first of several; `None` where no runner names one.
pub fn tests(cluster: &ClusterSummary) -> Option<String> {
    let first = visible(cluster.tests.first()?);
    Some(match cluster.tests.len() {
        1 => first.into_owned(),
        more => format!("{first} and {}", count(more as u64 - 1, "more test")),
    })
}

/// Returns the message of a failure without the word for its kind, which the title has in front.
pub fn message(cluster: &ClusterSummary) -> &str {
    let kind =
        cluster.title.split_once(": ").filter(|(word, _)| word.eq_ignore_ascii_case(cluster.kind.name()));
    kind.map_or(cluster.title.as_str(), |(_, message)| message)
}

/// Returns how often a failure came: `12 of 50 runs, 24 %`, or the bare count where there is no rate.
pub fn share(cluster: &ClusterSummary) -> String {
    match &cluster.rate {
        Some(rate) if rate.ran > 1 => {
            let share = percent(rate.failed as f64 / rate.ran as f64);
            format!("{} of {} runs, {share} %", rate.failed, rate.ran)
        }
        _ if cluster.failures > 0 => count(cluster.failures, "run"),
        _ => count(cluster.suspects, "unclear run"),
    }
}

/// Weeks and commits named beside the sum.
const PARTS: usize = 4;

/// Returns what is remembered of a failure: `12 of 340 runs; by week 2026-W40 2 of 9, 2026-W41 1 of 8`; `None` without a
/// store.
pub fn past(cluster: &ClusterSummary) -> Option<String> {
    let past = cluster.past.as_ref()?;
    let of = |share: &Share| format!("{} {} of {}", visible(&share.of), share.failed, share.ran);
    let list = |name: &str, shares: &[Share]| {
        let last = shares.get(shares.len().saturating_sub(PARTS)..).unwrap_or(shares);
        let list: Vec<String> = last.iter().map(of).collect();
        (shares.len() > 1).then(|| format!("; by {name} {}", list.join(", ")))
    };
    let state = match past.state {
        Some(State::New) => "; not seen before".to_owned(),
        Some(State::Back) => format!("; back after {} without it", count(past.absent, "run")),
        Some(State::Ongoing) | None => String::new(),
    };
    let (weeks, commits) = (list("week", &past.weeks), list("commit", &past.commits));
    Some(format!(
        "{} of {}{state}{}{}",
        past.failed,
        count(past.ran, "run"),
        weeks.unwrap_or_default(),
        commits.unwrap_or_default()
    ))
}

/// Returns true if no run before had it: as is remembered, or else as the runs themselves tell.
pub fn is_new(cluster: &ClusterSummary) -> bool {
    match cluster.past.as_ref().and_then(|past| past.state) {
        Some(state) => state == State::New,
        None => cluster.new_since.is_some(),
    }
}

/// Returns a failure that is gone in one line.
pub fn gone(gone: &Gone) -> String {
    let name = gone.test.as_deref().unwrap_or(&gone.title);
    let last = dates::day(&gone.last_seen).map(|day| format!(", last on {day}")).unwrap_or_default();
    let id = gone.id.get(..8).unwrap_or(&gone.id);
    format!("{}: {} without it{last} ({id})", visible(name), count(gone.runs_since, "run"))
}

/// Returns where a failure is worked on, by whom and until when: `https://tracker.example/7, @net, until 2026-12-31`;
/// where nobody works on it, who is asked.
pub fn issue(cluster: &ClusterSummary) -> Option<String> {
    let owner = cluster.owner.clone();
    let Some(issue) = &cluster.issue else { return owner.map(|owner| format!("ask {owner}")) };
    let until = issue.until.as_ref().map(|until| match issue.expired {
        true => format!("expired on {until}: look again"),
        false => format!("until {until}"),
    });
    let parts = [Some(issue.issue.clone()), owner, until, issue.note.clone()];
    Some(parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
}

/// Letters of a commit that are shown, unless two begin alike.
const COMMIT: usize = 12;

/// Says why a failure is read after another.
pub fn behind(behind: &SetBack) -> String {
    format!("{}: {} (line {})", behind.text.trim(), behind.because.words(), behind.line)
}

/// Returns what to compare where a failure is new: the last run without it and the first with it.
pub fn change(cluster: &ClusterSummary) -> Option<String> {
    let news = cluster.new_since.as_ref()?;
    let counts = format!("0 of {} runs before, {} of {} since", news.before, news.failed_since, news.since);
    let name = |seen: &Seen, letters: usize| {
        let name = seen.commit.as_deref().unwrap_or(&seen.run);
        visible(&name.chars().take(letters).collect::<String>()).into_owned()
    };
    let names = |letters: usize| (name(&news.last_without, letters), name(&news.first, letters));
    let (mut before, mut first) = names(COMMIT);
    if before == first {
        (before, first) = names(usize::MAX);
    }
    if before != first {
        return Some(format!(
            "what changed between {before} (last without it) and {first} (first with it): {counts}"
        ));
    }
    // The code is the same, so something else changed between two times.
    let times = dates::minute(&news.last_without).zip(dates::minute(&news.first));
    let Some((last, begun)) = times else { return Some(format!("what changed at {first}: {counts}")) };
    Some(format!(
        "what changed between the run of {last} (last without it) and that of {begun} (first with it), both at \
         {}: {counts}",
        name(&news.first, COMMIT)
    ))
}

/// Returns how often a failure came and whether it is flaky: `6 of 26 runs (23 %, likely 11–42 %): flaky`; `None` for
/// one that no run failed with.
pub fn recurrence(cluster: &ClusterSummary) -> Option<String> {
    let counted = counted(cluster)?;
    let Some(news) = &cluster.new_since else { return Some(counted) };
    let since = news.first.commit.as_deref().unwrap_or(&news.first.run);
    let since: String = since.chars().take(12).collect();
    let (before, failed, since_then) = (news.before, news.failed_since, news.since);
    Some(format!("{counted}; new since {since}: 0 of {before} runs before, {failed} of {since_then} since"))
}

/// Returns the same without since when it is new.
pub fn counted(cluster: &ClusterSummary) -> Option<String> {
    let Some(rate) = &cluster.rate else {
        return match cluster.failures {
            0 => None,
            1 => Some(ONE_RUN.to_owned()),
            runs => Some(format!("{runs} runs of jobs that nothing names: no rate (--job REGEX names them)")),
        };
    };
    if rate.ran <= 1 {
        return Some(ONE_RUN.to_owned());
    }
    let (failed, ran, share) = (rate.failed, rate.ran, percent(rate.failed as f64 / rate.ran.max(1) as f64));
    let (low, high) = (percent(rate.low), percent(rate.high));
    let verdict = match cluster.verdict {
        Verdict::Flaky => ": flaky",
        Verdict::EveryTime if failed == ran => ": every time",
        Verdict::EveryTime => ": every time since the first",
        Verdict::Once => ": once, so it may be flaky or a change",
        Verdict::Unknown => ": a change of the code or flaky, the runs do not tell",
    };
    Some(format!("{failed} of {ran} runs ({share} %, likely {low}–{high} %){verdict}"))
}

/// Returns a share in percent: whole, but for one digit more where it would look like never or always.
fn percent(share: f64) -> String {
    let percent = share * 100.0;
    match percent {
        0.0 | 100.0 => format!("{percent}"),
        _ if percent < 0.1 => "<0.1".to_owned(),
        _ if percent > 99.9 => ">99.9".to_owned(),
        _ if !(1.0..99.0).contains(&percent) => format!("{percent:.1}"),
        _ => format!("{percent:.0}"),
    }
}

const ONE_RUN: &str = "only one run given; cannot tell whether it is flaky";

/// Returns a probability with two digits: `.61`, `1.0`, `<.01`.
pub fn probability(score: f64) -> String {
    match score {
        0.995.. => "1.0".to_owned(),
        ..0.005 => "<.01".to_owned(),
        _ => format!("{score:.2}").trim_start_matches('0').to_owned(),
    }
}

/// Returns where an occurrence stands, as editors take it: `logs/a.log:4012`.
pub fn place(occurrence: &OccurrenceSummary) -> String {
    format!("{}:{}", visible(&occurrence.source), occurrence.line_start)
}

/// Returns `text` cut to `width` columns, with an ellipsis where something is missing.
pub fn cut(text: &str, width: usize) -> String {
    let mut columns = 0;
    let mut fits = 0;
    for (start, character) in text.char_indices() {
        columns += character.width().unwrap_or(0);
        if columns > width {
            return format!("{}…", &text[..fits]);
        }
        if columns < width {
            fits = start + character.len_utf8();
        }
    }
    text.to_owned()
}

/// Breaks text at spaces into lines of at most `width` characters, longer words left whole.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::*;

    #[test]
    fn a_cut_line_fits_whatever_its_characters_are() {
        for (text, width, shown) in
            [("short", 5, "short"), ("longer", 5, "long…"), ("日本語", 5, "日本…"), ("日本語", 4, "日…")]
        {
            assert_eq!(cut(text, width), shown);
            assert!(shown.width() <= width);
        }
    }

    #[test]
    fn what_is_rare_does_not_look_like_never_nor_what_is_frequent_like_always() {
        let shares = [0.0, 0.0004, 0.0018, 0.0124, 0.236, 0.994, 0.9998, 1.0];
        assert_eq!(shares.map(percent), ["0", "<0.1", "0.2", "1", "24", "99.4", ">99.9", "100"]);
    }

    #[test]
    fn probabilities_have_two_digits() {
        assert_eq!([0.0, 0.614, 0.999, 1.0].map(probability), ["<.01", ".61", "1.0", "1.0"]);
    }
}
