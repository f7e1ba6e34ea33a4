//! Frames: the pieces of a file, each with a mark to find it by and sums that tell whether it is whole.
//!
//! A frame is a mark, its kind, the length and the sum of what it holds, the sum of all that, and what it holds. A head
//! that is whole is believed, so that what is damaged costs one look and not one for each byte.

use std::iter::FusedIterator;
use std::ops::Range;

use memchr::memmem;
use xxhash_rust::xxh3::xxh3_64;

/// What each frame begins with. The first byte is in no UTF-8, so no text holds it.
const MARK: [u8; 8] = *b"\xF5ndlog\x1A\n";
/// Kind, length, and the two sums.
const HEAD: usize = MARK.len() + 1 + 4 + 8 + 4;

/// What a frame holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Kind {
    /// What wrote the file.
    Head,
    /// One input, and what was wrong with it.
    Input,
    /// The facts of one source of the input before it.
    Facts,
    /// What could not be found.
    Problems,
    /// How much there is in front.
    End,
    /// Runs that were seen.
    Runs,
}

const KINDS: [Kind; 6] = [Kind::Head, Kind::Input, Kind::Facts, Kind::Problems, Kind::End, Kind::Runs];

impl Kind {
    fn byte(self) -> u8 {
        KINDS.iter().position(|kind| *kind == self).and_then(|at| u8::try_from(at).ok()).unwrap_or(u8::MAX)
    }

    fn of(byte: u8) -> Option<Self> {
        KINDS.get(usize::from(byte)).copied()
    }
}

/// Returns true if a file begins as a part does.
pub fn is_part(bytes: &[u8]) -> bool {
    bytes.starts_with(&MARK)
}

/// Appends a frame. Returns false if it holds more than a frame can.
#[must_use]
pub(in crate::store) fn append(out: &mut Vec<u8>, kind: Kind, held: &[u8]) -> bool {
    let Ok(length) = u32::try_from(held.len()) else { return false };
    let mut head = MARK.to_vec();
    head.push(kind.byte());
    head.extend(length.to_le_bytes());
    head.extend(xxh3_64(held).to_le_bytes());
    let sum = short_sum(&head);
    out.extend(head);
    out.extend(sum);
    out.extend(held);
    true
}

fn short_sum(bytes: &[u8]) -> [u8; 4] {
    (xxh3_64(bytes) as u32).to_le_bytes()
}

/// A piece of a file.
#[derive(Debug, PartialEq)]
pub(in crate::store) enum Piece<'b> {
    Frame {
        kind: Kind,
        held: &'b [u8],
    },
    /// Bytes that are no whole frame.
    Damage {
        place: Range<usize>,
        what: &'static str,
    },
}

/// The pieces of a file, in their order.
pub(in crate::store) struct Pieces<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Pieces<'b> {
    pub(in crate::store) fn of(bytes: &'b [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Goes on at `next`, and returns what was passed over.
    fn damage(&mut self, next: usize, what: &'static str) -> Piece<'b> {
        let place = self.at..next;
        self.at = next;
        Piece::Damage { place, what }
    }
}

impl<'b> Iterator for Pieces<'b> {
    type Item = Piece<'b>;

    fn next(&mut self) -> Option<Piece<'b>> {
        let rest = self.bytes.get(self.at..).filter(|rest| !rest.is_empty())?;
        let Some(head) = Head::read(rest) else {
            let after = rest.get(1..).and_then(find_head).map_or(self.bytes.len(), |next| self.at + 1 + next);
            return Some(self.damage(after, "is no record"));
        };
        let end = HEAD.saturating_add(head.length);
        match rest.get(HEAD..end) {
            None => Some(self.damage(self.bytes.len(), "ends in the middle of a record")),
            Some(held) if xxh3_64(held) != head.sum => {
                Some(self.damage(self.at + end, "holds a damaged record"))
            }
            Some(held) => {
                self.at += end;
                Some(Piece::Frame { kind: head.kind, held })
            }
        }
    }
}

impl FusedIterator for Pieces<'_> {}

/// Returns where the next whole head stands.
fn find_head(bytes: &[u8]) -> Option<usize> {
    memmem::find_iter(bytes, &MARK).find(|at| bytes.get(*at..).and_then(Head::read).is_some())
}

struct Head {
    kind: Kind,
    length: usize,
    sum: u64,
}

impl Head {
    /// Reads the head that the bytes begin with, if it is whole.
    fn read(bytes: &[u8]) -> Option<Self> {
        let head = bytes.get(..HEAD)?;
        let (fields, sum) = head.split_last_chunk::<4>()?;
        if !fields.starts_with(&MARK) || short_sum(fields) != *sum {
            return None;
        }
        let (kind, rest) = fields.get(MARK.len()..)?.split_first()?;
        let (length, sum) = rest.split_first_chunk::<4>()?;
        Some(Self {
            kind: Kind::of(*kind)?,
            length: usize::try_from(u32::from_le_bytes(*length)).ok()?,
            sum: u64::from_le_bytes(*sum.first_chunk::<8>()?),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(held: &[&[u8]]) -> Vec<u8> {
        let mut out = Vec::new();
        for held in held {
            assert!(append(&mut out, Kind::Facts, held));
        }
        out
    }

    /// The frames that can be read, and the places of the damage.
    fn read(bytes: &[u8]) -> (Vec<&[u8]>, Vec<Range<usize>>) {
        let (mut frames, mut damaged) = (Vec::new(), Vec::new());
        for piece in Pieces::of(bytes) {
            match piece {
                Piece::Frame { held, .. } => frames.push(held),
                Piece::Damage { place, .. } => damaged.push(place),
            }
        }
        (frames, damaged)
    }

    #[test]
    fn what_is_damaged_is_passed_over_and_the_rest_is_read() {
        let held: [&[u8]; 3] = [b"one", b"\xF5ndlog\x1A\n in the middle", b""];
        let whole = written(&held);
        assert_eq!(read(&whole), (held.to_vec(), vec![]));
        let second = HEAD + 3;
        for (why, at, expected, place) in [
            ("a byte of the first record", HEAD, vec![held[1], held[2]], 0..second),
            ("the length of the second", second + 10, vec![held[0], held[2]], second..whole.len() - HEAD),
            ("the mark of the second", second, vec![held[0], held[2]], second..whole.len() - HEAD),
        ] {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x40;
            assert_eq!(read(&bytes), (expected, vec![place]), "{why}");
        }
        let cut = &whole[..whole.len() - 1];
        assert_eq!(read(cut).0, [held[0], held[1]], "a file that was cut");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_to_their_end_once(bytes in prop::collection::vec(any::<u8>(), 0..300), at in 0_usize..400, value in any::<u8>()) {
            let mut file = written(&[&bytes, b"x", &bytes]);
            file.splice(0..0, bytes.iter().copied());
            if let Some(byte) = file.get_mut(at) {
                *byte = value;
            }
            let lengths: usize = Pieces::of(&file).map(|piece| match piece {
                Piece::Frame { held, .. } => held.len() + HEAD,
                Piece::Damage { place, .. } => place.len(),
            }).sum();
            prop_assert_eq!(lengths, file.len());
        }
    }
}
