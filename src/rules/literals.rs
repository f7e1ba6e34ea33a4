//! Which strings a regex cannot match without: the reason why most lines need no regex at all.

use regex_syntax::ast::{self, Ast, ClassSet, ClassSetItem, RepetitionKind, RepetitionRange};
use regex_syntax::hir::{Hir, HirKind};

/// Shorter strings are in too many lines to be worth looking for.
const SHORTEST: usize = 3;
/// Longer strings only make the search automaton larger, and slower to build.
const LONGEST: usize = 12;
/// More alternatives than this are better served by a longer string elsewhere in the regex.
const MOST: usize = 48;

/// Returns lower-case strings of which every line that matches `regex` holds at least one, without
/// regard to case; or what is wrong with the regex, as far as its syntax tells.
///
/// ```
/// # use ndlog::rules::required_literals;
/// assert_eq!(required_literals(r"Xid \(.*\): (\d+)").unwrap(), [b"xid (".to_vec()]);
/// assert!(required_literals(r"\d+ \w+").is_err());
/// ```
pub fn required(regex: &str) -> Result<Vec<Vec<u8>>, String> {
    // What is written tells enough, and costs a third of what it means.
    let written = ast::parse::Parser::new().parse(regex).map_err(|error| error.to_string())?;
    best_of(&written).ok_or_else(|| {
        format!("`{regex}` needs a fixed part of at least {SHORTEST} characters, or alternatives that each have one")
    })
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
fn best_of(tree: &Ast) -> Option<Vec<Vec<u8>>> {
    match tree {
        Ast::Literal(_) | Ast::ClassBracketed(_) => exact(tree).and_then(usable),
        Ast::Group(group) => best_of(&group.ast),
        Ast::Repetition(repetition) if is_required(&repetition.op.kind) => best_of(&repetition.ast),
        Ast::Concat(concat) => best_in_concat(&concat.asts),
        Ast::Alternation(alternation) => all_of(&alternation.asts),
        _ => None,
    }
}

/// Returns true if and only if what is repeated is there at least once.
fn is_required(kind: &RepetitionKind) -> bool {
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
fn all_of(parts: &[Ast]) -> Option<Vec<Vec<u8>>> {
    let mut union = Vec::new();
    for part in parts {
        union.extend(best_of(part)?);
    }
    union.sort();
    union.dedup();
    (union.len() <= MOST).then_some(union)
}

/// Returns the best set among the runs of fixed text and the other parts.
fn best_in_concat(parts: &[Ast]) -> Option<Vec<Vec<u8>>> {
    let mut candidates = Vec::new();
    let mut run = Vec::new();
    for part in parts.iter().flat_map(flat) {
        match exact(part) {
            Some(bytes) => run.extend(bytes),
            None => {
                candidates.extend(usable(std::mem::take(&mut run)));
                candidates.extend(best_of(part));
            }
        }
    }
    candidates.extend(usable(run));
    candidates.into_iter().max_by_key(|set| worth(set))
}

/// Returns the parts of a group that captures nothing and only holds some together.
fn flat(part: &Ast) -> Vec<&Ast> {
    match part {
        Ast::Group(group) if !group.is_capturing() => match &*group.ast {
            Ast::Concat(concat) => concat.asts.iter().flat_map(flat).collect(),
            _ => flat(&group.ast),
        },
        _ => vec![part],
    }
}

/// Longer is rarer; each further alternative costs.
fn worth(set: &[Vec<u8>]) -> i64 {
    let shortest = set.iter().map(Vec::len).min().unwrap_or(0) as i64;
    shortest * 2 - set.len() as i64
}

fn usable(mut bytes: Vec<u8>) -> Option<Vec<Vec<u8>>> {
    bytes.truncate(LONGEST);
    (bytes.len() >= SHORTEST).then(|| vec![bytes])
}

/// Returns the one string that `tree` matches, in lower case, if there is only one but for case.
fn exact(tree: &Ast) -> Option<Vec<u8>> {
    match tree {
        Ast::Literal(literal) => Some(bytes(literal)),
        Ast::ClassBracketed(class) if !class.negated => one_letter(&class.kind),
        Ast::Group(group) => exact(&group.ast),
        Ast::Concat(concat) => {
            concat.asts.iter().map(exact).collect::<Option<Vec<_>>>().map(|parts| parts.concat())
        }
        Ast::Assertion(_) | Ast::Flags(_) | Ast::Empty(_) => Some(Vec::new()),
        _ => None,
    }
}

fn bytes(literal: &ast::Literal) -> Vec<u8> {
    let byte = literal.byte().map(|byte| vec![byte]);
    byte.unwrap_or_else(|| literal.c.to_string().into_bytes()).to_ascii_lowercase()
}

/// Returns the letter of a class that is one letter in both cases, or one character.
fn one_letter(class: &ClassSet) -> Option<Vec<u8>> {
    let letters = |item: &ClassSetItem| match item {
        ClassSetItem::Literal(literal) => Some(bytes(literal)),
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
    use super::required;

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
    fn a_broken_regex_says_where() {
        assert!(required(r"Xid (\d+").unwrap_err().contains("unclosed group"));
    }
}
