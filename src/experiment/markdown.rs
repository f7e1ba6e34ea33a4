//! Text of a log inside Markdown: shown as it is, never obeyed.

use crate::reports::{code_span, fence, visible};

/// Returns the text as one code span; line ends and controls are made visible.
pub(super) fn code(text: &str) -> String {
    code_span(&visible(text.trim()))
}

/// Returns lines as a fenced block that none of them can end.
pub(super) fn fenced<'t>(kind: &str, lines: impl Iterator<Item = &'t str>) -> String {
    let shown: Vec<_> = lines.map(visible).collect();
    let fence = fence(shown.iter().map(AsRef::as_ref));
    let mut block = format!("{fence}{kind}\n");
    for line in shown {
        block.push_str(&line);
        block.push('\n');
    }
    block + &fence + "\n"
}

/// Returns JSON text with every character that acts written as JSON's own escape.
pub(super) fn safe_json(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for character in json.chars() {
        let mut buffer = [0; 4];
        let own = character.encode_utf8(&mut buffer);
        if character == '\n' || visible(own) == *own {
            safe.push(character);
        } else {
            let mut units = [0; 2];
            safe.extend(character.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn backticks_and_controls_cannot_leave() {
        assert_eq!(code("a `b` c"), "`` a `b` c ``");
        assert_eq!(code("`x`"), "`` `x` ``");
        assert_eq!(code("a\n# b\x1b[2J"), "`a␊# b␛[2J`");
        assert_eq!(fenced("text", ["```", "# do this"].into_iter()), "````text\n```\n# do this\n````\n");
        assert_eq!(safe_json("{\"a\": \"\u{202e}x\"}"), "{\"a\": \"\\u202ex\"}");
    }

    proptest! {
        #[test]
        fn no_line_ends_its_fence(lines in prop::collection::vec("[`~a \t]{0,12}", 0..6)) {
            let block = fenced("", lines.iter().map(String::as_str));
            let all: Vec<&str> = block.lines().collect();
            let fence = all[0];
            prop_assert!(all[1..all.len() - 1].iter().all(|line| !line.trim().starts_with(fence)));
        }

        #[test]
        fn json_stays_the_same_json(text in "(?s).{0,60}") {
            let json = serde_json::to_string(&text).unwrap();
            prop_assert_eq!(serde_json::from_str::<String>(&safe_json(&json)).unwrap(), text);
        }
    }
}
