//! What one run might have failed of.

use rustc_hash::FxHashMap;

use crate::facts::Candidate;

/// The forms of one run's events, each with its likeliest event.
#[derive(Clone, Debug, Default)]
pub struct Forms(FxHashMap<u64, Likeliest>);

#[derive(Clone, Copy, Debug)]
struct Likeliest {
    score: f32,
    specific: bool,
}

impl Forms {
    /// Adds what one source of the run says.
    pub fn add(&mut self, candidates: &[Candidate]) {
        for candidate in candidates {
            let Candidate { form, score, specific, .. } = *candidate;
            let held = self.0.entry(form).or_insert(Likeliest { score, specific });
            held.score = held.score.max(score);
            held.specific |= specific;
        }
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns them, in no order.
    pub fn iter(&self) -> impl Iterator<Item = u64> + '_ {
        self.0.keys().copied()
    }

    /// Returns the score of the likeliest event of this form; `None` if the run has none.
    pub fn score(&self, form: u64) -> Option<f32> {
        self.0.get(&form).map(|likeliest| likeliest.score)
    }

    /// Returns the highest score of what says what went wrong, of the forms that `counts`.
    pub fn best(&self, counts: impl Fn(u64) -> bool) -> Option<f32> {
        let counted = self.0.iter().filter(|(form, one)| one.specific && counts(**form));
        counted.map(|(_, one)| one.score).max_by(f32::total_cmp)
    }

    /// Returns how many forms both runs have.
    pub fn shared(&self, other: &Self) -> usize {
        let (small, large) = if self.len() < other.len() { (self, other) } else { (other, self) };
        small.iter().filter(|form| large.0.contains_key(form)).count()
    }
}
