//! Another name for a source, wherever its facts say it.

use crate::facts::Facts;
use crate::json::{changed, each_text};

/// Returns facts in which the input `from` is called `to`; `None` if they cannot be written and read, which the
/// facts of a part can.
pub fn renamed(facts: &Facts, from: &str, to: &str) -> Option<Facts> {
    changed(facts, |value| each_text(value, &mut |text| rename(text, from, to))).ok()
}

/// Renames the input itself and the members of an archive of this name.
fn rename(text: &mut String, from: &str, to: &str) {
    let rest = text.strip_prefix(from).filter(|rest| rest.is_empty() || rest.starts_with('!'));
    if let Some(rest) = rest {
        *text = format!("{to}{rest}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_renamed_wherever_it_stands_and_words_stay() {
        let mut value =
            serde_json::json!({"a": ["run.zip", "run.zip!job/1.txt", "run.zipped", "in run.zip"], "n": 1});
        each_text(&mut value, &mut |text| rename(text, "run.zip", "run.zip@7"));
        let expected = serde_json::json!({"a": ["run.zip@7", "run.zip@7!job/1.txt", "run.zipped", "in run.zip"], "n": 1});
        assert_eq!(value, expected);
    }
}
