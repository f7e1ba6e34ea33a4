//! What stands where a secret would and is none: a variable, a mask, a word of documentation.

/// Values that stand for a secret or for its absence.
const WORDS: [&str; 36] = [
    "true",
    "false",
    "null",
    "none",
    "nil",
    "undefined",
    "empty",
    "unset",
    "missing",
    "required",
    "invalid",
    "expired",
    "redacted",
    "masked",
    "hidden",
    "secret",
    "secrets",
    "password",
    "token",
    "changeme",
    "example",
    "placeholder",
    "string",
    "str",
    "bytes",
    "object",
    "value",
    "provided",
    "default",
    "optional",
    "present",
    "found",
    "error",
    "revoked",
    "inherit",
    "self",
];

/// Returns true if and only if `value` is no secret although it stands where one would.
pub(super) fn is_placeholder(value: &str) -> bool {
    let bare = value.trim_matches(|letter: char| !letter.is_alphanumeric());
    let lower = bare.to_ascii_lowercase();
    let is_variable = value.starts_with(['$', '%', '<', '{', '[', '(', '@'])
        || value.contains("${")
        || value.contains("{{");
    let same = |letter: char| value.chars().all(|other| other == letter);
    let is_mask = value.chars().next().is_some_and(|first| "*xX.•-_#?".contains(first) && same(first))
        || value.contains("***");
    let is_small_number = bare.len() < 8 && bare.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let is_call = value.contains('(') || value.contains("::") || value.contains("->") || value.contains("=>");
    bare.is_empty() || is_variable || is_mask || is_small_number || is_call || WORDS.contains(&lower.as_str())
}

/// Returns true if and only if `value` is a word, a name or a path and not a random text: letters of one case,
/// parted by the signs of names. What is assigned in prose and in code is mostly that.
pub(super) fn is_prose(value: &str) -> bool {
    let is_name = |letter: char| letter.is_ascii_alphabetic() || "._-/\\:".contains(letter);
    value.chars().all(is_name) && !(value.contains(char::is_uppercase) && mixes_cases(value))
}

/// Returns true where a capital stands inside a word and not at its beginning.
fn mixes_cases(value: &str) -> bool {
    let letters: Vec<char> = value.chars().collect();
    let turns = letters
        .windows(2)
        .filter(|pair| matches!(pair, [a, b] if a.is_lowercase() && b.is_uppercase()))
        .count();
    turns * 4 > letters.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_masks_and_words_are_no_secrets() {
        for value in [
            "$TOKEN",
            "${{ secrets.X }}",
            "***",
            "********",
            "xxxxxxxx",
            "<token>",
            "null",
            "NONE",
            "512",
            "",
            "getToken()",
        ] {
            assert!(is_placeholder(value), "{value}");
        }
        for value in ["hunter2!", "S3cr3t", "aB9$kd", "12345678901"] {
            assert!(!is_placeholder(value), "{value}");
        }
        for value in ["identifier", "src/token/parser", "END_OF_FILE", "java.lang.String", "TokenKind"] {
            assert!(is_prose(value), "{value}");
        }
        for value in ["hunter2", "aBcDeFgHiJkL", "p@ssword"] {
            assert!(!is_prose(value), "{value}");
        }
    }
}
