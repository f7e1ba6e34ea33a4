//! From a file back to what was scanned. What is damaged is named with its place; the rest is kept.

use std::collections::BTreeMap;
use std::io::Read;
use std::ops::Range;

use super::frame::{Kind, Piece, Pieces};
use super::input::{Input, InputRecord};
use super::write::{End, FORMAT, Head};
use crate::error::Problem;
use crate::facts::Facts;

/// Bytes that the facts of one source may expand to: many times what the bounds of a reading let through.
const MOST_EXPANDED: u64 = 512 << 20;

/// What a file holds; the facts are still packed.
#[derive(Debug)]
pub struct Part<'b> {
    /// The rules by which the logs were read.
    pub rules: String,
    pub inputs: Vec<Packed<'b>>,
    /// What could not be found when it was written.
    pub not_found: Vec<Problem>,
    /// What is damaged in the file itself.
    pub damage: Vec<Problem>,
}

/// One input, its facts still packed.
#[derive(Clone, Debug)]
pub struct Packed<'b> {
    pub input: Input,
    /// What was skipped in it.
    pub problems: Vec<Problem>,
    sources: u64,
    facts: Vec<&'b [u8]>,
}

impl Packed<'_> {
    /// Returns true if both say the same of the same input.
    pub fn is_same(&self, other: &Self) -> bool {
        let same_input = self.input.baseline == other.input.baseline
            && self.input.name == other.input.name
            && self.input.hash == other.input.hash;
        same_input && (self.input.hash.is_some() || self.facts == other.facts)
    }

    /// Unpacks the facts of its sources; `file` is named where one is damaged, and the others are kept.
    pub fn facts(&self, file: &str) -> (Vec<Facts>, Vec<Problem>) {
        let (mut facts, mut problems) = (Vec::new(), Vec::new());
        let missing = self.sources.saturating_sub(self.facts.len() as u64);
        if missing > 0 {
            let what = format!("lacks {missing} of the {} logs of {}", self.sources, self.input.name);
            problems.push(Problem::incomplete(file, what));
        }
        for packed in &self.facts {
            match unpack(packed) {
                Ok(one) => facts.push(one),
                Err(why) => {
                    let what = format!("what it says of a log of {} cannot be read: {why}", self.input.name);
                    problems.push(Problem::incomplete(file, what));
                }
            }
        }
        (facts, problems)
    }
}

fn unpack(packed: &[u8]) -> Result<Facts, String> {
    let decoder = zstd::stream::read::Decoder::new(packed).map_err(|error| error.to_string())?;
    let mut json = Vec::new();
    decoder.take(MOST_EXPANDED).read_to_end(&mut json).map_err(|error| error.to_string())?;
    if json.len() as u64 == MOST_EXPANDED {
        return Err("it expands to more than any log has to say".to_owned());
    }
    serde_json::from_slice(&json).map_err(|error| error.to_string())
}

/// Reads the file called `name`.
///
/// # Errors
/// If it is no part, or one of a newer form.
pub fn read<'b>(name: &str, bytes: &'b [u8]) -> Result<Part<'b>, Problem> {
    let mut reading =
        Reading { name, part: None, by_number: BTreeMap::new(), found: End::default(), ended: false };
    let mut damage = Vec::new();
    for piece in Pieces::of(bytes) {
        match piece {
            Piece::Frame { kind, held } => reading.take(kind, held, &mut damage)?,
            Piece::Damage { place, what } => damage.push(damaged(name, &place, what)),
        }
    }
    reading.finish(damage)
}

fn damaged(name: &str, place: &Range<usize>, what: &str) -> Problem {
    let what = format!(
        "{what} at bytes {} to {}; what stood there is left out, the rest is read",
        place.start, place.end
    );
    Problem::incomplete(name, what)
}

struct Reading<'n, 'b> {
    name: &'n str,
    part: Option<Part<'b>>,
    /// The place of each input in the part, by its number in the file.
    by_number: BTreeMap<u64, usize>,
    found: End,
    ended: bool,
}

