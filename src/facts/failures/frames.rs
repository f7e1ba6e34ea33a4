//! One line of a stack, in the dialects of the languages.

use std::sync::LazyLock;

use regex::bytes::Captures;
use serde::Deserialize;

use super::event::Frame;
use crate::rules::{Embedded, LazyRegex, Sketch, table};

/// The table as it is written; its head tells what the keys mean.
const DATA: Embedded = table!("dialects");

#[derive(Deserialize)]
struct Dialects {
    row: Vec<Dialect>,
}

#[derive(Deserialize)]
struct Dialect {
    pattern: LazyRegex,
}

static DIALECTS: LazyLock<Vec<Dialect>> = LazyLock::new(|| DATA.read::<Dialects>().row);

/// Reads `text` as a frame, or returns `None` if it is none.
pub fn frame(text: &[u8]) -> Option<Frame> {
    let sketch = Sketch::of(text, DIALECTS.len());
    DIALECTS.iter().find_map(|dialect| dialect.pattern.captures(&sketch)).map(|captures| read(&captures))
}

/// Reads a Go function line that stands alone before its place: `pkg.(*T).f(0x1, ...)`.
pub fn go_function(text: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(text.trim_ascii()).ok()?;
    let text = text.strip_prefix("created by ").unwrap_or(text);
    let text = text.split(" in goroutine ").next()?;
    let function = if text.ends_with(')') { &text[..arguments(text)?] } else { text };
    let named = (function.contains('.') || function == "panic") && !function.contains(char::is_whitespace);
    named.then(|| function.to_owned())
}

/// Returns where the argument list that ends a text begins.
fn arguments(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (position, character) in text.char_indices().rev() {
        match character {
            ')' => depth += 1,
            '(' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return Some(position);
        }
    }
    None
}

/// Returns the frame that the groups `function`, `file` and `line` took.
pub fn read(captures: &Captures<'_>) -> Frame {
    let text = |name| captures.name(name).map(|part| String::from_utf8_lossy(part.as_bytes()).into_owned());
    Frame {
        function: plain_function(&text("function").unwrap_or_default()),
        file: text("file").unwrap_or_default(),
        line: text("line").and_then(|line| line.parse().ok()),
    }
}

/// Returns a function's name without arguments, template arguments, hashes and offsets.
pub fn plain_function(function: &str) -> String {
    let demangled = rustc_demangle::try_demangle(function).map(|name| format!("{name:#}"));
    let name = without_values(&demangled.unwrap_or_else(|_| native_name(function)));
    let mut plain = String::with_capacity(name.len());
    let mut depth = 0usize;
    for character in name.trim().chars() {
        match character {
            '<' if !plain.is_empty() && !plain.ends_with(['.', ' ']) => depth += 1,
            '>' if depth > 0 => depth -= 1,
            '(' if depth == 0 && !plain.is_empty() && !plain.ends_with(['.', ' ']) => break,
            _ if depth > 0 => {}
            _ => plain.push(character),
        }
    }
    let end = plain.find("+0x").unwrap_or(plain.len());
    plain.truncate(end);
    plain.trim_end().to_owned()
}

/// Cuts the values of arguments, which gdb puts behind a blank, and addresses, which V8 puts in
/// brackets: `pop (at=0x20)`, `pop [pc: 0x20]`.
fn without_values(function: &str) -> String {
    let address = [" [0x", " [pc: "].iter().filter_map(|mark| function.find(mark)).min();
    let function = &function[..address.unwrap_or(function.len())];
    let arguments = function.match_indices(" (").map(|(start, _)| start).find(|&start| {
        let (before, inside) = (&function[..start], &function[start + 2..]);
        let outside_templates = before.matches('<').count() == before.matches('>').count();
        let valued = inside.split(')').next().is_some_and(|first| first.is_empty() || first.contains('='));
        outside_templates && valued
    });
    function[..arguments.unwrap_or(function.len())].to_owned()
}

fn native_name(function: &str) -> String {
    if !function.starts_with("_Z") {
        return function.to_owned();
    }
    cpp_demangle::Symbol::new(function)
        .ok()
        .and_then(|symbol| symbol.demangle().ok())
        .unwrap_or_else(|| function.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct File {
        row: Vec<Row>,
    }

    #[derive(Deserialize)]
    struct Row {
        name: String,
        matches: Vec<Example>,
        leaves: Vec<String>,
    }

    #[derive(Deserialize)]
    struct Example {
        line: String,
        function: String,
        file: String,
        at: Option<u32>,
    }

    #[test]
    fn each_dialect_reads_its_own_and_nothing_else() {
        for (Row { name, matches, leaves }, dialect) in DATA.read::<File>().row.iter().zip(&*DIALECTS) {
            for Example { line, function, file, at } in matches {
                let sketch = Sketch::of(line.as_bytes(), usize::MAX);
                assert!(dialect.pattern.captures(&sketch).is_some(), "{name} should take {line}");
                let expected = Frame { function: function.clone(), file: file.clone(), line: *at };
                assert_eq!(frame(line.as_bytes()), Some(expected), "{name}: {line}");
            }
            for line in leaves {
                assert_eq!(frame(line.as_bytes()), None, "{name} should leave {line}");
            }
        }
    }

    #[test]
    fn go_functions_keep_their_receivers() {
        let name = |text: &str| go_function(text.as_bytes());
        assert_eq!(
            name("acme/ring.(*Ring).Push(0xc0001, {0x1, 0x2})").as_deref(),
            Some("acme/ring.(*Ring).Push")
        );
        assert_eq!(name("created by main.start in goroutine 7").as_deref(), Some("main.start"));
        assert_eq!(name("main.Map[...].Get(...)").as_deref(), Some("main.Map[...].Get"));
        assert_eq!(name("  waiting for the ring"), None);
    }

    #[test]
    fn names_lose_arguments_templates_and_offsets() {
        assert_eq!(plain_function("std::vector<int, std::alloc<int>>::push(int)"), "std::vector::push");
        assert_eq!(plain_function("(anonymous namespace)::f(int)"), "(anonymous namespace)::f");
        assert_eq!(plain_function("main.(*Ring).Push(0x1, 0x2)"), "main.(*Ring).Push");
        assert_eq!(plain_function("_ZN4ring4pushEi"), "ring::push");
        assert_eq!(plain_function("push (at=0x20, n=<optimized out>)"), "push");
        assert_eq!(plain_function("push ()"), "push");
        assert_eq!(plain_function("Ring<void ()>::push(int)"), "Ring::push");
        assert_eq!(plain_function("ExitFrame [pc: 0x7f28]"), "ExitFrame");
    }
}
