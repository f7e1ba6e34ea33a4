//! Reading a shell line without a shell: words, leading assignments, and when to give up.

use std::collections::BTreeMap;

/// A simple command: `NAME=value… program words…`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Simple {
    pub variables: BTreeMap<String, String>,
    pub words: Vec<String>,
}

/// Returns the words of a line that means the same with and without a shell; `None` where only a
/// shell can tell: pipes, lists, redirections, expansions, patterns, several lines.
pub fn simple(text: &str) -> Option<Simple> {
    if needs_shell(text) {
        return None;
    }
    let mut command = Simple::default();
    let mut words = shlex::split(text)?.into_iter().peekable();
    while let Some((name, value)) = words.peek().and_then(|word| assignment(word)) {
        command.variables.insert(name.to_owned(), value.to_owned());
        words.next();
    }
    command.words = words.collect();
    (!command.words.is_empty()).then_some(command)
}

/// Returns the one command of a line that runs something, and the folder that it changes to: `cd a && pytest |
/// tee log` means `pytest` in `a`. `None` where another part does more than change the folder, set a variable or
/// take the output.
pub fn runner_of(text: &str) -> Option<(Simple, Option<String>)> {
    let (mut folder, mut variables, mut runner) = (None, BTreeMap::new(), None);
    for (part, joined_by) in parts(text)? {
        let part = without_redirections(part.trim());
        let first = part.split_whitespace().next().unwrap_or_default();
        match first {
            "" | "set" => {}
            "tee" | "cat" if joined_by == "|" => {}
            "cd" if runner.is_none() => folder = simple(part)?.words.get(1).cloned(),
            "export" if runner.is_none() => {
                let words = simple(part)?.words;
                variables.extend(words.iter().skip(1).filter_map(|word| assignment(word)).map(owned));
            }
            _ if runner.is_none() && joined_by != "|" => runner = Some(simple(part)?),
            _ => return None,
        }
    }
    let mut runner = runner?;
    variables.append(&mut runner.variables);
    runner.variables = variables;
    Some((runner, folder))
}

fn owned((name, value): (&str, &str)) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// Splits a line at `&&`, `;`, `|` and line ends outside quotes, each part with what joins it to the one before;
/// `None` at what joins in another way.
fn parts(text: &str) -> Option<Vec<(&str, &'static str)>> {
    let (mut parts, mut from, mut joined_by, mut quote) = (Vec::new(), 0, "", None);
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let doubled = letters.peek().is_some_and(|(_, next)| *next == letter);
        let after_redirection = text.get(..at).is_some_and(|before| before.ends_with('>'));
        let (joint, length) = match (quote, letter) {
            (Some(open), _) => {
                quote = Some(open).filter(|open| *open != letter);
                continue;
            }
            (None, '\'' | '"') => {
                quote = Some(letter);
                continue;
            }
            (None, '&') if doubled => ("&&", 2),
            (None, '&')
                if after_redirection || text.get(at + 1..).is_some_and(|rest| rest.starts_with('>')) =>
            {
                continue;
            }
            (None, '&') => return None,
            (None, '|') if doubled => return None,
            (None, '|') => ("|", 1),
            (None, ';' | '\n') => (";", 1),
            _ => continue,
        };
        parts.push((text.get(from..at)?, joined_by));
        (from, joined_by) = (at + length, joint);
        if length == 2 {
            letters.next();
        }
    }
    parts.push((text.get(from..)?, joined_by));
    Some(parts)
}

/// Returns a command without the redirections of its output at its end.
fn without_redirections(mut part: &str) -> &str {
    loop {
        let before = part.trim_end();
        let last = before.rsplit_once(char::is_whitespace).map_or(before, |(_, last)| last);
        let is_one = matches!(last, "2>&1" | "1>&2")
            || (last.len() > 1 && last.trim_start_matches(['1', '2', '&']).starts_with('>'));
        match before.strip_suffix(last) {
            Some(rest) if is_one => part = rest,
            _ => return before,
        }
    }
}