impl<'b> Reading<'_, 'b> {
    fn take(&mut self, kind: Kind, held: &'b [u8], damage: &mut Vec<Problem>) -> Result<(), Problem> {
        if kind == Kind::Head && self.part.is_none() {
            self.part = Some(self.begin(held)?);
            return Ok(());
        }
        // What stands before a head that is damaged is read by today's form.
        let part = self.part.get_or_insert_with(|| Part {
            rules: String::new(),
            inputs: Vec::new(),
            not_found: Vec::new(),
            damage: Vec::new(),
        });
        let mut bad = |what: &str| damage.push(Problem::incomplete(self.name, what.to_owned()));
        match kind {
            Kind::Runs => bad("holds runs, which stand in files of their own"),
            Kind::Head => bad("has a second beginning; parts are merged, not joined as files are"),
            Kind::Problems => match serde_json::from_slice::<Vec<Problem>>(held) {
                Ok(problems) => part.not_found.extend(problems),
                Err(error) => bad(&format!("what could not be found cannot be read: {error}")),
            },
            Kind::Input => match serde_json::from_slice::<InputRecord>(held) {
                Ok(record) => {
                    self.found.inputs += 1;
                    self.by_number.insert(record.number, part.inputs.len());
                    let InputRecord { input, problems, sources, .. } = record;
                    part.inputs.push(Packed { input, problems, sources, facts: Vec::new() });
                }
                Err(error) => bad(&format!("an input cannot be read: {error}")),
            },
            Kind::Facts => {
                self.found.sources += 1;
                let number = held.split_first_chunk::<8>();
                let input = number.and_then(|(number, _)| self.by_number.get(&u64::from_le_bytes(*number)));
                match (number, input.and_then(|at| part.inputs.get_mut(*at))) {
                    (Some((_, packed)), Some(input)) => input.facts.push(packed),
                    _ => bad("a log is left out: the record of its input is damaged"),
                }
            }
            Kind::End => {
                self.ended = true;
                match serde_json::from_slice::<End>(held) {
                    Ok(end) if end == self.found => {}
                    _ => bad("does not hold what its end counts"),
                }
            }
        }
        Ok(())
    }

    fn begin(&self, held: &[u8]) -> Result<Part<'b>, Problem> {
        let head: Head = serde_json::from_slice(held).map_err(|error| {
            Problem::incomplete(self.name, format!("is no part that can be read: {error}"))
        })?;
        if head.format > FORMAT {
            let what = format!(
                "was written by ndlog {} in form {}; this ndlog reads forms up to {FORMAT}: use a newer one",
                head.program, head.format
            );
            return Err(Problem::incomplete(self.name, what));
        }
        Ok(Part { rules: head.rules, inputs: Vec::new(), not_found: Vec::new(), damage: Vec::new() })
    }

    fn finish(self, mut damage: Vec<Problem>) -> Result<Part<'b>, Problem> {
        let none = || Problem::incomplete(self.name, "is no part: `ndlog scan LOGS -o FILE` writes one");
        let part = self.part.ok_or_else(none)?;
        if !self.ended && damage.is_empty() {
            damage
                .push(Problem::incomplete(self.name, "ends before its end: it was cut, or is still written"));
        }
        Ok(Part { damage, ..part })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::store::part::{Scanned, write};

    fn written(names: &[&str]) -> Vec<u8> {
        let mut writer = write(Vec::new(), "rules").unwrap();
        writer.problems(&[Problem::remark("x", "was not there")]).unwrap();
        for name in names {
            let input = Input { baseline: false, name: (*name).to_owned(), hash: None, against: None };
            writer.input(&Scanned { input, facts: Vec::new(), problems: Vec::new() }).unwrap();
        }
        writer.finish().unwrap()
    }

    fn names(bytes: &[u8]) -> (Vec<String>, Vec<String>) {
        let part = read("a.part", bytes).unwrap();
        let names = part.inputs.iter().map(|input| input.input.name.clone()).collect();
        (names, part.damage.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn what_was_written_is_read() {
        let bytes = written(&["a.log", "b.log"]);
        assert_eq!(names(&bytes), (vec!["a.log".to_owned(), "b.log".to_owned()], vec![]));
        let part = read("a.part", &bytes).unwrap();
        assert_eq!((part.rules.as_str(), part.not_found.len()), ("rules", 1));
    }

    #[test]
    fn a_file_that_was_cut_or_mangled_says_so_and_keeps_the_rest() {
        let bytes = written(&["a.log", "b.log"]);
        for length in 1..bytes.len() {
            if let Ok(part) = read("a.part", &bytes[..length]) {
                assert!(!part.damage.is_empty(), "{length} bytes of it pass for the whole");
            }
        }
        let mut mangled = bytes.clone();
        let at = mangled.windows(5).position(|window| window == b"a.log").unwrap();
        mangled[at] = b'x';
        let (kept, damage) = names(&mangled);
        assert_eq!(kept, ["b.log"]);
        assert!(damage[0].starts_with("a.part: holds a damaged record at bytes "), "{damage:?}");
        assert!(read("a.part", b"no part").is_err());
    }

    proptest! {
        #[test]
        fn no_byte_that_is_changed_goes_unseen(at in 0_usize..2000, flip in 1_u8..) {
            let mut bytes = written(&["a.log", "b.log", "c.log"]);
            let at = at % bytes.len();
            bytes[at] ^= flip;
            if let Ok(part) = read("a.part", &bytes) {
                prop_assert!(!part.damage.is_empty(), "byte {}", at);
            }
        }
    }
}
