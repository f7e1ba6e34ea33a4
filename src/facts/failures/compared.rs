//! What was compared, where a sentence leaves it to the lines below.

/// Expressions that are named at the most.
const MOST: usize = 2;

/// Returns `head`, and behind it the expressions of the indented lines below where it only announces them, as
/// GoogleTest's `Expected equality of these values:` does. What they were is left out.
pub fn compared(head: &str, below: impl Iterator<Item = impl AsRef<str>>) -> String {
    if !head.ends_with("these values:") {
        return head.to_owned();
    }
    let indented = below.take_while(|line| line.as_ref().starts_with(' '));
    let expressions = indented.map(|line| line.as_ref().trim().to_owned());
    let named = expressions.filter(|line| !line.starts_with("Which is:")).take(MOST);
    format!("{head} {}", named.collect::<Vec<_>>().join(", ")).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_stand_behind_the_sentence_that_announces_them() {
        let equality = "Expected equality of these values:";
        for (head, below, told) in [
            (
                equality,
                "  ring.size()\n    Which is: 3\n  4\n[  FAILED  ]",
                "Expected equality of these values: ring.size(), 4",
            ),
            (equality, "", equality),
            ("Value of: ring.ok()", "  Actual: false", "Value of: ring.ok()"),
        ] {
            assert_eq!(compared(head, below.lines()), told);
        }
    }
}
