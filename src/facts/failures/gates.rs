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

    /// Returns those of the sets, one for each kind, that are of these kinds.
    fn among(self, sets: &mut [Set; KINDS]) -> impl Iterator<Item = &mut Set> {
        sets.iter_mut().enumerate().filter(move |(kind, _)| self.has(*kind)).map(|(_, set)| set)
    }

    fn of_byte(byte: u8) -> Self {
        KIND_OF.get(usize::from(byte)).copied().unwrap_or(Self::NONE)
    }

    /// Returns the kinds of the bytes of `text`.
    fn of(text: &[u8]) -> Self {
        let each = text.iter().fold(Self::NONE, |kinds, byte| kinds.and(Self::of_byte(*byte)));
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
            let first = |byte: &u8| by_first.get_mut(usize::from(*byte)).map(|forms| forms.insert(form));
            gate.first.iter().filter_map(first).for_each(drop);
            strings.extend(gate.holds);
            opened_by.extend(gate.holds.iter().map(|_| Set::of([form])));
            gate.needs.among(&mut needing).for_each(|forms| forms.insert(form));
            gate.lacks.among(&mut lacking).for_each(|forms| forms.insert(form));
        }
        let holds = DFA::builder()
            .ascii_case_insensitive(true)
            .build(strings)
            .unwrap_or_else(|error| panic!("strings of gates: {error}"));
        Self { unnamed, by_first, holds, opened_by, needing, lacking }
    }

    /// Returns the forms that `text` may have.
    pub fn open(&self, text: &[u8]) -> Set {
        let first = text.iter().find(|byte| Kinds::of_byte(**byte).0 & VISIBLE.0 != 0);
        let by_first = first.and_then(|byte| self.by_first.get(usize::from(*byte)));
        let mut open = self.unnamed.union(by_first.copied().unwrap_or_default());
        each_hit(&self.holds, text, |string, _| {
            open = open.union(self.opened_by.get(string).copied().unwrap_or_default());
        });
        let kinds = Kinds::of(text);
        let closing = self.lacking.iter().zip(&self.needing).enumerate();
        closing.fold(open, |open, (kind, (lacking, needing))| {
            open.without(if kinds.has(kind) { *lacking } else { *needing })
        })
    }
}
