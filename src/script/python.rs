//! Values as Python literals, in ASCII, so that no log text can end a string or hide in it.

use std::fmt::Write;

use serde_json::Value;

/// Returns `value` as a Python expression.
pub fn literal(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => string(text),
        Value::Array(items) => format!("[{}]", items.iter().map(literal).collect::<Vec<_>>().join(", ")),
        Value::Object(entries) => {
            let entry = |(name, value): (&String, &Value)| format!("{}: {}", string(name), literal(value));
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
    }
}

/// Returns words for a comment or a docstring: printable ASCII without quotes and backslashes.
pub fn plain_words(text: &str) -> String {
    let plain = |letter: char| if letter.is_ascii_graphic() || letter == ' ' { letter } else { '?' };
    text.chars()
        .map(plain)
        .map(|letter| if matches!(letter, '"' | '\\') { '\'' } else { letter })
        .take(200)
        .collect()
}

fn string(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            ' '..='~' => quoted.push(letter),
            '\n' => quoted.push_str("\\n"),
            // Writing to a String cannot fail.
            _ => drop(write!(quoted, "\\U{:08x}", u32::from(letter))),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_value_is_a_python_expression_of_ascii() {
        let cases = [
            (json!(null), "None"),
            (json!([true, false, 1.5, 3]), "[True, False, 1.5, 3]"),
            (json!({"a": ["b"]}), r#"{"a": ["b"]}"#),
            (json!("quote \" slash \\ line\n"), r#""quote \" slash \\ line\n""#),
            (json!("\u{202e}é\u{1f600}\u{7}"), r#""\U0000202e\U000000e9\U0001f600\U00000007""#),
            (json!("$(rm -rf /) `x` {{ y }} '''"), r#""$(rm -rf /) `x` {{ y }} '''""#),
        ];
        for (value, expected) in cases {
            assert_eq!(literal(&value), expected);
        }
    }

    #[test]
    fn a_title_cannot_end_the_docstring() {
        assert_eq!(plain_words("a\"\"\"\nimport os\\"), "a'''?import os'");
    }
}
