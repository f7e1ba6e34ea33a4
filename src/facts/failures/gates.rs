//! Which of many forms a line may have, told at a glance: by single bytes and by short strings.

use std::sync::LazyLock;

use serde::Deserialize;

use super::set::Set;
use crate::rules::Automaton;

/// A kind of bytes.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Digit,
    Upper,
    /// What a regex takes for part of a word.
    Word,
    Visible,
    Dot,
    Colon,
    Percent,
    Bracket,
    Caret,
    /// Also the first byte of quotation marks that are not ASCII.
    Quote,
    LetterS,
    /// A blank or a tab as the first byte.
    Indent,
    /// As many dashes as make a command's flags.
    Dashes,
}

/// How many kinds there are.
const KINDS: usize = Kind::Dashes as usize + 1;
const FLAGS: usize = 4;

/// Kinds of bytes, as a set.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(from = "Vec<Kind>")]
struct Kinds(u16);

impl From<Vec<Kind>> for Kinds {
    fn from(kinds: Vec<Kind>) -> Self {
        kinds.into_iter().fold(Self::NONE, Self::with)
    }
}

impl Kinds {
    const NONE: Self = Self(0);

    fn with(self, kind: Kind) -> Self {
        Self(self.0 | 1 << kind as u16)
    }

    fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn has(self, kind: usize) -> bool {
        self.0 >> kind & 1 == 1
    }

    /// Returns those of the sets, one for each kind, that are of these kinds.
    fn among(self, sets: &mut [Set; KINDS]) -> impl Iterator<Item = &mut Set> {
        sets.iter_mut().enumerate().filter(move |(kind, _)| self.has(*kind)).map(|(_, set)| set)
    }

    /// Returns the kinds of the bytes of `text`.
    fn of(text: &[u8]) -> Self {
        let table = &*KIND_OF;
        let of = |byte: &u8| table.get(usize::from(*byte)).copied().unwrap_or(Self::NONE);
        let each = text.iter().map(of).fold(Self::NONE, Self::and);
        let indented = matches!(text.first(), Some(b' ' | b'\t'));
        let dashed = memchr::memchr_iter(b'-', text).count() >= FLAGS;
        let each = if indented { each.with(Kind::Indent) } else { each };
        if dashed { each.with(Kind::Dashes) } else { each }
    }
}

static KIND_OF: LazyLock<[Kinds; 256]> =
    LazyLock::new(|| std::array::from_fn(|byte| u8::try_from(byte).map_or(Kinds::NONE, kinds_of)));

fn kinds_of(byte: u8) -> Kinds {
    let kinds = Kinds::NONE.with(Kind::Visible);
    match byte {
        b'\t'..=b'\r' | b' ' => Kinds::NONE,
        b'0'..=b'9' => kinds.with(Kind::Digit).with(Kind::Word),
        b'A'..=b'Z' => kinds.with(Kind::Upper).with(Kind::Word),
        b's' => kinds.with(Kind::LetterS).with(Kind::Word),
        b'a'..=b'z' | b'_' => kinds.with(Kind::Word),
        b'.' => kinds.with(Kind::Dot),
        b':' => kinds.with(Kind::Colon),
        b'%' => kinds.with(Kind::Percent),
        b'{' | b'}' | b'[' | b']' => kinds.with(Kind::Bracket),
        b'^' | b'~' => kinds.with(Kind::Caret),
        b'\'' | b'"' | b'`' | 0xe2 => kinds.with(Kind::Quote),
        _ => kinds,
    }
}

/// What every line of a form has. Where `first` or `holds` is given, one of all those must be there.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Gate {
    /// What its first visible byte may be.
    first: String,
    /// Strings in lower case, which the line may hold in any case.
    holds: Vec<String>,
    /// Kinds of bytes that it has.
    needs: Kinds,
    /// Kinds of bytes that it does not have.
    lacks: Kinds,
}

/// Many gates, tried at once. Forms are known by their positions.
pub struct Gates {
    unnamed: Set,
    by_first: [Set; 256],
    holds: Automaton,
    /// For each string the forms that it opens.
    opened_by: Vec<Set>,
    needing: [Set; KINDS],
    lacking: [Set; KINDS],
}

impl Gates {
    /// Puts gates together.
    pub fn new<'g>(gates: impl Iterator<Item = &'g Gate>) -> Self {
        let (mut unnamed, mut by_first) = (Set::default(), [Set::default(); 256]);
        let (mut needing, mut lacking) = ([Set::default(); KINDS], [Set::default(); KINDS]);
        let (mut strings, mut opened_by): (Vec<&str>, Vec<Set>) = Default::default();
        for (form, gate) in (0..).zip(gates) {
            if gate.first.is_empty() && gate.holds.is_empty() {
                unnamed.insert(form);
            }
            let first = |byte: &u8| by_first.get_mut(usize::from(*byte)).map(|forms| forms.insert(form));
            gate.first.as_bytes().iter().filter_map(first).for_each(drop);
            strings.extend(gate.holds.iter().map(String::as_str));
            opened_by.extend(gate.holds.iter().map(|_| Set::of([form])));
            gate.needs.among(&mut needing).for_each(|forms| forms.insert(form));
            gate.lacks.among(&mut lacking).for_each(|forms| forms.insert(form));
        }
        Self { unnamed, by_first, holds: Automaton::new(&strings), opened_by, needing, lacking }
    }

    /// Returns the forms that `text` may have.
    pub fn open(&self, text: &[u8]) -> Set {
        let first = text.iter().find(|byte| !matches!(byte, b'\t'..=b'\r' | b' '));
        let by_first = first.and_then(|byte| self.by_first.get(usize::from(*byte)));
        let mut open = self.unnamed.union(by_first.copied().unwrap_or_default());
        self.holds.each_hit(text, |string, _| {
            open = open.union(self.opened_by.get(string).copied().unwrap_or_default());
        });
        let kinds = Kinds::of(text);
        let closing = self.lacking.iter().zip(&self.needing).enumerate();
        closing.fold(open, |open, (kind, (lacking, needing))| {
            open.without(if kinds.has(kind) { *lacking } else { *needing })
        })
    }
}
