//! From a failing log and what passing runs print to the passages that are news.

use super::baseline::{Baseline, Novelty};
use super::contrast::Contrast;
use super::forms::Masker;
use super::passages::{Found, Joiner};
use super::testimony::{Testimony, continues};
use crate::facts::Passage;
use crate::text::lines;
use crate::text::records::Reader;

/// Bytes from which the form of a log's lines is guessed.
const SAMPLE: usize = 256 << 10;

/// Passages shown of a log in which no new line tells a failure.
const MOST_SILENT: usize = 3;

/// Returns what `log` says that the passing runs do not, best first, cut to what tells a failure and
/// what stands with it. Where nothing new tells a failure, the rarest passages are returned.
///
/// ```
/// # use ndlog::inner::{Baseline, subtract};
/// let baseline = Baseline::new([&b"start 1\nlink up\ndone\n"[..]]);
/// let contrast = subtract(b"start 2\nerror: link 3 lost\ndone\n", &baseline);
/// assert_eq!((contrast.passages[0].line_start, contrast.passages[0].line_end), (2, 2));
/// ```
pub fn subtract(log: &[u8], baseline: &Baseline) -> Contrast {
    let mut found = passages(log, baseline);
    if found.iter().any(|passage| passage.weight > 0.0) {
        found.retain(|passage| passage.weight > 0.0);
    } else {
        found.sort_by(|a, b| b.rarity.total_cmp(&a.rarity));
        found.truncate(MOST_SILENT);
    }
    let mut passages: Vec<Passage> = found.into_iter().map(Found::scored).collect();
    passages.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.line_start.cmp(&b.line_start)));
    Contrast { passages }
}

fn passages(log: &[u8], baseline: &Baseline) -> Vec<Found> {
    let reader = Reader::guess(log.get(..SAMPLE).unwrap_or(log));
    let mut masker = Masker::default();
    let mut joiner = Joiner::default();
    for line in lines::split(log) {
        let record = reader.parse(line);
        let novelty = baseline.novelty_of(&record, &mut masker);
        let testimony = (novelty != Novelty::Known).then(|| Testimony::of(&record, novelty, &masker));
        let is_blank = record.message.trim_ascii().is_empty();
        match testimony.filter(|_| !is_blank) {
            Some(testimony) if novelty == Novelty::New || testimony.weight > 0 => {
                joiner.new_line(line.number, testimony, baseline.rarity(masker.words()));
            }
            _ => joiner.known_line(line.number, is_blank, || continues(&record)),
        }
    }
    joiner.finish()
}

impl Found {
    /// The score halves its distance from 1 with every two classes of words of failure, and counts
    /// in full only for words that no passing run used.
    fn scored(self) -> Passage {
        let strength = (self.weight + MUTE) * (1.0 + self.rarity) / 2.0;
        Passage { line_start: self.first, line_end: self.last, score: 1.0 - (-strength / 2.0).exp2() }
    }
}

/// The weight of a passage in which nothing tells a failure.
const MUTE: f64 = 0.1;
