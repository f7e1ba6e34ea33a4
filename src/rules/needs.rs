//! What a text must hold to match a regex, as far as its fixed parts tell: asked before the regex, and before the text
//! is cut out of its line.

use memchr::memmem::Finder;
use regex_syntax::ast::{self, Ast};

use super::derivation::{Case, exact, fits, flat, is_required};

/// Shorter strings are in most lines.
const SHORTEST: usize = 3;

/// A condition on a text. All of nothing always holds.
#[derive(Debug)]
pub enum Need {
    Text(Box<Finder<'static>>),
    All(Vec<Need>),
    Any(Vec<Need>),
}

impl Need {
    /// Returns what every text that matches `regex` holds; what always holds if the regex is wrong.
    pub fn of(regex: &str) -> Self {
        Self::derived(regex, Case::Kept)
    }

    /// Returns what every text that matches `regex`, in whatever case, holds when it is put in lower case.
    pub fn folded(regex: &str) -> Self {
        Self::derived(regex, Case::Folded)
    }

    fn derived(regex: &str, case: Case) -> Self {
        let written = ast::parse::Parser::new().parse(regex);
        written.map_or(Self::All(Vec::new()), |written| need(&written, case))
    }

    /// Returns true unless `text` lacks something.
    pub fn holds(&self, text: &[u8]) -> bool {
        match self {
            Self::Text(finder) => finder.find(text).is_some(),
            Self::All(needs) => needs.iter().all(|need| need.holds(text)),
            Self::Any(needs) => needs.iter().any(|need| need.holds(text)),
        }
    }

    fn is_nothing(&self) -> bool {
        matches!(self, Self::All(needs) if needs.is_empty())
    }
}

fn need(tree: &Ast, case: Case) -> Need {
    match tree {
        Ast::Group(group) if fits(group, case) => need(&group.ast, case),
        Ast::Repetition(repetition) if is_required(&repetition.op.kind) => need(&repetition.ast, case),
        Ast::Alternation(alternation) => any(alternation.asts.iter().map(|part| need(part, case)).collect()),
        Ast::Concat(concat) => all(&concat.asts, case),
        Ast::Literal(_) | Ast::ClassBracketed(_) => Need::All(text(exact(tree, case)).into_iter().collect()),
        _ => Need::All(Vec::new()),
    }
}

/// An alternative without a need makes the others needless.
fn any(needs: Vec<Need>) -> Need {
    if needs.iter().any(Need::is_nothing) { Need::All(Vec::new()) } else { Need::Any(needs) }
}

/// Returns the needs of the runs of fixed text, the longest first, and then of the other parts.
fn all(parts: &[Ast], case: Case) -> Need {
    let (mut runs, mut others, mut run) = (Vec::new(), Vec::new(), Vec::new());
    let sets = |part: &&Ast| matches!(part, Ast::Flags(_));
    if case == Case::Kept && parts.iter().any(|part| sets(&part)) {
        return Need::All(Vec::new());
    }
    for part in parts.iter().flat_map(flat) {
        match exact(part, case) {
            Some(bytes) => run.extend(bytes),
            None => {
                runs.push(std::mem::take(&mut run));
                others.push(need(part, case));
            }
        }
    }
    runs.push(run);
    runs.sort_by_key(|run: &Vec<u8>| std::cmp::Reverse(run.len()));
    let texts = runs.into_iter().filter_map(|run| text(Some(run)));
    Need::All(texts.chain(others.into_iter().filter(|need| !need.is_nothing())).collect())
}

fn text(bytes: Option<Vec<u8>>) -> Option<Need> {
    let bytes = bytes.filter(|bytes| bytes.len() >= SHORTEST)?;
    Some(Need::Text(Box::new(Finder::new(&bytes).into_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_lacks_a_part_does_not_match() {
        for (regex, text, holds, why) in [
            (r"^(\d+) passed in [\d.]+s$", "3 passed in 2s", true, "all is there"),
            (r"^(\d+) passed in [\d.]+s$", "3 passed", false, "half is missing"),
            (r"^exit[ _]?code: \d+", "status code: 3", false, "one of two runs is missing"),
            (r"^(?:exit (\d+)|link \d+ is lost)$", "link 3 is lost", true, "one of the alternatives"),
            (r"^(?:exit (\d+)|link \d+ is lost)$", "link 3 is found", false, "none of the alternatives"),
            (r"^(?:exit (\d+)|\w+ \d+)$", "ring", true, "an alternative needs nothing"),
            (r"(?:lost)?ring", "ring", true, "what may be absent is not needed"),
            (r"(?:lost){1,3}", "ring", false, "what is repeated is there once"),
            (r"(?i)ring", "RING", true, "case does not count"),
            (r"(?:(?i)ring)", "RING", true, "nor in a part"),
            (r"(?i:ring) lost", "RING lost", true, "nor in a group"),
            (r"[Rr]ing lost", "ring found", false, "what stands behind either case"),
            (r"(", "ring", true, "no regex"),
        ] {
            assert_eq!(Need::of(regex).holds(text.as_bytes()), holds, "{regex}: {why}");
        }
    }

    #[test]
    fn without_regard_to_case_the_text_stands_in_lower_case() {
        for (regex, text, holds, why) in [
            (r"(?i)Ring (\d+) LOST", "ring 3 lost", true, "in whatever case it is written"),
            (r"(?i)Ring (\d+) LOST", "ring 3", false, "a part is missing"),
            (r"ring[Ss]? (?i:lost|found)", "rings", false, "in a group, too"),
        ] {
            assert_eq!(Need::folded(regex).holds(text.as_bytes()), holds, "{regex}: {why}");
        }
    }
}
