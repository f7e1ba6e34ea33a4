//! Which strings a regex cannot match without: the reason why most lines need no regex at all.
//! The one place that derives them, for the prefilters and for the catalog.

use std::cmp::Reverse;

use regex_syntax::ast::{self, Ast, ClassSet, ClassSetItem, RepetitionKind, RepetitionRange};
use regex_syntax::hir::{Hir, HirKind};

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
pub(super) enum Case {
    Kept,
    Folded,
}

/// Returns lower-case strings of which every line that matches `regex` holds at least one, without
/// regard to case; or what is wrong with the regex, as far as its syntax tells.
///
/// ```
/// # use ndlog::inner::required_literals;
/// assert_eq!(required_literals(r"Xid \(.*\): (\d+)").unwrap(), [b"xid (".to_vec()]);
/// assert!(required_literals(r"\d+ \w+").is_err());
/// ```
pub fn required(regex: &str) -> Result<Spellings, String> {
    derive(regex, Case::Folded)
}

/// Returns strings, in their own case, of which every line that matches `regex` holds at least one.
///
/// # Errors
/// If the regex is wrong, has no such strings, or disregards case.
pub fn required_as_written(regex: &str) -> Result<Spellings, String> {
    derive(regex, Case::Kept)
}

fn derive(regex: &str, case: Case) -> Result<Spellings, String> {
    // What is written tells enough, and costs a third of what it means.
    let written = ast::parse::Parser::new().parse(regex).map_err(|error| error.to_string())?;
    if case == Case::Kept && folds_case(&written) {
        return Err(format!("`{regex}` disregards case: no string in one case is always there"));
    }
    best_of(&written, case).ok_or_else(|| {
        format!("`{regex}` needs a fixed part of at least {SHORTEST} characters, or alternatives that each have one")
    })
}

/// Returns true if and only if the regex sets the flag for all that follows.
fn folds_case(written: &Ast) -> bool {
    let sets = |part: &Ast| matches!(part, Ast::Flags(set) if set.flags.flag_state(ast::Flag::CaseInsensitive) == Some(true));
    match written {
        Ast::Concat(concat) => concat.asts.iter().any(sets),
        other => sets(other),
    }
}

/// Returns the fewest of some strings that still are in every line that one of them is in.
pub fn without_longer(mut strings: Spellings) -> Spellings {
    strings.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    let mut kept: Spellings = Vec::new();
    for string in strings {
        if !kept.iter().any(|shorter| memchr::memmem::find(&string, shorter).is_some()) {
            kept.push(string);
        }
    }
    kept
}

/// Returns the syntax tree of a regex on bytes, or what is wrong with it.
pub fn parse(regex: &str) -> Result<Hir, String> {
    let mut parser = regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build();
    parser.parse(regex).map_err(|error| error.to_string())
}

/// Returns the names of the captures of a regex that parses.
pub fn capture_names(regex: &str) -> Vec<String> {
    let mut names = Vec::new();
    if let Ok(tree) = parse(regex) {
        collect_names(&tree, &mut names);
    }
    names
}

fn collect_names(tree: &Hir, names: &mut Vec<String>) {
    match tree.kind() {
        HirKind::Capture(capture) => {
            names.extend(capture.name.as_deref().map(str::to_owned));
            collect_names(&capture.sub, names);
        }
        HirKind::Repetition(repetition) => collect_names(&repetition.sub, names),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().for_each(|part| collect_names(part, names));
        }
        _ => {}
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

#[cfg(test)]
mod tests {
    use super::{required, required_as_written, without_longer};

    #[track_caller]
    fn check(regex: &str, expected: &[&str]) {
        let found: Vec<String> =
            required(regex).unwrap().into_iter().map(|bytes| String::from_utf8(bytes).unwrap()).collect();
        assert_eq!(found, expected, "{regex}");
    }

    #[test]
    fn the_longest_fixed_part_is_required() {
        check(r"Xid \(PCI:(?P<bdf>[0-9a-f:.]+)\): (\d+)", &["xid (pci:"]);
        check(r"(?i)disk is full", &["disk is full"]);
        check(r"\bkilled\b", &["killed"]);
        check(r"x(?:[Ab]|c)(?:link (?:[Dd]own))", &["link down"]);
    }

    #[test]
    fn each_alternative_gives_one() {
        check(r"^(?:panic|fatal error): ", &["fatal error", "panic"]);
        check(r"(foo|bar\d+)+ it is late", &[" it is late"]);
    }

    #[test]
    fn what_may_be_absent_is_not_required() {
        check(r"(?:optional text)? here", &[" here"]);
        check(r"a{0,3}timeout", &["timeout"]);
    }

    #[test]
    fn a_regex_without_fixed_text_is_refused() {
        for regex in [r"\d+", r"ab", r"(\w+|error)", r".*"] {
            assert!(required(regex).is_err(), "{regex}");
        }
    }

    #[test]
    fn strings_in_their_own_case_end_where_either_case_may_stand() {
        let strings = |regex: &str| required_as_written(regex).map(|found| found.concat());
        assert_eq!(strings(r"^Xid (\d+)").unwrap(), b"Xid ");
        assert_eq!(strings(r"[a-z]est run").unwrap(), b"est run");
        assert!(required_as_written(r"(?i)test run").is_err());
    }

    #[test]
    fn a_text_of_several_spellings_is_known_by_all_of_them() {
        for (regex, expected, why) in [
            (r"^(?:exited|ended) with (\d+)", "exited with |ended with ", "alternatives"),
            (
                r"^[Tt]ests? run: \d+",
                "Test run: |Tests run: |test run: |tests run: ",
                "letters, what may be absent",
            ),
            (r"(?:(?:a|b)c)+ is late", " is late", "what is repeated has no end"),
            (r"^[a-z] to [:=]+\d", " to :| to =", "what is repeated begins with it"),
            (r"^[:=]+ to \d", ": to |= to ", "and ends with it"),
            (r"^\d+% \d", "0% |1% |2% |3% |4% |5% |6% |7% |8% |9% ", "digits, where the rest is too short"),
            (r"(?:lost)?", "", "what may be empty"),
        ] {
            let found = required_as_written(regex).unwrap_or_default();
            let mut found: Vec<String> =
                found.into_iter().map(|bytes| String::from_utf8(bytes).unwrap()).collect();
            let mut expected: Vec<&str> = expected.split('|').filter(|string| !string.is_empty()).collect();
            found.sort();
            expected.sort_unstable();
            assert_eq!(found, expected, "{regex}: {why}");
        }
    }

    #[test]
    fn a_string_within_another_makes_that_one_needless() {
        let strings = ["2 failed, ", "failed", "exit"].map(|string| string.as_bytes().to_vec());
        assert_eq!(without_longer(strings.to_vec()), [b"exit".to_vec(), b"failed".to_vec()]);
    }

    #[test]
    fn a_broken_regex_says_where() {
        assert!(required(r"Xid (\d+").unwrap_err().contains("unclosed group"));
    }
}
