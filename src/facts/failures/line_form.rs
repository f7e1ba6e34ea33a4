//! Which lines say the same, whatever their numbers: their form.

use std::hash::Hasher;

use rustc_hash::FxHasher;

/// Bytes of a line that its form is read from.
const LONGEST: usize = 4 << 10;

/// Returns the same number for lines of the same words; what has a digit in it is no word.
pub fn form(line: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    let line = line.get(..LONGEST).unwrap_or(line);
    let words = line.split(|byte| !byte.is_ascii_alphanumeric());
    words.filter(|word| !word.iter().any(u8::is_ascii_digit)).for_each(|word| hasher.write(word));
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_tell_lines_apart_and_numbers_do_not() {
        assert_eq!(form(b"link 3 at 0x1f failed"), form(b"link 14 at 0xab2 failed"));
        assert_ne!(form(b"link 3 failed"), form(b"chip 3 failed"));
    }

    #[test]
    fn what_stands_far_behind_the_beginning_of_a_long_line_does_not_count() {
        let long = |end: &str| "ring ".repeat(LONGEST) + end;
        assert_eq!(form(long("failed").as_bytes()), form(long("passed").as_bytes()));
    }
}
