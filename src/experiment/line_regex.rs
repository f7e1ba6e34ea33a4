//! A regular expression that finds the lines of a failure, whatever varies in them.

use regex::{Regex, RegexBuilder};

/// Longest regular expression, in characters of the line that it is made from.
const LONGEST: usize = 160;
/// Words before a value in brackets that recognise a line without it.
const LEAST_WORDS: usize = 4;
/// Wordings kept beside one another.
const MOST_FORMS: usize = 4;

/// Returns a regular expression that finds all these lines: what varies by nature (numbers,
/// addresses, folders) is loose, as is each word that differs between them; the rest is literal.
///
/// It uses only what Perl, RE2, Python and Rust share, and is not anchored.
pub(super) fn regex(lines: &[&str]) -> String {
    let mut forms: Vec<Vec<String>> = Vec::new();
    for line in lines {
        let words: Vec<String> = cut(line).split_whitespace().map(loose).collect();
        let taken = words.is_empty() || forms.iter_mut().any(|form| joins(form, &words));
        if !taken && forms.len() < MOST_FORMS {
            forms.push(words);
        }
    }
    forms.iter().map(|words| words.join(r"\s+")).collect::<Vec<_>>().join("|")
}

/// Makes `form` find `words` as well, where at least half of it stays literal.
fn joins(form: &mut Vec<String>, words: &[String]) -> bool {
    let equal = form.iter().zip(words).filter(|(a, b)| a == b).count();
    let begin = form.iter().zip(words).take_while(|(a, b)| a == b).count();
    if form.len() == words.len() && equal * 2 >= form.len() {
        for (word, _) in form.iter_mut().zip(words).filter(|(a, b)| a != b) {
            *word = r"\S+".to_owned();
        }
        return true;
    }
    let fits = begin >= 2 && begin * 2 >= form.len();
    if fits {
        form.truncate(begin);
    }
    fits
}

/// Returns the regular expression compiled as the trials use it.
pub(super) fn compiled(regex: &str) -> Option<Regex> {
    RegexBuilder::new(regex).multi_line(true).build().ok().filter(|_| !regex.is_empty())
}

/// Cuts a long line before the first value that is written out in brackets, else at a blank before
/// the longest length.
fn cut(line: &str) -> &str {
    let line = line.trim();
    match line.char_indices().nth(LONGEST) {
        None => line,
        Some((end, _)) => {
            let head = line.get(..end).unwrap_or(line);
            let plain = head.find(['[', '{']).and_then(|dump| head.get(..dump)).unwrap_or_default();
            if plain.split_whitespace().count() >= LEAST_WORDS {
                return plain.trim_end();
            }
            head.rsplit_once(char::is_whitespace).map_or(head, |(head, _)| head)
        }
    }
}

/// Returns one word as a regular expression.
fn loose(word: &str) -> String {
    if word.contains('/') && !word.contains("://") {
        let (_, name) = word.rsplit_once('/').unwrap_or(("", word));
        return format!(r"\S*/{}", loose_numbers(name));
    }
    loose_numbers(word)
}

fn loose_numbers(word: &str) -> String {
    let mut out = String::new();
    let mut rest = word;
    while let Some(character) = rest.chars().next() {
        let (pattern, length) = match number(rest) {
            Some((pattern, length)) => (pattern.to_owned(), length),
            None => (literal(character), character.len_utf8()),
        };
        out.push_str(&pattern);
        rest = rest.get(length..).unwrap_or_default();
    }
    out
}

/// Returns the character as it stands in a regular expression of any of the four tools.
fn literal(character: char) -> String {
    let special = r".^$*+?()[]{}|\".contains(character);
    if special { format!("\\{character}") } else { character.to_string() }
}

