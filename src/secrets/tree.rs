//! Masks every text of a document, whatever its form.

use serde_json::Value;

use super::Mask;

/// Masks all strings of `value`; the names of its fields stay. The strings of one list are lines that belong together.
pub fn mask_value(value: &mut Value, mask: &mut Mask) {
    match value {
        Value::String(text) => {
            if let std::borrow::Cow::Owned(masked) = mask.text(text) {
                *text = masked;
            }
        }
        Value::Array(items) => {
            for item in items {
                match item {
                    Value::String(line) => *line = mask.line(line).into_owned(),
                    other => mask_value(other, mask),
                }
            }
            mask.end_of_lines();
        }
        Value::Object(fields) => fields.values_mut().for_each(|field| mask_value(field, mask)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
