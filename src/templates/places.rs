//! Every place of every shape, sorted so that neighbours stand together.

use super::vocabulary::{Shape, Token, Vocabulary};

/// What stands for the token left out: not the hash of a variable part, which is a token too.
const HOLE: u64 = 0x51f2_0c5d_9a6b_37e1;

/// A place where a value can stand.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// A hash of the shape without this place: equal for neighbours, and only for them.
    pub(super) context: u64,
    /// What stands there.
    pub(super) word: Token,
    /// Which of the shapes.
    pub(super) shape: u32,
    /// Which of its tokens.
    pub(super) position: u32,
}

impl Place {
    /// Returns the tokens of its shape, and which of them it is.
    pub(super) fn of<'a>(&self, shapes: &[&'a Shape]) -> (&'a [Token], usize) {
        (shapes[self.shape as usize], self.position as usize)
    }
}

/// Returns the places of all `shapes`, neighbours together. Each shape must be there once.
pub(super) fn places(shapes: &[&Shape], vocabulary: &Vocabulary) -> Vec<Place> {
    let mut places = Vec::new();
    for (number, shape) in shapes.iter().enumerate() {
        let whole = shape
            .iter()
            .enumerate()
            .fold(0, |sum: u64, (position, &token)| sum.wrapping_add(at(vocabulary.hash(token), position)));
        places.extend(
            shape.iter().enumerate().filter(|&(_, &token)| vocabulary.is_word_or_variable(token)).map(
                |(position, &token)| {
                    let context = whole
                        .wrapping_sub(at(vocabulary.hash(token), position))
                        .wrapping_add(at(HOLE, position));
                    Place { context, word: token, shape: number as u32, position: position as u32 }
                },
            ),
        );
    }
    places.sort_unstable();
    places
}

/// Returns the hash of a token at a position. A sum of them is a hash of the shape from which one
/// token can be taken out again; the mixing is that of SplitMix64 (Steele, Lea, Flood 2014).
fn at(hash: u64, position: usize) -> u64 {
    let mixed = hash.wrapping_add((position as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
