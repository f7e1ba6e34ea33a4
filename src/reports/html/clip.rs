//! Long texts of logs cut to a length that a page can bear, with what is missing counted.

use std::borrow::Cow;

/// Returns the first `most` characters of `text`, and how many are missing.
pub fn clip(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => Cow::Borrowed(text),
        Some((end, _)) => {
            let more = text.get(end..).unwrap_or_default().chars().count();
            Cow::Owned(format!("{} … (+{more} characters)", text.get(..end).unwrap_or_default()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_counted() {
        assert_eq!(clip("äöü", 3), "äöü");
        assert_eq!(clip("äöü!", 2), "äö … (+2 characters)");
    }
}
