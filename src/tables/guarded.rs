//! Asks the table engine in such a way that what it cannot bear ends the question and not the program.

use std::panic::{self, AssertUnwindSafe};

use anyhow::{anyhow, ensure};

/// Bytes of a statement, and how deep its parentheses and how long its chains of operators may be: the engine walks
/// a statement by calling itself, and a stack that overflows cannot be caught.
const LONGEST: usize = 16 << 10;
const DEEPEST: usize = 50;
const CHAIN: usize = 400;

/// Returns what `ask` returns, or an error where the engine panics on what it was given.
pub(super) fn guarded<T>(ask: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    let before = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let answer = panic::catch_unwind(AssertUnwindSafe(ask));
    panic::set_hook(before);
    answer.unwrap_or_else(|_| Err(anyhow!("the table engine cannot do this")))
}

/// Refuses a statement that would overflow the stack.
pub(super) fn check_depth(statement: &str) -> anyhow::Result<()> {
    ensure!(statement.len() <= LONGEST, "a query may have {LONGEST} bytes at most");
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    for byte in statement.bytes() {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    ensure!(deepest <= DEEPEST, "a query may have {DEEPEST} parentheses in one another at most");
    let words = statement.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    let is_operator = |word: &&str| {
        ["and", "or", "not", "union", "case", "select", "join"]
            .iter()
            .any(|name| word.eq_ignore_ascii_case(name))
    };
    let signs = statement.bytes().filter(|byte| b"+-*/%|&^=<>".contains(byte)).count();
    ensure!(words.filter(is_operator).count() + signs <= CHAIN, "a query may have {CHAIN} operators at most");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error() {
        assert!(
            guarded(|| -> anyhow::Result<()> { panic!("no") })
                .unwrap_err()
                .to_string()
                .contains("cannot do this")
        );
        assert_eq!(guarded(|| Ok(1)).unwrap(), 1);
    }

    #[test]
    fn statements_of_people_pass_and_towers_do_not() {
        check_depth("SELECT host, count(*) FROM occurrences WHERE rank = 1 AND kind <> 'test' GROUP BY host")
            .unwrap();
        for tower in ["(".repeat(60), "1+".repeat(500), "NOT ".repeat(500), " ".repeat(20_000)] {
            assert!(check_depth(&format!("SELECT {tower}")).is_err());
        }
    }
}