/// Returns the pattern and length of the number or address at the front.
fn number(text: &str) -> Option<(&'static str, usize)> {
    let run = |text: &str, fits: fn(char) -> bool| text.find(|c: char| !fits(c)).unwrap_or(text.len());
    let digit = |c: char| c.is_ascii_digit();
    if let Some(rest) = text.strip_prefix("0x") {
        let length = run(rest, |c| c.is_ascii_hexdigit());
        return (length > 0).then_some(("0x[0-9a-fA-F]+", length + 2));
    }
    let hex = run(text, |c| c.is_ascii_hexdigit());
    let head = text.get(..hex).unwrap_or_default();
    if hex >= 8 && head.contains(digit) && head.contains(|c: char| c.is_ascii_alphabetic()) {
        return Some(("[0-9a-fA-F]+", hex));
    }
    let whole = run(text, |c| c.is_ascii_digit());
    if whole == 0 {
        return None;
    }
    let fraction = text
        .get(whole..)
        .and_then(|rest| rest.strip_prefix('.'))
        .map_or(0, |rest| run(rest, |c| c.is_ascii_digit()));
    if fraction > 0 { Some((r"\d+(?:\.\d+)?", whole + 1 + fraction)) } else { Some((r"\d+", whole)) }
}

/// Returns the text with its numbers and addresses as `#`: equal for lines that say the same.
pub(super) fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.trim();
    while let Some(character) = rest.chars().next() {
        let length = match number(rest) {
            Some((_, length)) => {
                out.push('#');
                length
            }
            None => {
                out.push(character);
                character.len_utf8()
            }
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(lines: &[&str], expected: &str) {
        assert_eq!(regex(lines), expected);
        let compiled = compiled(expected).unwrap();
        for line in lines {
            assert!(compiled.is_match(line), "{expected} does not find {line}");
        }
    }

    #[test]
    fn what_varies_by_nature_is_loose_and_the_rest_literal() {
        check(
            &["lost 3 frames (0x7ffe) after 1.5 s"],
            r"lost\s+\d+\s+frames\s+\(0x[0-9a-fA-F]+\)\s+after\s+\d+(?:\.\d+)?\s+s",
        );
        check(&["  /home/a/b/ring.c:12: bad"], r"\S*/ring\.c:\d+:\s+bad");
        check(&["object deadbeef01 is gone"], r"object\s+[0-9a-fA-F]+\s+is\s+gone");
        check(&["see http://x/y/z"], r"see\s+http://x/y/z");
    }

    #[test]
    fn what_differs_between_runs_is_loose() {
        check(&["peer alpha left the ring", "peer beta left the ring"], r"peer\s+\S+\s+left\s+the\s+ring");
        check(&["lost a frame", "lost a frame and then more"], r"lost\s+a\s+frame");
        check(&["no answer", "link is down"], r"no\s+answer|link\s+is\s+down");
    }

    #[test]
    fn a_long_line_is_cut_between_words() {
        let line = "word ".repeat(100);
        assert!(regex(&[&line]).ends_with("word") && regex(&[&line]).len() < 400);
        let dump = format!("case 3 of seed 7 failed: [{}]", "Span { start: 1 }, ".repeat(20));
        assert_eq!(regex(&[&dump]), r"case\s+\d+\s+of\s+seed\s+\d+\s+failed:");
    }

    proptest! {
        #[test]
        fn it_always_compiles_and_finds_its_own_line(line in "[ -~äß∞]{1,200}") {
            prop_assume!(!line.trim().is_empty());
            let compiled = compiled(&regex(&[&line])).expect("it compiles");
            prop_assert!(compiled.is_match(&line));
        }

        #[test]
        fn it_finds_both_lines(a in "[a-c0-9 ]{1,40}", b in "[a-c0-9 ]{1,40}") {
            prop_assume!(!a.trim().is_empty() && !b.trim().is_empty());
            let compiled = compiled(&regex(&[&a, &b])).expect("it compiles");
            prop_assert!(compiled.is_match(&a) && compiled.is_match(&b));
        }
    }
}
