//! Reading a shell line without a shell: words, leading assignments, and when to give up.

use std::collections::BTreeMap;

/// A simple command: `NAME=value… program words…`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Simple {
    pub variables: BTreeMap<String, String>,
    pub words: Vec<String>,
}

/// Returns the words of a line that means the same with and without a shell; `None` where only a
/// shell can tell: pipes, lists, redirections, expansions, patterns, several lines.
pub(super) fn simple(text: &str) -> Option<Simple> {
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

/// Returns name and value of `NAME=value`.
pub(super) fn assignment(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    is_name(name).then_some((name, value))
}

/// Returns true for what a shell takes as a variable's name.
pub(super) fn is_name(text: &str) -> bool {
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
