//! One test of a suite: how its runner is told to run nothing else.

use super::asked::{asked, for_one_test, run_anew};
use crate::facts::runner_commands;
use crate::facts::runners::Framework;

/// Options whose value is the next word, and might look like a test.
const VALUED: [&str; 6] = ["-k", "-m", "-p", "-c", "--deselect", "--ignore"];

/// Returns the words that run only the test `id`, where the command is one whose runner can be told;
/// `None` where it cannot, or where the command names the test already.
pub fn narrowed(argv: &[String], framework: Framework, id: &str) -> Option<Vec<String>> {
    if argv.iter().any(|word| word == id) {
        return None;
    }
    let words: Vec<&str> = argv.iter().map(String::as_str).collect();
    let narrowed = match framework {
        Framework::Pytest => pytest(&words, id),
        Framework::Unittest => unittest(&words, id),
        Framework::CargoTest => cargo_test(&words, id),
        _ => runner_commands::ways(framework).find_map(|way| asked(way, &words, id)),
    };
    narrowed.filter(|narrowed| narrowed != argv)
}

/// Returns the command with which a runner that keeps what passed runs it again.
pub fn anew(argv: Vec<String>, framework: Framework) -> Vec<String> {
    let words: Vec<&str> = argv.iter().map(String::as_str).collect();
    runner_commands::ways(framework).find_map(|way| run_anew(way, &words)).unwrap_or(argv)
}

/// Returns the command for one test where no log shows one; `None` where its runner cannot be asked by name.
pub fn by_name(framework: Framework, id: &str) -> Option<Vec<String>> {
    let line = runner_commands::ways(framework).find_map(|way| way.by_name.as_ref())?;
    let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    narrowed(&words, framework, id)
}

/// Returns the `-run` expression that only this test and its subtests match.
pub fn go_pattern(id: &str) -> String {
    id.split('/').map(|part| format!("^{}$", regex::escape(part))).collect::<Vec<_>>().join("/")
}

fn pytest(words: &[&str], id: &str) -> Option<Vec<String>> {
    let is_runner = |word: &&str| matches!(word.rsplit('/').next(), Some("pytest" | "py.test"));
    let from = words.iter().position(is_runner)? + 1;
    let file = id.split("::").next().unwrap_or(id);
    let covers = |word: &str| {
        let folder = word.trim_start_matches("./").trim_end_matches('/');
        folder.is_empty()
            || folder == "."
            || file == folder
            || id.strip_prefix(folder).is_some_and(|rest| rest.starts_with("::") || rest.starts_with('/'))
    };
    let is_other = |word: &str| word.contains("::") || word.ends_with(".py");
    let (runner, options) = words.split_at_checked(from)?;
    let way = runner_commands::ways(Framework::Pytest).next()?;
    let words = [runner, &for_one_test(way, options)].concat();
    instead_of(&words, from, &once(id, options), covers, is_other)
}

/// Returns the name without the number of the repetition that `--count` gives each test: `a[x-2-5]` is `a[x]`.
fn once(id: &str, options: &[&str]) -> String {
    let count = options.iter().enumerate().find_map(|(at, option)| match option.strip_prefix("--count")? {
        "" => options.get(at + 1).copied(),
        rest => rest.strip_prefix('='),
    });
    let repeated = count.and_then(|count| {
        let (name, parameters) = id.strip_suffix(&format!("-{count}]"))?.split_once('[')?;
        let (rest, turn) = parameters.rsplit_once('-').unwrap_or(("", parameters));
        turn.parse::<u64>().ok()?;
        Some(if rest.is_empty() { name.to_owned() } else { format!("{name}[{rest}]") })
    });
    repeated.unwrap_or_else(|| id.to_owned())
}

fn unittest(words: &[&str], id: &str) -> Option<Vec<String>> {
    if let Some(at) = words.windows(2).position(|pair| pair == ["-m", "unittest"]) {
        let covers = |word: &str| id.strip_prefix(word).is_some_and(|rest| rest.starts_with('.'));
        let rest = words.get(at + 2..)?;
        return match rest.contains(&"discover") {
            // Its words name folders and files; the star leaves no test whose name only begins alike.
            true => (!rest.contains(&"-k")).then(|| with(words, &["-k", &format!("*{id}")])),
            false => instead_of(words, at + 2, id, covers, |_| false),
        };
    }
    // A file that runs its own tests is told `Class.test`.
    let runs_itself = words.first()?.contains("python") && words.last()?.ends_with(".py");
    (runs_itself && id.matches('.').count() == 1).then(|| with(words, &[id]))
}

