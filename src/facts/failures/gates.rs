//! Which of many forms a line may have, told at a glance: by single bytes and by short strings.

use aho_corasick::dfa::DFA;

use super::automaton::each_hit;
use super::set::Set;

/// Kinds of bytes, as a set.
#[derive(Clone, Copy)]
pub struct Kinds(u16);

pub const DIGIT: Kinds = Kinds(1);
pub const UPPER: Kinds = Kinds(1 << 1);
/// What a regex takes for part of a word.
pub const WORD: Kinds = Kinds(1 << 2);
pub const VISIBLE: Kinds = Kinds(1 << 3);
pub const DOT: Kinds = Kinds(1 << 4);
pub const COLON: Kinds = Kinds(1 << 5);
pub const PERCENT: Kinds = Kinds(1 << 6);
pub const BRACKET: Kinds = Kinds(1 << 7);
pub const CARET: Kinds = Kinds(1 << 8);
/// Also the first byte of quotation marks that are not ASCII.
pub const QUOTE: Kinds = Kinds(1 << 9);
pub const LETTER_S: Kinds = Kinds(1 << 10);
/// A blank or a tab as the first byte.
pub const INDENT: Kinds = Kinds(1 << 11);
/// As many dashes as make a command's flags.
pub const DASHES: Kinds = Kinds(1 << 12);

/// How many kinds there are.
const KINDS: usize = 13;
const FLAGS: usize = 4;

impl Kinds {
    const NONE: Self = Self(0);

    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn has(self, kind: usize) -> bool {
        self.0 >> kind & 1 == 1
    }

    /// Returns the kinds of the bytes of `text`.
    fn of(text: &[u8]) -> Self {
        let each = text.iter().fold(Self::NONE, |kinds, byte| kinds.and(KIND_OF[*byte as usize]));
        let indented = if matches!(text.first(), Some(b' ' | b'\t')) { INDENT } else { Self::NONE };
        let dashed = memchr::memchr_iter(b'-', text).count() >= FLAGS;
        each.and(indented).and(if dashed { DASHES } else { Self::NONE })
    }
}

const KIND_OF: [Kinds; 256] = {
    let mut kinds = [Kinds::NONE; 256];
    let mut byte = 0;
    while byte < 256 {
        kinds[byte] = kinds_of(byte as u8);
        byte += 1;
    }
    kinds
};

const fn kinds_of(byte: u8) -> Kinds {
    let more = match byte {
        b'\t'..=b'\r' | b' ' => return Kinds::NONE,
        b'0'..=b'9' => DIGIT.and(WORD),
        b'A'..=b'Z' => UPPER.and(WORD),
        b's' => LETTER_S.and(WORD),
        b'a'..=b'z' | b'_' => WORD,
        b'.' => DOT,
        b':' => COLON,
        b'%' => PERCENT,
        b'{' | b'}' | b'[' | b']' => BRACKET,
        b'^' | b'~' => CARET,
        b'\'' | b'"' | b'`' | 0xe2 => QUOTE,
        _ => Kinds::NONE,
    };
    more.and(VISIBLE)
}

/// What every line of a form has. Where `first` or `holds` is given, one of all those must be there.
#[derive(Clone, Copy)]
pub struct Gate {
    /// What its first visible byte may be.
    pub first: &'static [u8],
    /// Strings in lower case, which the line may hold in any case.
    pub holds: &'static [&'static str],
    /// Kinds of bytes that it has.
    pub needs: Kinds,
    /// Kinds of bytes that it does not have.
    pub lacks: Kinds,
}

impl Gate {
    /// The gate of a form of which nothing is known.
    pub const OPEN: Self = Self { first: &[], holds: &[], needs: Kinds::NONE, lacks: Kinds::NONE };
}

/// Many gates, tried at once. Forms are known by their positions.
pub struct Gates {
    unnamed: Set,
    by_first: [Set; 256],
    holds: DFA,
    /// For each string the forms that it opens.
    opened_by: Vec<Set>,
    needing: [Set; KINDS],
    lacking: [Set; KINDS],
}

impl Gates {
    /// Puts gates together.
    pub fn new(gates: impl Iterator<Item = Gate>) -> Self {
        let (mut unnamed, mut by_first) = (Set::default(), [Set::default(); 256]);
        let (mut needing, mut lacking) = ([Set::default(); KINDS], [Set::default(); KINDS]);
        let (mut strings, mut opened_by): (Vec<&str>, Vec<Set>) = Default::default();
        for (form, gate) in (0..).zip(gates) {
            if gate.first.is_empty() && gate.holds.is_empty() {
                unnamed.insert(form);
            }
            gate.first.iter().for_each(|byte| by_first[*byte as usize].insert(form));
            strings.extend(gate.holds);
            opened_by.extend(gate.holds.iter().map(|_| Set::of([form])));
            (0..KINDS).filter(|&kind| gate.needs.has(kind)).for_each(|kind| needing[kind].insert(form));
            (0..KINDS).filter(|&kind| gate.lacks.has(kind)).for_each(|kind| lacking[kind].insert(form));
        }
        let holds = DFA::builder()
            .ascii_case_insensitive(true)
            .build(strings)
            .unwrap_or_else(|error| panic!("strings of gates: {error}"));
        Self { unnamed, by_first, holds, opened_by, needing, lacking }
    }

    /// Returns the forms that `text` may have.
    pub fn open(&self, text: &[u8]) -> Set {
        let first =
            text.iter().find(|byte| KIND_OF[**byte as usize].has(VISIBLE.0.trailing_zeros() as usize));
        let mut open =
            self.unnamed.union(first.map(|byte| self.by_first[*byte as usize]).unwrap_or_default());
        each_hit(&self.holds, text, |string, _| open = open.union(self.opened_by[string]));
        let kinds = Kinds::of(text);
        (0..KINDS).fold(open, |open, kind| {
            open.without(if kinds.has(kind) { self.lacking[kind] } else { self.needing[kind] })
        })
    }
}
