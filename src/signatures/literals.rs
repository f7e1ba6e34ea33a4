//! Which strings a regex cannot match without: the reason why most lines need no regex at all.

use regex_syntax::hir::{Class, Hir, HirKind};

/// Shorter strings are in too many lines to be worth looking for.
const SHORTEST: usize = 3;
/// Longer strings only make the search automaton larger, and slower to build.
const LONGEST: usize = 12;
/// More alternatives than this are better served by a longer string elsewhere in the regex.
const MOST: usize = 32;

/// Returns lower-case strings of which every line that matches `regex` holds at least one, without
/// regard to case; or what is wrong with the regex.
///
/// ```
/// # use ndlog::signatures::required_literals;
/// assert_eq!(required_literals(r"Xid \(.*\): (\d+)").unwrap(), [b"xid (".to_vec()]);
/// assert!(required_literals(r"\d+ \w+").is_err());
/// ```
pub fn required(regex: &str) -> Result<Vec<Vec<u8>>, String> {
    let best = best_of(&parse(regex)?);
    best.ok_or_else(|| {
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
fn best_of(tree: &Hir) -> Option<Vec<Vec<u8>>> {
    match tree.kind() {
        HirKind::Literal(_) | HirKind::Class(_) => exact(tree).and_then(usable),
        HirKind::Capture(capture) => best_of(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => best_of(&repetition.sub),
        HirKind::Concat(parts) => best_in_concat(parts),
        HirKind::Alternation(parts) => all_of(parts),
        HirKind::Repetition(_) | HirKind::Look(_) | HirKind::Empty => None,
    }
}

/// Returns the union over alternatives, if each has something.
fn all_of(parts: &[Hir]) -> Option<Vec<Vec<u8>>> {
    let mut union = Vec::new();
    for part in parts {
        union.extend(best_of(part)?);
    }
    union.sort();
    union.dedup();
    (union.len() <= MOST).then_some(union)
}

/// Returns the best set among the runs of fixed text and the other parts.
fn best_in_concat(parts: &[Hir]) -> Option<Vec<Vec<u8>>> {
    let mut candidates = Vec::new();
    let mut run = Vec::new();
    for part in parts {
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
fn exact(tree: &Hir) -> Option<Vec<u8>> {
    match tree.kind() {
        HirKind::Literal(literal) => Some(literal.0.to_ascii_lowercase()),
        HirKind::Class(class) => one_letter(class).map(|letter| vec![letter]),
        HirKind::Capture(capture) => exact(&capture.sub),
        HirKind::Concat(parts) => {
            parts.iter().map(exact).collect::<Option<Vec<_>>>().map(|parts| parts.concat())
        }
        HirKind::Look(_) | HirKind::Empty => Some(Vec::new()),
        _ => None,
    }
}

/// Returns the letter of a class that is one letter in both cases, or one byte.
fn one_letter(class: &Class) -> Option<u8> {
    let Class::Bytes(class) = class else { return None };
    let mut bytes = class.ranges().iter().flat_map(|range| range.start()..=range.end());
    let first = bytes.next()?.to_ascii_lowercase();
    bytes.all(|byte| byte.to_ascii_lowercase() == first).then_some(first)
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
