//! The names of tests, which lines of one run write more or less fully.

use std::collections::{BTreeSet, HashSet};

use crate::text::work;

/// Returns true where both name one test; one of them may leave out the folder or the class.
pub fn is_same(one: &str, other: &str) -> bool {
    work::add(1);
    let has_class = |name: &str| memchr::memchr(b'(', name.as_bytes()).is_some();
    if one.as_bytes().last() != other.as_bytes().last() && !has_class(one) && !has_class(other) {
        return false;
    }
    let ends = |long: &str, short: &str| {
        long.strip_suffix(short).is_some_and(|rest| rest.is_empty() || rest.ends_with(SEPARATORS))
    };
    ends(one, other)
        || ends(other, one)
        || before_paren(one) == before_paren(other)
        || described(one) == described(other)
}

/// Returns what TAP says of a test, without the script and the number that a harness puts before it.
fn described(name: &str) -> &str {
    let numbered = |front: &str| front.rsplit(' ').next().is_some_and(is_number);
    let parts = |at| Some((before_blank(name, at)?, name.get(at + 1..)?.strip_prefix(' ')?));
    let split = memchr::memchr_iter(b'-', name.as_bytes()).find_map(parts);
    split.filter(|(front, _)| numbered(front)).map_or(name, |(_, description)| description)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What stands before the part of a name that no line leaves out.
const SEPARATORS: [char; 3] = ['/', ':', '.'];

/// Returns a name without the class that unittest puts behind it.
fn before_paren(name: &str) -> &str {
    memchr::memchr_iter(b'(', name.as_bytes()).find_map(|at| before_blank(name, at)).unwrap_or(name)
}

/// Returns what stands before the blank in front of a byte, if there is one: asked of each pair of tests, and quicker
/// than a search for both bytes.
fn before_blank(name: &str, at: usize) -> Option<&str> {
    name.get(..at)?.strip_suffix(' ')
}

/// Names among which one is found at the cost of its length, however many there are.
pub struct TestNames<'n> {
    whole: HashSet<&'n str>,
    /// Without the class that unittest puts behind a name.
    bare: HashSet<&'n str>,
    /// Without the script and the number of a harness.
    described: HashSet<&'n str>,
    /// Read backwards, so that names of one end stand together.
    backwards: BTreeSet<Vec<u8>>,
}

impl<'n> TestNames<'n> {
    /// Takes all names.
    pub fn of(names: impl Iterator<Item = &'n str> + Clone) -> Self {
        Self {
            whole: names.clone().collect(),
            bare: names.clone().map(before_paren).collect(),
            described: names.clone().map(described).collect(),
            backwards: names.map(backwards).collect(),
        }
    }

    /// Returns true if one of the names and `test` name one test, as [`is_same`] says.
    pub fn hold(&self, test: &str) -> bool {
        self.whole.contains(test)
            || self.bare.contains(before_paren(test))
            || self.described.contains(described(test))
            || ends(test).any(|end| self.whole.contains(end))
            || self.hold_longer(test)
    }

    /// Returns true if one of the names says more in front.
    fn hold_longer(&self, test: &str) -> bool {
        let own = backwards(test);
        SEPARATORS.iter().any(|separator| {
            let mut front = own.clone();
            front.push(*separator as u8);
            self.backwards.range(front.clone()..).next().is_some_and(|name| name.starts_with(&front))
        })
    }
}

fn backwards(name: &str) -> Vec<u8> {
    name.bytes().rev().collect()
}

/// Returns what is left of a name without its folder, its class, and so on.
fn ends(name: &str) -> impl Iterator<Item = &str> {
    name.match_indices(SEPARATORS).filter_map(|(at, _)| name.get(at + 1..)).filter(|end| !end.is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_name_is_found_among_many_where_one_of_them_is_the_same(
            names in prop::collection::vec("[aé/:. (1-]{1,7}", 0..6),
            test in "[aé/:. (1-]{1,7}",
        ) {
            let one_by_one = names.iter().any(|name| is_same(name, &test));
            prop_assert_eq!(TestNames::of(names.iter().map(String::as_str)).hold(&test), one_by_one);
        }
    }

    #[test]
    fn one_test_has_several_names() {
        for (one, other, same) in [
            ("ring.t 2 - pops the ring", "pops the ring", true),
            ("ring.t 2 - pops the ring", "ring.t 3 - pops the link", false),
            ("tests/test_a.py::test_b", "test_b", true),
            ("test_b (ring.Case)", "test_b", true),
            ("ring - pops", "pops", false),
        ] {
            assert_eq!(is_same(one, other), same, "{one} | {other}");
        }
    }
}
