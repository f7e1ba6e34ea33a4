//! The names of failing tests where there is little room: parametrisations of one test on one line, and of each file
//! one test before the second of any.

use std::collections::BTreeMap;

/// Returns a line for each test, in the order in which they are worth the room.
pub fn test_names(tests: &[&str]) -> Vec<String> {
    let mut order: Vec<&str> = Vec::new();
    let mut forms: BTreeMap<&str, usize> = BTreeMap::new();
    for test in tests {
        let count = forms.entry(without_parameters(test)).or_default();
        if *count == 0 {
            order.push(test);
        }
        *count += 1;
    }
    let mut of_file: BTreeMap<&str, usize> = BTreeMap::new();
    let mut placed: Vec<(usize, &str)> = Vec::new();
    for test in order {
        let before = of_file.entry(file(test)).or_default();
        placed.push((*before, test));
        *before += 1;
    }
    placed.sort_by_key(|(before, _)| *before);
    let line = |(_, test): (usize, &str)| match forms.get(without_parameters(test)) {
        Some(count) if *count > 1 => format!("{test} and {} more of its parameters", count - 1),
        _ => test.to_owned(),
    };
    placed.into_iter().map(line).collect()
}

/// Returns `tests/a.py::push` of `tests/a.py::push[3]`.
fn without_parameters(test: &str) -> &str {
    match test.find('[') {
        Some(at) if at > 0 && test.ends_with(']') => &test[..at],
        _ => test,
    }
}

/// Returns what stands before the first `::` or the last dot or slash: the file or the suite.
fn file(test: &str) -> &str {
    let name = without_parameters(test);
    let end = name.find("::").or_else(|| name.rfind(['.', '/']));
    end.map_or(name, |end| &name[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_comes_before_the_second_test_of_any_and_parameters_share_a_line() {
        let tests = [
            "tests/ring.py::push[1]",
            "tests/ring.py::push[2]",
            "tests/ring.py::pop",
            "tests/log.py::write",
            "Ring.Push/3",
            "[odd] name",
        ];
        let expected = [
            "tests/ring.py::push[1] and 1 more of its parameters",
            "tests/log.py::write",
            "Ring.Push/3",
            "[odd] name",
            "tests/ring.py::pop",
        ];
        assert_eq!(test_names(&tests), expected);
        assert_eq!(test_names(&["a]", "[", "é[ü]"]), ["a]", "[", "é[ü]"]);
    }
}
