//! The assertion that failed: what it compares is the same in every run, its values are the moment's.

/// What the statement of an assertion begins with or calls.
const ASSERTS: [&str; 3] = ["assert", "self.assert", "cls.assert"];
/// What closes each kind of bracket in which values are written out.
const BRACKETS: [(char, char); 3] = [('[', ']'), ('{', '}'), ('(', ')')];

/// Returns the assertion's source as the traceback in `lines` shows it, the innermost one; `None` where it shows none.
pub(super) fn statement(lines: &[&str]) -> Option<String> {
    let shown = lines.iter().rev().find_map(|line| marked(line));
    let below = || lines.windows(2).rev().find_map(|pair| below_its_place(pair));
    shown.or_else(below).map(|source| source.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Returns what pytest marks as the line that failed.
fn marked(line: &str) -> Option<&str> {
    let source = line.trim_start().strip_prefix('>')?;
    Some(source.trim()).filter(|source| source.len() < line.trim().len() - 1 && asserts(source))
}

/// Returns the source below `File "a.py", line 3, in test` or `a.py:3: in test`.
fn below_its_place<'t>(pair: &[&'t str]) -> Option<&'t str> {
    let [place, source] = pair else { return None };
    let named = (place.contains(", line ") && place.contains("File \"")) || place.contains(": in ");
    Some(source.trim()).filter(|source| named && asserts(source))
}

fn asserts(source: &str) -> bool {
    ASSERTS.iter().any(|begin| source.starts_with(begin))
}

/// Returns what an assertion's message says without its values: quoted text and what stands in brackets; `None` where
/// nothing but values is left.
pub(super) fn without_values(message: &str) -> Option<String> {
    let line = message.lines().next().unwrap_or_default();
    let line = line.trim_start_matches(['E', '>', ' ']).trim_start_matches("AssertionError:").trim();
    let (mut out, mut rest) = (String::new(), line);
    while let Some(first) = rest.chars().next() {
        let length = value(rest, first).unwrap_or(first.len_utf8());
        out.push(if length > first.len_utf8() { '@' } else { first });
        rest = rest.get(length..).unwrap_or_default();
    }
    out.split_whitespace().any(|word| word != "@").then_some(out)
}

/// Returns the length of the value that `text` begins with. One that is cut goes to the end.
fn value(text: &str, first: char) -> Option<usize> {
    if matches!(first, '\'' | '"') {
        let end = text.char_indices().skip(1).find(|(_, letter)| *letter == first);
        return Some(end.map_or(text.len(), |(at, _)| at + 1));
    }
    let (open, close) = BRACKETS.into_iter().find(|(open, _)| *open == first)?;
    let mut depth = 0_usize;
    for (at, letter) in text.char_indices() {
        depth += usize::from(letter == open);
        if letter == close {
            depth -= 1;
            if depth == 0 {
                return Some(at + 1);
            }
        }
    }
    Some(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_source_of_an_assertion_is_found_as_each_traceback_shows_it() {
        for (lines, expected, why) in [
            (
                &["    ring = open()", ">       assert  ring.peers() == 8", "E   assert 7 == 8"][..],
                Some("assert ring.peers() == 8"),
                "pytest",
            ),
            (
                &["t/test_a.py:12: in test_a", "    assert ring.peers() == 8"],
                Some("assert ring.peers() == 8"),
                "--tb=short",
            ),
            (
                &["  File \"/w/t.py\", line 3, in test_a", "    self.assertEqual(a, b)"],
                Some("self.assertEqual(a, b)"),
                "unittest",
            ),
            (&[">       raise RingError(text)", "E   RingError: lost"], None, "what raises says anything"),
            (&["E   assert 7 == 8"], None, "--tb=line"),
        ] {
            assert_eq!(statement(lines).as_deref(), expected, "{why}");
        }
    }

    #[test]
    fn values_are_not_compared_and_what_is_said_of_them_is() {
        for (one, other, same, why) in [
            ("AssertionError: assert ['a', 'b'] == ['b']", "assert ['b'] == ['b']", true, "lists"),
            ("assert 'no' == 'yes'", "assert 'it is (not)' == 'yes'", true, "text with brackets"),
            ("assert {'a': [1]} == {}", "assert {} == {}", true, "nested"),
            ("assert ['a'] == ['b']", "assert ['a'] in ['b']", false, "another comparison"),
            ("Lists differ: ['a'] != ['b']", "Lists differ: ['c'] != ['b']", true, "unittest"),
            ("assert ['a', 'b', 'c...", "assert ['a'...", true, "cut"),
        ] {
            assert_eq!(
                without_values(one) == without_values(other),
                same,
                "{why}: {:?}",
                without_values(one)
            );
        }
        assert_eq!(without_values("('a', 'b')"), None, "nothing is said");
    }
}
