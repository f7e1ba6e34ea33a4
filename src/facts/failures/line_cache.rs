//! What the words of a line tell, kept for lines that come again: of the lines with words of failure
//! in a large log two in three are copies of another.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_128;

use super::shapes::{Looks, Shape};
use super::{Frame, Set, classes, frame};

/// The words and the shapes of one text, and the frame that it is, each found when somebody first asks.
#[derive(Debug, Default)]
pub struct Traits {
    words: OnceCell<Set>,
    looks: Looks,
    frame: OnceCell<Option<Box<Frame>>>,
}

impl Traits {
    /// The classes of the words of `text`, which is the same at each call.
    pub fn words(&self, text: &[u8]) -> Set {
        *self.words.get_or_init(|| classes(text))
    }

    /// How `text` looks, which is the same at each call.
    pub fn shapes(&self, text: &[u8]) -> Set {
        self.looks.all(text)
    }

    /// Returns true if and only if `text`, which is the same at each call, has this shape.
    pub fn have(&self, text: &[u8], shape: Shape) -> bool {
        self.looks.have(text, shape)
    }

    /// `text`, which is the same at each call, as a frame.
    pub fn frame(&self, text: &[u8]) -> Option<Frame> {
        self.frame.get_or_init(|| frame(text).map(Box::new)).as_deref().cloned()
    }
}

/// Texts that are kept at the most; past this all are forgotten.
const MOST: usize = 1 << 16;

/// The traits of the texts of one log.
#[derive(Debug, Default)]
pub struct Known(RefCell<FxHashMap<u128, Rc<Traits>>>);

impl Known {
    /// Returns the traits of `text`, shared with all that are equal.
    pub fn of(&self, text: &[u8]) -> Rc<Traits> {
        let mut known = self.0.borrow_mut();
        if known.len() >= MOST {
            known.clear();
        }
        Rc::clone(known.entry(xxh3_128(text)).or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_share_their_traits_and_others_do_not() {
        let known = Known::default();
        let (one, two, other) = (known.of(b"error: x"), known.of(b"error: x"), known.of(b"error: y"));
        assert!(Rc::ptr_eq(&one, &two) && !Rc::ptr_eq(&one, &other));
        assert_eq!(one.words(b"error: x"), classes(b"error: x"));
    }

    #[test]
    fn no_more_are_kept_than_fit() {
        let known = Known::default();
        (0..=MOST).for_each(|number| drop(known.of(number.to_string().as_bytes())));
        assert_eq!(known.0.borrow().len(), 1);
    }
}
