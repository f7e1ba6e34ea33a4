//! Another name for a source, wherever its facts say it.

use serde_json::Value;

use crate::facts::Facts;

/// Returns facts in which the input `from` is called `to`; `None` if they cannot be written and read, which the
/// facts of a part can.
pub fn renamed(facts: &Facts, from: &str, to: &str) -> Option<Facts> {
    let mut value = serde_json::to_value(facts).ok()?;
    rename(&mut value, from, to);
    serde_json::from_slice(&serde_json::to_vec(&value).ok()?).ok()
}

/// Renames the input itself and the members of an archive of this name.
fn rename(value: &mut Value, from: &str, to: &str) {
    match value {
        Value::String(text) => {
            let rest = text.strip_prefix(from).filter(|rest| rest.is_empty() || rest.starts_with('!'));
            if let Some(rest) = rest {
                *text = format!("{to}{rest}");
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, from, to)),
        Value::Object(fields) => fields.values_mut().for_each(|field| rename(field, from, to)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_renamed_wherever_it_stands_and_words_stay() {
        let mut value =
            serde_json::json!({"a": ["run.zip", "run.zip!job/1.txt", "run.zipped", "in run.zip"], "n": 1});
        rename(&mut value, "run.zip", "run.zip@7");
        let expected = serde_json::json!({"a": ["run.zip@7", "run.zip@7!job/1.txt", "run.zipped", "in run.zip"], "n": 1});
        assert_eq!(value, expected);
    }
}
