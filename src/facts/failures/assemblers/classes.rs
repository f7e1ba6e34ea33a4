//! What sanitizers call what they find, as `sanitizers.toml` lists it.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::rules::{Embedded, Wordings, table};

/// The table as it is written.
const DATA: Embedded = table!("sanitizers");

#[derive(Deserialize)]
struct Class {
    is: String,
}

static CLASSES: LazyLock<Wordings<Class>> = LazyLock::new(|| Wordings::embedded(DATA));

/// Returns the class of a report by its first line, where its words are not the class themselves.
pub fn named(head: &[u8]) -> Option<&'static str> {
    CLASSES.fitting(head).next().map(|class| class.is.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::check_examples;

    #[test]
    fn each_check_has_its_name_whatever_values_it_met() {
        check_examples::<Class>(DATA, |class, example| named(example.as_bytes()) == Some(&class.is));
        assert_eq!(named(b"==7==ERROR: AddressSanitizer: heap-use-after-free on address 0x60"), None);
    }
}
