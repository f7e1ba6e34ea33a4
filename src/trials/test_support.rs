//! Trials made up for the tests of this room.

use super::{Arm, Setting, Stage, Trial, Verdict};

/// Returns a trial of the arm with these amplifiers at level 1 that took `seconds`.
pub fn trial(stage: Stage, amplifiers: &[&str], verdict: Verdict, seconds: f64) -> Trial {
    let setting = |name: &&str| Setting { amplifier: (*name).to_owned(), level: 1.0, site: None };
    Trial {
        number: 1,
        stage,
        arm: Arm(amplifiers.iter().map(setting).collect()),
        verdict,
        each: Vec::new(),
        headline: None,
        difference: None,
        others: Vec::new(),
        at_once: 1,
        exits: Vec::new(),
        seconds,
        longest: None,
        first_hit: None,
        hits_at: Vec::new(),
        ending: None,
        usual: None,
        printed: 0,
        left_out: 0,
        resident: 0,
        address_space: 0,
        left_running: 0,
        argv: Vec::new(),
        variables: [].into(),
        elapsed: 0.0,
    }
}

/// Returns so many trials of one second for each verdict.
pub fn trials(stage: Stage, amplifiers: &[&str], verdicts: &[(Verdict, usize)]) -> Vec<Trial> {
    let one = |verdict: Verdict| trial(stage, amplifiers, verdict, 1.0);
    verdicts.iter().flat_map(|&(verdict, times)| (0..times).map(move |_| one(verdict))).collect()
}
