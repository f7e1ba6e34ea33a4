//! What one run did, step by step: the moments that runs are compared by.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::tempo::Tempo;
use crate::facts::clues::{Clues, Stands};
use crate::facts::pairs;
use crate::text::lines::Index;
use crate::text::masks::mask;
use crate::text::records::Reader;

/// Lines of one log that are looked at, counted back from the failure or the end.
pub const LINES: u64 = 2000;
/// Lines after a failure in which a step that came too late is looked for.
const LATE: u64 = 300;
/// Different steps kept of one log.
const STEPS: usize = 250;
/// Letters of a step.
const WIDTH: usize = 100;

/// A step: the words of a line, and the word before a number that tells like actors apart, such as
/// `worker` in `worker 3 is ready`; empty where all lines of these words count as one.
pub type Step = (String, String);

/// When a step was first taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    /// 1-based.
    pub line: u64,
    /// Nanoseconds, where the line bears a time.
    pub time: Option<i64>,
    /// Who took it, as far as the line says.
    pub actor: String,
}

/// What one run did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Run {
    pub source: String,
    /// The job and the host, where the log says: runs of one setting are compared.
    pub job: Option<String>,
    pub host: Option<String>,
    /// The line of the failure; what only comes after it is a consequence.
    pub anchor: Option<u64>,
    /// The first moment of each step, for each number that tells actors apart.
    #[serde(with = "pairs")]
    pub steps: BTreeMap<Step, BTreeMap<u64, Moment>>,
    /// Seconds from the first time in the log to the failure or the end.
    pub seconds: Option<f64>,
    /// Where it paused and how fast it went, up to the failure.
    pub tempo: Tempo,
    /// The names of the clues that its lines hold.
    pub clues: Vec<String>,
}

impl Run {
    /// Returns the job and the host, by which runs are matched.
    pub fn setting(&self) -> (Option<&str>, Option<&str>) {
        (self.job.as_deref(), self.host.as_deref())
    }

    /// Returns the lines at which steps were taken and pauses began.
    pub fn lines(&self) -> impl Iterator<Item = u64> {
        let steps = self.steps.values().flat_map(|moments| moments.values().map(|moment| moment.line));
        let pauses = self.tempo.pauses.values().map(|pause| pause.line);
        steps.chain(pauses).chain(self.tempo.steps.values().map(|steps| steps.line))
    }

    /// Reads the run that `index` is the log of; `anchor` is the line of its failure.
    pub fn read(source: &str, index: &Index<'_>, reader: &Reader, anchor: Option<u64>) -> Self {
        let end = anchor.unwrap_or_else(|| index.lines());
        let last = anchor.map_or(end, |line| line.saturating_add(LATE));
        let mut run = Self { source: source.to_owned(), anchor, ..Self::default() };
        let mut clues = Vec::new();
        let mut times = (None, None);
        for line in index.range(end.saturating_sub(LINES).max(1), last) {
            let record = reader.parse(line);
            if line.number <= end && record.time.is_some() {
                times = (times.0.or(record.time), record.time);
            }
            clues.extend(Clues::embedded().find(&record, Stands::In, None));
            let text = String::from_utf8_lossy(record.message.trim_ascii());
            if text.is_empty() {
                continue;
            }
            let words: String = mask(&text).chars().take(WIDTH).collect();
            if let Some(time) = record.time.filter(|_| line.number <= end) {
                run.tempo.see(line.number, time, &text, &words);
            }
            let moment = Moment { line: line.number, time: record.time, actor: actor(&record.actor) };
            run.take(&text, &words, &moment);
        }
        clues.sort_unstable();
        clues.dedup();
        run.clues = clues
            .into_iter()
            .filter_map(|clue| Some(Clues::embedded().all.get(clue)?.name.clone()))
            .collect();
        let first = index.range(1, 20).find_map(|line| reader.time(line)).or(times.0);
        run.seconds = first.zip(times.1).map(|(first, last)| (last - first) as f64 / 1e9);
        run
    }

    fn take(&mut self, text: &str, words: &str, moment: &Moment) {
        let numbered = numbers(text).into_iter().map(|(word, number)| ((words.to_owned(), word), number));
        for (step, number) in std::iter::once(((words.to_owned(), String::new()), 0)).chain(numbered) {
            if self.steps.len() < STEPS || self.steps.contains_key(&step) {
                self.steps.entry(step).or_default().entry(number).or_insert_with(|| moment.clone());
            }
        }
    }
}

fn actor(actor: &crate::text::records::Actor) -> String {
    format!("{:?} {:?} {:?} {:?}", actor.process, actor.thread, actor.rank, actor.worker)
}

/// Numbers that are too large to tell actors apart.
const MOST: u64 = 1023;

/// Returns each small number of a line with the word before it, each word once.
pub fn numbers(text: &str) -> Vec<(String, u64)> {
    let parts: Vec<&str> =
        text.split(|letter: char| !letter.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let mut found: Vec<(String, u64)> = Vec::new();
    for pair in parts.windows(2) {
        let [word, number] = pair else { continue };
        let number = number.parse().ok().filter(|number| *number <= MOST);
        let is_word = word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
        if let Some(number) = number.filter(|_| is_word && found.iter().all(|(known, _)| known != word)) {
            found.push(((*word).to_owned(), number));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_after_a_word_tells_actors_apart() {
        let found = numbers("dispatch frame 12 to worker 3 at 0x40, worker 4 waits");
        assert_eq!(found, [("frame".to_owned(), 12), ("worker".to_owned(), 3)]);
        assert!(numbers("12:53:55 took 20260101 ns").is_empty(), "no word, or too large");
    }
}
