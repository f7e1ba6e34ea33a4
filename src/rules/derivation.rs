//! Derives from a regex the strings without which it matches nothing. `build.rs` does so, too, for all regexes that are
//! part of the program: it knows nothing but this file and those that it names.

use std::cmp::Reverse;
use std::hash::{Hash, Hasher};

use regex_syntax::ast::{self, Ast, ClassSet, ClassSetItem, RepetitionKind, RepetitionRange};
use rustc_hash::FxHasher;

use super::frequency::per_million;
use super::spellings::{Run, Spellings, round, spellings};

/// Shorter strings are in too many lines to be worth looking for.
const SHORTEST: usize = 3;
/// Strings that are sought together, however many they are, have so many bytes at least.
const LONG: usize = 5;
/// Longer strings only make an automaton that disregards case larger, and slower to build.
const LONGEST: usize = 12;
/// More alternatives than this, whose case is folded, are better served by a longer string elsewhere in the regex.
const MOST: usize = 48;
/// What each further string costs, beside how often it is found.
const EACH: i64 = 1;

/// Whether strings are sought as they are written or without regard to case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    Kept,
    Folded,
}

/// Returns strings of which every line that matches `regex` holds at least one; in lower case where case is folded.
///
/// # Errors
/// If the regex is wrong, as far as its syntax tells, or has no such strings; also where case is kept and the regex
/// disregards it.
pub fn derive(regex: &str, case: Case) -> Result<Spellings, String> {
    // What is written tells enough, and costs a third of what it means.
    let written = ast::parse::Parser::new().parse(regex).map_err(|error| error.to_string())?;
    if case == Case::Kept && folds_case(&written) {
        return Err(format!("`{regex}` disregards case: no string in one case is always there"));
    }
    best_of(&written, case).ok_or_else(|| {
        format!("`{regex}` needs a fixed part of at least {SHORTEST} characters, or alternatives that each have one")
    })
}

/// Returns the key of a regex in the table of those that were derived when the program was built.
pub fn key(regex: &str, case: Case) -> u64 {
    let mut hasher = FxHasher::default();
    (case == Case::Folded, regex).hash(&mut hasher);
    hasher.finish()
}

/// Returns true if and only if the regex sets the flag for all that follows.
fn folds_case(written: &Ast) -> bool {
    let sets = |part: &Ast| matches!(part, Ast::Flags(set) if set.flags.flag_state(ast::Flag::CaseInsensitive) == Some(true));
    match written {
        Ast::Concat(concat) => concat.asts.iter().any(sets),
        other => sets(other),
    }
}

/// Returns the best set of strings of which one must be there, if there is a usable one.
fn best_of(tree: &Ast, case: Case) -> Option<Spellings> {
    match tree {
        Ast::Literal(_) | Ast::ClassBracketed(_) => spellings(tree, case).and_then(|all| usable(all, case)),
        Ast::Group(group) => fits(group, case).then(|| best_of(&group.ast, case))?,
        Ast::Repetition(repetition) if is_required(&repetition.op.kind) => best_of(&repetition.ast, case),
        Ast::Concat(concat) => best_in_concat(&concat.asts, case),
        Ast::Alternation(alternation) => all_of(&alternation.asts, case),
        _ => None,
    }
}

/// Returns true unless case counts and the group disregards it.
pub(super) fn fits(group: &ast::Group, case: Case) -> bool {
    let folds = || group.flags().and_then(|flags| flags.flag_state(ast::Flag::CaseInsensitive)) == Some(true);
    case == Case::Folded || !folds()
}

/// Returns true if and only if what is repeated is there at least once.
pub(super) fn is_required(kind: &RepetitionKind) -> bool {
    match kind {
        RepetitionKind::OneOrMore => true,
        RepetitionKind::ZeroOrOne | RepetitionKind::ZeroOrMore => false,
        RepetitionKind::Range(
            RepetitionRange::Exactly(least)
            | RepetitionRange::AtLeast(least)
            | RepetitionRange::Bounded(least, _),
        ) => *least > 0,
    }
}

/// Returns the union over alternatives, if each has something.
fn all_of(parts: &[Ast], case: Case) -> Option<Spellings> {
    let mut union = Vec::new();
    for part in parts {
        union.extend(best_of(part, case)?);
    }
    union.sort();
    union.dedup();
    (case == Case::Kept || union.len() <= MOST).then_some(union)
}

