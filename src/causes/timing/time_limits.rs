//! Which limit fired: the shortest one first, the longer ones in its train.

use crate::causes::evidence::{Evidence, Family, Grade, Notice};
use crate::causes::weights::Weights;
use crate::durations::hugs;
use crate::facts::clues::{Clock, Hugged};

impl Hugged {
    /// Returns what it says about the causes.
    pub fn evidence(&self, source: &str) -> Vec<Evidence> {
        let Clock { name, limit, line, .. } = &self.clock;
        let text = format!(
            "it took {} s, just the limit of {} s that {name} sets (line {line}), though no line says that it fired",
            short(self.took),
            short(*limit),
        );
        let place = Some((source.to_owned(), self.line));
        let notice =
            Notice { family: Family::Clock, text: &text, place, grade: Grade::Heuristic, share: 1.0 };
        notice.weighed(Weights::embedded().finding.get("hugged"))
    }
}

/// Returns what the limits that fired say: the shortest is where it began, and a time taken that is just
/// the limit was ended by it.
pub fn evidence(clocks: &[Clock], source: &str) -> Vec<Evidence> {
    let Some(first) = clocks.iter().min_by(|a, b| a.limit.total_cmp(&b.limit)) else { return Vec::new() };
    let mut text = format!("the limit of {} s{} fired", short(first.limit), first.owner());
    let hugged = first.elapsed.filter(|elapsed| hugs(*elapsed, first.limit));
    if let Some(elapsed) = hugged {
        text += &format!(" after {} s", short(elapsed));
    }
    let mut longer: Vec<&Clock> = clocks.iter().filter(|clock| clock.limit > first.limit * 1.01).collect();
    longer.sort_by(|a, b| a.limit.total_cmp(&b.limit));
    longer.dedup_by_key(|clock| &clock.name);
    for clock in &longer {
        text += &format!(
            "; that of {} s{} (line {}) is longer and followed",
            short(clock.limit),
            clock.owner(),
            clock.line
        );
    }
    let place = Some((source.to_owned(), first.line));
    let notice = Notice { family: Family::Clock, text: &text, place, grade: Grade::Heuristic, share: 1.0 };
    notice.weighed(Weights::embedded().finding.get("limit-fired"))
}

/// The name of the row for limits of which no line says whose they are.
const NOBODY: &str = "limit";

impl Clock {
    fn owner(&self) -> String {
        if self.name == NOBODY { String::new() } else { format!(" of {}", self.name) }
    }
}

/// Three digits at the most.
fn short(seconds: f64) -> String {
    let digits = if seconds >= 10.0 { 0 } else { 2 };
    let text = format!("{seconds:.digits$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_limit_is_named_first_whichever_line_came_first() {
        let clock = |name: &str, limit, elapsed, line| Clock { name: name.to_owned(), limit, elapsed, line };
        let clocks = [clock("job", 2700.0, None, 90), clock("watchdog", 600.0, Some(600.06), 40)];
        let text = evidence(&clocks, "a.log").first().unwrap().text.clone();
        assert_eq!(
            text,
            "the limit of 600 s of watchdog fired after 600 s; that of 2700 s of job (line 90) is longer and followed"
        );
    }
}
