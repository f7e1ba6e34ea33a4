//! The texts that a part of a regex may match, where they are few: alternatives, letters of either case, what may be absent.

use regex_syntax::ast::{self, Ast, ClassSet, ClassSetItem, RepetitionKind};

use super::derivation::{Case, bytes, exact, fits, is_required};

/// All texts that a part may match.
pub(super) type Spellings = Vec<Vec<u8>>;

/// Texts that are told apart at the most.
const MOST: usize = 40;

/// Parts of a regex that stand beside each other and have few spellings each.
#[derive(Default)]
pub(super) struct Run(Vec<Spellings>);

impl Run {
    pub fn of(first: Option<Spellings>) -> Self {
        Self(first.into_iter().collect())
    }

    /// Adds the next part. Where the whole has too many spellings, parts are dropped from its front, and the texts that it
    /// had are returned.
    pub fn extend(&mut self, next: Spellings) -> Option<Spellings> {
        // Most parts are one letter.
        if let ([letter], Some([text])) = (&next[..], self.0.last_mut().map(Vec::as_mut_slice)) {
            text.extend_from_slice(letter);
            return None;
        }
        self.0.push(next);
        let fits = |from: &usize| self.0.get(*from..).is_some_and(|parts| count(parts) <= MOST);
        let from = (0..self.0.len()).find(fits).filter(|from| *from > 0)?;
        let before = self.0.split_last().map(|(_, before)| joined(before));
        self.0.drain(..from);
        before
    }

    /// Returns the texts of the run, and what they are without its first and its last part where these are spelled in
    /// several ways.
    pub fn texts(&self) -> impl Iterator<Item = Spellings> {
        let varies = |part: Option<&Spellings>| part.is_some_and(|spellings| spellings.len() > 1);
        let whole = Some(&self.0[..]).filter(|parts| !parts.is_empty());
        let behind_first = self.0.split_first().map(|(_, behind)| behind).filter(|_| varies(self.0.first()));
        let before_last = self.0.split_last().map(|(_, before)| before).filter(|_| varies(self.0.last()));
        [whole, behind_first, before_last].into_iter().flatten().map(joined)
    }
}

/// Returns how many texts have one spelling of each part.
fn count(parts: &[Spellings]) -> usize {
    parts.iter().fold(1, |count, spellings| count.saturating_mul(spellings.len()))
}

/// Returns those texts.
fn joined(parts: &[Spellings]) -> Spellings {
    let with = |fronts: Spellings, ends: &Spellings| {
        fronts.iter().flat_map(|front| ends.iter().map(move |end| [&front[..], end].concat())).collect()
    };
    parts.iter().fold(vec![Vec::new()], with)
}

/// Returns all strings that `tree` matches, if they are few; where case is folded, if there is only one.
pub(super) fn spellings(tree: &Ast, case: Case) -> Option<Spellings> {
    if let Some(only) = exact(tree, case) {
        return Some(vec![only]);
    }
    if case == Case::Folded {
        return None;
    }
    let all = match tree {
        Ast::ClassBracketed(class) if !class.negated => letters(&class.kind),
        Ast::Group(group) if fits(group, case) => spellings(&group.ast, case),
        Ast::Repetition(repetition) if repetition.op.kind == RepetitionKind::ZeroOrOne => {
            Some([vec![Vec::new()], spellings(&repetition.ast, case)?].concat())
        }
        Ast::Concat(concat) => {
            let parts: Option<Vec<_>> = concat.asts.iter().map(|part| spellings(part, case)).collect();
            parts.filter(|parts| count(parts) <= MOST).map(|parts| joined(&parts))
        }
        Ast::Alternation(parts) => {
            let all: Option<Vec<_>> = parts.asts.iter().map(|part| spellings(part, case)).collect();
            all.map(|all| all.concat())
        }
        _ => None,
    };
    all.filter(|all| all.len() <= MOST)
}

/// Returns the letters that a class lists one by one.
fn letters(class: &ClassSet) -> Option<Spellings> {
    let letter = |item: &ClassSetItem| match item {
        ClassSetItem::Literal(literal) => Some(bytes(literal, Case::Kept)),
        _ => None,
    };
    match class {
        ClassSet::Item(ClassSetItem::Union(union)) => union.items.iter().map(letter).collect(),
        _ => None,
    }
}

/// Returns the spellings of one round of a part that is repeated: its text begins and ends with one.
pub(super) fn round(part: &Ast, case: Case) -> Option<Spellings> {
    let Ast::Repetition(repetition) = part else { return None };
    let again = || spellings(&repetition.ast, case).or_else(|| digits(&repetition.ast, case));
    is_required(&repetition.op.kind).then(again)?
}

/// Returns the digits, if `tree` is one of them.
fn digits(tree: &Ast, case: Case) -> Option<Spellings> {
    let is_digit = |class: &ast::ClassPerl| {
        class.kind == ast::ClassPerlKind::Digit && !class.negated && case == Case::Kept
    };
    match tree {
        Ast::ClassPerl(class) if is_digit(class) => Some((b'0'..=b'9').map(|digit| vec![digit]).collect()),
        _ => None,
    }
}