/// Returns name and value of `NAME=value`.
pub fn assignment(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    is_name(name).then_some((name, value))
}

/// Returns true for what a shell takes as a variable's name.
pub fn is_name(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && characters.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Returns true where a character outside single quotes asks a shell for more than words.
fn needs_shell(text: &str) -> bool {
    let mut quote = None;
    let mut escaped = false;
    let mut before = ' ';
    for character in text.chars() {
        let blank = before.is_whitespace();
        before = character;
        if std::mem::take(&mut escaped) {
            continue;
        }
        match (quote, character) {
            (Some('\''), '\'') | (Some('"'), '"') => quote = None,
            (Some('\''), _) => {}
            (_, '\\') => escaped = true,
            (_, '$' | '`' | '\n') => return true,
            (None, '\'' | '"') => quote = Some(character),
            (None, '|' | '&' | ';' | '<' | '>' | '(' | ')' | '*' | '?' | '{' | '}') => return true,
            (None, '~' | '#' | '!') if blank => return true,
            _ => {}
        }
    }
    quote.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_commands_become_words() {
        for (text, words) in [
            ("bash run.sh", &["bash", "run.sh"][..]),
            (
                "pytest 'tests/a.py::t[x y]' -k \"not slow\"",
                &["pytest", "tests/a.py::t[x y]", "-k", "not slow"],
            ),
            ("pytest tests/a.py::t[8-bf16]", &["pytest", "tests/a.py::t[8-bf16]"]),
            ("./ring --gtest_filter='Ring.*'", &["./ring", "--gtest_filter=Ring.*"]),
            (r"echo a\ b", &["echo", "a b"]),
        ] {
            assert_eq!(
                simple(text).map(|simple| simple.words),
                Some(words.iter().map(|w| (*w).to_owned()).collect()),
                "{text}"
            );
        }
    }

    #[test]
    fn variables_in_front_are_taken_off() {
        let command = simple("A=1 B='x y' pytest C=3").unwrap();
        assert_eq!(command.variables.get("B").map(String::as_str), Some("x y"));
        assert_eq!(command.words, ["pytest", "C=3"]);
    }

    #[test]
    fn the_runner_of_a_line_is_found_where_the_rest_does_nothing_else() {
        for (text, expected) in [
            ("cd a/b && pytest -x tests", Some(("a/b", "pytest -x tests"))),
            ("set -e; cd a; pytest tests 2>&1 | tee out.log", Some(("a", "pytest tests"))),
            ("export A=1 && pytest -k 'x && y' >log 2>&1", Some(("", "pytest -k x && y"))),
            ("pytest tests | tee out", Some(("", "pytest tests"))),
            ("touch x; pytest", None),
            ("pytest || true", None),
            ("pytest & wait", None),
            ("make && pytest", None),
            ("pytest $ARGS", None),
            ("cat x | pytest", None),
        ] {
            let found =
                runner_of(text).map(|(runner, folder)| (folder.unwrap_or_default(), runner.words.join(" ")));
            let found = found.as_ref().map(|(folder, words)| (folder.as_str(), words.as_str()));
            assert_eq!(found, expected, "{text}");
        }
        assert_eq!(runner_of("export A=1; B=2 pytest").unwrap().0.variables.len(), 2);
    }

    #[test]
    fn what_needs_a_shell_is_left_to_one() {
        for text in [
            "make | tee log",
            "a && b",
            "a; b",
            "a > b",
            "echo $HOME",
            "echo `id`",
            "ls *.log",
            "(cd x)",
            "cd ~",
            "a\nb",
            "echo \"$(id)\"",
            "unfinished 'quote",
            "A=1",
            "",
            "# comment",
            "cp a{,.old}",
        ] {
            assert_eq!(simple(text), None, "{text}");
        }
    }
}
