//! Which names a failure may have: safe in a path, in a shell line, in a file name of a test.

use anyhow::{Result, bail};

/// Longest name; file systems allow 255 bytes and test files add to it.
const LONGEST: usize = 100;

/// Checks that `name` can be the name of a failure: 1 to 100 ASCII letters, digits, `-`, `_` or
/// `.`, beginning with a letter or a digit.
///
/// # Errors
/// Says what is wrong and, where something is left of it, proposes a name.
pub fn check(name: &str) -> Result<()> {
    let Some(fault) = fault(name) else { return Ok(()) };
    let proposal = proposal(name);
    if proposal.is_empty() {
        bail!("the name {name:?} {fault}; use letters, digits, `-`, `_` and `.`, such as `ring-hang`");
    }
    bail!("the name {name:?} {fault}; use letters, digits, `-`, `_` and `.`, such as `{proposal}`")
}

fn fault(name: &str) -> Option<String> {
    let odd = |c: &char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    match name.chars().next() {
        None => Some("is empty".to_owned()),
        Some(_) if name.len() > LONGEST => Some(format!("is longer than {LONGEST} characters")),
        Some(_) if name.contains('/') => {
            Some("holds a `/`; a failure is named, not given as a path".to_owned())
        }
        Some(first) if !first.is_ascii_alphanumeric() => Some(format!("begins with {first:?}")),
        Some(_) => name.chars().find(odd).map(|c| format!("holds {c:?}")),
    }
}

/// Returns the name with every run of other characters as one `-`.
fn proposal(name: &str) -> String {
    let words = name.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.')));
    let clean = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-");
    clean.trim_matches(['.', '_', '-']).chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_safe_everywhere_are_taken() {
        for name in ["ring-hang", "a", "issue_123", "v1.2-timeout", &"x".repeat(100)] {
            assert!(check(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn hostile_names_are_refused_with_a_proposal() {
        for (name, said) in [
            ("", "is empty"),
            ("../x", "`x`"),
            ("/etc/passwd", "`etc-passwd`"),
            (".", "`ring-hang`"),
            ("..", "`ring-hang`"),
            (".hidden", "`hidden`"),
            ("-rf", "`rf`"),
            ("a b", "`a-b`"),
            ("a\nb", "`a-b`"),
            ("$(rm x)", "`rm-x`"),
            ("`id`", "`id`"),
            ("a\0b", "`a-b`"),
            ("a'b\"c", "`a-b-c`"),
            ("\u{202e}gnp", "`gnp`"),
            ("größe", "`gr-e`"),
            (&"x".repeat(101), "longer than 100"),
        ] {
            let error = check(name).expect_err(name).to_string();
            assert!(error.contains(said), "{name:?}: {error}");
            assert!(!error.contains('\n'), "{error}");
        }
    }
}
