//! Changes to documents by their form in JSON, so that no field is forgotten.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Returns a document after `change` was made to it.
///
/// # Errors
/// If it cannot be written as JSON, or what was made of it cannot be read.
pub fn changed<T>(document: &T, change: impl FnOnce(&mut Value)) -> serde_json::Result<T>
where
    T: Serialize + DeserializeOwned,
{
    let mut value = serde_json::to_value(document)?;
    change(&mut value);
    // Through bytes, as documents are read anyway: a second reader of each, for values, would be most of a megabyte.
    serde_json::from_slice(&serde_json::to_vec(&value)?)
}

/// Calls `visit` with each text of a value; the names of fields stay.
pub fn each_text(value: &mut Value, visit: &mut dyn FnMut(&mut String)) {
    match value {
        Value::String(text) => visit(text),
        Value::Array(items) => items.iter_mut().for_each(|item| each_text(item, visit)),
        Value::Object(fields) => fields.values_mut().for_each(|field| each_text(field, visit)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
