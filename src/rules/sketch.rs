//! Which bytes a text has, and roughly which stand beside each other: so many needs are asked of it at the cost of one.

/// Longer texts are not looked at: they have most of what is asked for.
const LONGEST: usize = 4096;

/// Fewer needs are asked of the text itself.
const FEW: usize = 4;

/// How many kinds of pairs are told apart.
const PAIRS: usize = 512;

/// A text with what it has, if that is known.
pub struct Sketch<'t> {
    text: &'t [u8],
    has: Option<Box<Has>>,
}

struct Has {
    bytes: [bool; 256],
    pairs: [bool; PAIRS],
}

impl<'t> Sketch<'t> {
    /// Looks at each byte of a text of which so many needs will be asked.
    pub fn of(text: &'t [u8], needs: usize) -> Self {
        let is_worth_it = needs >= FEW && text.len() <= LONGEST;
        Self { text, has: is_worth_it.then(|| Box::new(Has::of(text))) }
    }

    pub fn text(&self) -> &'t [u8] {
        self.text
    }

    /// Returns false if the text has none of these bytes.
    pub fn may_have_one_of(&self, bytes: &[u8]) -> bool {
        let has = |has: &Has| bytes.iter().any(|byte| has.bytes.get(usize::from(*byte)) == Some(&true));
        self.has.as_deref().is_none_or(has)
    }

    /// Returns false if the text lacks some of these [`pairs`].
    pub fn may_have(&self, pairs: &[u16]) -> bool {
        let has = |has: &Has| pairs.iter().all(|pair| has.pairs.get(usize::from(*pair)) == Some(&true));
        self.has.as_deref().is_none_or(has)
    }
}

impl Has {
    fn of(text: &[u8]) -> Self {
        let mut has = Self { bytes: [false; 256], pairs: [false; PAIRS] };
        text.iter().for_each(|byte| set(&mut has.bytes, usize::from(*byte)));
        pairs(text).for_each(|pair| set(&mut has.pairs, usize::from(pair)));
        has
    }
}

fn set(flags: &mut [bool], at: usize) {
    if let Some(flag) = flags.get_mut(at) {
        *flag = true;
    }
}

/// Returns a number for each two bytes of a text that stand beside each other: the same for the same two, and seldom for
/// others.
pub fn pairs(text: &[u8]) -> impl Iterator<Item = u16> {
    let pair = |(first, second): (&u8, &u8)| (27 * u16::from(*first) + u16::from(*second)) % PAIRS as u16;
    text.iter().zip(text.iter().skip(1)).map(pair)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may_have(sketch: &Sketch<'_>, text: &str) -> bool {
        sketch.may_have(&pairs(text.as_bytes()).collect::<Vec<_>>())
    }

    #[test]
    fn a_text_has_what_stands_in_it() {
        let sketch = Sketch::of(b"the ring is torn", FEW);
        assert!(may_have(&sketch, "ring is"));
        assert!(!may_have(&sketch, "rope"));
        assert!(sketch.may_have_one_of(b"#t"));
        assert!(!sketch.may_have_one_of(b"#%"));
    }

    #[test]
    fn a_text_that_was_not_looked_at_may_have_all() {
        let long = [b'x'; LONGEST + 1];
        let unknown = [Sketch::of(&long, FEW), Sketch::of(&long[1..], FEW - 1)];
        assert!(unknown.iter().all(|sketch| may_have(sketch, "rope") && sketch.may_have_one_of(b"#")));
        assert!(!may_have(&Sketch::of(&long[1..], FEW), "rope"));
    }
}