fn cargo_test(words: &[&str], id: &str) -> Option<Vec<String>> {
    if words.contains(&"--exact") {
        return None;
    }
    let is_binary = words.first()?.contains("target/");
    let is_cargo = words.windows(2).any(|pair| pair == ["cargo", "test"]);
    match words.iter().position(|word| *word == "--") {
        _ if is_binary => Some(with(words, &["--exact", id])),
        Some(_) if is_cargo => Some(with(words, &["--exact", id])),
        None if is_cargo => Some(with(words, &["--", "--exact", id])),
        _ => None,
    }
}

/// Puts `id` where the first word after `from` stands that covers it, and drops the others and those
/// that are other tests. Where no word chooses tests, the id is added.
fn instead_of(
    words: &[&str],
    from: usize,
    id: &str,
    covers: impl Fn(&str) -> bool,
    is_other: impl Fn(&str) -> bool,
) -> Option<Vec<String>> {
    let mut narrowed: Vec<String> = words.get(..from)?.iter().map(|word| (*word).to_owned()).collect();
    let (mut named, mut unknown, mut after_option, mut previous) = (false, false, false, None);
    for word in words.get(from..)? {
        let is_option = word.starts_with('-');
        let is_value = previous.is_some_and(|option| VALUED.contains(&option));
        if is_option || is_value || !(covers(word) || is_other(word)) {
            unknown |= !is_option && !after_option;
            narrowed.push((*word).to_owned());
        } else if covers(word) && !named {
            narrowed.push(id.to_owned());
            named = true;
        }
        after_option = is_option && !word.contains('=');
        previous = Some(*word);
    }
    if !named && unknown {
        return None;
    }
    narrowed.extend((!named).then(|| id.to_owned()));
    Some(narrowed)
}

fn with(words: &[&str], more: &[&str]) -> Vec<String> {
    words.iter().chain(more).map(|word| (*word).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runners_that_words_alone_do_not_tell_are_told() {
        use Framework::{CargoTest, Command, Pytest, Unittest};
        for (framework, id, line, expected) in [
            (Pytest, "t/a.py::c[1]", "pytest -v t", "pytest -v t/a.py::c[1]"),
            (Pytest, "t/a.py::c", "python3 -m pytest -n 4 ./t/a.py t/b.py", "python3 -m pytest t/a.py::c"),
            (
                Pytest,
                "t/a.py::c",
                "pytest -nauto --dist loadfile --reruns=2 --cov=ring --cov-report=xml --cov-fail-under 90 -v t",
                "pytest -v t/a.py::c",
            ),
            (Pytest, "t/a.py::c[x-2-5]", "pytest t --count=5", "pytest t/a.py::c[x]"),
            (Pytest, "t/a.py::c[2-5]", "pytest --count 5 t/a.py", "pytest t/a.py::c"),
            (Pytest, "t/a.py::c", "pytest --count 3 --no-header", "pytest --no-header t/a.py::c"),
            (Pytest, "t/a.py::c", "pytest -x --timeout 30", "pytest -x --timeout 30 t/a.py::c"),
            (Pytest, "t/a.py::c", "pytest t --deselect t/a.py::d", "pytest t/a.py::c --deselect t/a.py::d"),
            (Pytest, "t/a.py::c", "pytest other", ""),
            (Pytest, "t/a.py::c", "pytest t/a.py::c", ""),
            (Pytest, "t/a.py::c", "tox -e py", ""),
            (Unittest, "p.t.C.a", "python -m unittest -v p.t", "python -m unittest -v p.t.C.a"),
            (
                Unittest,
                "p.t.C.a",
                "python -m unittest discover -s p",
                "python -m unittest discover -s p -k *p.t.C.a",
            ),
            (Unittest, "p.t.C.a", "python -m unittest discover -k ring", ""),
            (Unittest, "C.a", "python3 -u test_c.py", "python3 -u test_c.py C.a"),
            (Unittest, "C.a", "bash run.sh", ""),
            (CargoTest, "a::b", "cargo test -p x", "cargo test -p x -- --exact a::b"),
            (CargoTest, "a::b", "cargo test -- --nocapture", "cargo test -- --nocapture --exact a::b"),
            (CargoTest, "a::b", "target/debug/deps/x-0f", "target/debug/deps/x-0f --exact a::b"),
            (Command, "x", "./run.sh", ""),
        ] {
            let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
            let narrowed = narrowed(&words, framework, id).unwrap_or_default();
            assert_eq!(narrowed.join(" "), expected, "{line}");
        }
    }
}
