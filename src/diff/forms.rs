//! The masked forms of a line, by which lines of different runs are compared.

use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::templates;
use crate::text::records::Record;

/// Bytes of a line that are compared; the rest of a longer line does not tell lines apart.
const LONGEST: usize = 4 << 10;

/// Letters and digits in the shortest commit name or address.
const SHORTEST_HEXADECIMAL: usize = 6;

/// Makes forms; keeps its buffers from line to line.
#[derive(Debug, Default)]
pub struct Masker {
    plain: Vec<u8>,
    loose: Vec<u8>,
}

impl Masker {
    /// Returns the fingerprint of a line's words and paths: of its message and its level, without time and wrapper,
    /// and with only numbers masked.
    pub fn plain(&mut self, record: &Record<'_>) -> u64 {
        mask_numbers(&record.message, &mut self.plain);
        xxh3_64_with_seed(&self.plain, seed(record))
    }

    /// Returns the fingerprint of a line's words alone: paths, hosts, versions and all other values are masked.
    pub fn loose(&mut self, record: &Record<'_>) -> u64 {
        templates::mask(&record.message, &mut self.loose);
        xxh3_64_with_seed(&self.loose, seed(record))
    }

    /// Returns the words of the line last masked, in order: runs of letters outside values.
    pub fn words(&self) -> impl Iterator<Item = &[u8]> {
        words(&self.loose)
    }

    /// Returns true if and only if a value of the line last masked has words, as a path or a test's name does.
    pub fn names_something(&self) -> bool {
        words(&self.plain).count() > self.words().count()
    }
}

fn seed(record: &Record<'_>) -> u64 {
    record.level.map_or(0, |level| level as u64 + 1)
}

fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let letter = |byte: &u8| byte.is_ascii_alphabetic() || *byte >= 0x80;
    text.split(move |byte| !letter(byte)).filter(|word| word.len() >= SHORTEST_WORD)
}

/// Letters in the shortest word that says something.
const SHORTEST_WORD: usize = 3;

/// Writes `text` to `out` with runs of blanks as one, and with numbers, in any base, as `0`.
fn mask_numbers(text: &[u8], out: &mut Vec<u8>) {
    out.clear();
    let shown = text.get(..LONGEST).unwrap_or(text);
    for chunk in shown.split(|byte| byte.is_ascii_whitespace()).filter(|chunk| !chunk.is_empty()) {
        if !out.is_empty() {
            out.push(b' ');
        }
        for word in chunk.chunk_by(|a, b| a.is_ascii_alphanumeric() == b.is_ascii_alphanumeric()) {
            mask_word(word, out);
        }
    }
}

fn mask_word(word: &[u8], out: &mut Vec<u8>) {
    let digits = word.iter().filter(|byte| byte.is_ascii_digit()).count();
    let hexadecimal = word.len() >= SHORTEST_HEXADECIMAL && word.iter().all(u8::is_ascii_hexdigit);
    if digits == 0 {
        out.extend_from_slice(word);
    } else if hexadecimal {
        out.push(b'0');
    } else {
        for run in word.chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit()) {
            let is_number = run.first().is_some_and(u8::is_ascii_digit);
            out.extend_from_slice(if is_number { b"0" } else { run });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::records::parse;

    fn forms(text: &str) -> (u64, u64) {
        let record = parse(crate::text::lines::split(text.as_bytes()).next().unwrap());
        let mut masker = Masker::default();
        (masker.plain(&record), masker.loose(&record))
    }

    #[test]
    fn the_plain_form_keeps_paths_and_the_loose_one_words_alone() {
        for (one, other, plain, loose, why) in [
            ("job 17 took 3s", "job  4 took 12s", true, true, "numbers and blanks"),
            ("at 9998f02e45 now", "at 41c0ffee17 now", true, true, "commits"),
            ("open /a/b.c failed", "open /d/e.c failed", false, true, "paths"),
            ("link up", "link down", false, false, "words"),
            ("[INFO] link", "[ERROR] link", false, false, "levels"),
            (
                "2026-11-22T10:14:52.0560358Z link is up",
                "2026-11-23T11:00:00.1000000Z link is up",
                true,
                true,
                "times of receipt",
            ),
        ] {
            let (one, other) = (forms(one), forms(other));
            assert_eq!((one.0 == other.0, one.1 == other.1), (plain, loose), "{why}");
        }
    }
}