/// Returns the best set among the runs of fixed text, each in all its spellings, and the other parts.
fn best_in_concat(parts: &[Ast], case: Case) -> Option<Spellings> {
    let (mut candidates, mut run) = (Vec::new(), Run::default());
    for part in parts.iter().flat_map(flat) {
        let (spelled, round) = (spellings(part, case), round(part, case));
        let goes_on = spelled.is_some();
        if let Some(next) = spelled.or_else(|| round.clone()) {
            candidates.extend(run.extend(next));
        }
        if !goes_on {
            candidates.extend(run.texts());
            candidates.extend(best_of(part, case));
            run = Run::of(round);
        }
    }
    candidates.extend(run.texts());
    let usable = candidates.into_iter().filter_map(|all| usable(all, case));
    usable.min_by_key(|set| cost(set, case))
}

/// Returns the parts of a group that captures nothing and only holds some together.
pub(super) fn flat(part: &Ast) -> Vec<&Ast> {
    match part {
        Ast::Group(group)
            if !group.is_capturing() && group.flags().is_none_or(|flags| flags.items.is_empty()) =>
        {
            match &*group.ast {
                Ast::Concat(concat) => concat.asts.iter().flat_map(flat).collect(),
                _ => flat(&group.ast),
            }
        }
        _ => vec![part],
    }
}

/// Returns what a search for some strings costs: as they are written, how often all of them are found in a log; else
/// longer is rarer, and each further alternative costs. The longest is the best of those that cost the same.
fn cost(set: &[Vec<u8>], case: Case) -> (i64, Reverse<usize>) {
    let least = set.iter().map(Vec::len).min().unwrap_or(0);
    let cost = match case {
        Case::Kept => set.iter().map(|string| found(string)).sum(),
        Case::Folded => set.len() as i64 - 2 * least as i64,
    };
    (cost, Reverse(least))
}

/// Returns how often a string is found in a million bytes; a short one is sought apart from all others, which costs more.
fn found(string: &[u8]) -> i64 {
    i64::from(per_million(string)) + if string.len() < LONG { 100 } else { EACH }
}

/// Returns those strings if all are long enough.
fn usable(mut all: Spellings, case: Case) -> Option<Spellings> {
    if case == Case::Folded {
        all.iter_mut().for_each(|string| string.truncate(LONGEST));
    }
    all.iter().all(|string| string.len() >= SHORTEST).then_some(all)
}

/// Returns the one string that `tree` matches, if there is only one; in lower case where case is folded.
pub(super) fn exact(tree: &Ast, case: Case) -> Option<Vec<u8>> {
    match tree {
        Ast::Literal(literal) => Some(bytes(literal, case)),
        Ast::ClassBracketed(class) if !class.negated => one_letter(&class.kind, case),
        Ast::Group(group) => fits(group, case).then(|| exact(&group.ast, case))?,
        Ast::Concat(concat) => concat
            .asts
            .iter()
            .map(|part| exact(part, case))
            .collect::<Option<Vec<_>>>()
            .map(|parts| parts.concat()),
        Ast::Assertion(_) | Ast::Flags(_) | Ast::Empty(_) => Some(Vec::new()),
        _ => None,
    }
}

pub(super) fn bytes(literal: &ast::Literal, case: Case) -> Vec<u8> {
    let byte = literal.byte().map(|byte| vec![byte]);
    let bytes = byte.unwrap_or_else(|| literal.c.to_string().into_bytes());
    if case == Case::Folded { bytes.to_ascii_lowercase() } else { bytes }
}

/// Returns the letter of a class that is one character or, where case is folded, one letter in both cases.
fn one_letter(class: &ClassSet, case: Case) -> Option<Vec<u8>> {
    let letters = |item: &ClassSetItem| match item {
        ClassSetItem::Literal(literal) => Some(bytes(literal, case)),
        _ => None,
    };
    match class {
        ClassSet::Item(ClassSetItem::Union(union)) => {
            let first = letters(union.items.first()?)?;
            union.items.iter().all(|item| letters(item).as_ref() == Some(&first)).then_some(first)
        }
        ClassSet::Item(item) => letters(item),
        ClassSet::BinaryOp(_) => None,
    }
}
