//! Where one of many strings may stand, found by looking at every second place only.
//!
//! Of each string one piece of five bytes is chosen, which is rare in logs. Wherever the string stands, one of the two
//! runs of four bytes in that piece begins at an even place, so a look at the even places finds it. What is looked up is
//! one byte of a table, so that a pass costs the same however many strings are sought, and more only where one may stand.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::rules::of_trigrams;

/// Bytes that are looked up at once.
const RUN: usize = 4;

/// The shortest string that can be found so.
pub const SHORTEST: usize = RUN + 1;

/// Bytes whose runs are looked up before anything is asked of them.
const BLOCK: usize = 16;

/// Bytes of a string that are compared at once.
const HEAD: usize = 8;

/// The table has two to the power of this many entries.
const BITS: u32 = 16;

/// The runs of some strings.
pub struct Grams {
    /// 1 for what a run may be, by a few bits of its product with a large odd number.
    table: Box<[u8; 1 << BITS]>,
    /// The runs, each at the place of its hash or in the next free one: a power of two of slots, most of them free.
    slots: Box<[Slot]>,
    /// The strings of all runs, those of one run beside each other.
    holders: Vec<Holder>,
}

/// A run and those strings that it is in; free if there are none.
#[derive(Clone, Copy, Default)]
struct Slot {
    run: u32,
    from: u32,
    to: u32,
}

/// A string with a run in it.
struct Holder {
    string: u16,
    /// Where in the string the run begins.
    offset: u8,
    /// Its first bytes, and which of them there are.
    head: u64,
    mask: u64,
}

impl Grams {
    /// Takes strings of [`SHORTEST`] bytes or more, each with its number.
    pub fn new<'s>(strings: impl Iterator<Item = (u16, &'s [u8])>) -> Self {
        let mut runs: BTreeMap<u32, Vec<Holder>> = BTreeMap::new();
        for (string, bytes) in strings {
            let Some((offset, piece)) = rarest(bytes) else { continue };
            for (offset, run) in (offset..).zip(piece.windows(RUN)) {
                let (Some(run), Ok(offset)) = (run.first_chunk(), u8::try_from(offset)) else { continue };
                let (head, mask) = head(bytes);
                let holder = Holder { string, offset, head, mask };
                runs.entry(u32::from_le_bytes(*run)).or_default().push(holder);
            }
        }
        let slots = vec![Slot::default(); (4 * runs.len()).next_power_of_two()].into_boxed_slice();
        let mut grams = Self { table: Box::new([0; 1 << BITS]), slots, holders: Vec::new() };
        runs.into_iter().for_each(|(run, holders)| grams.add(run, holders));
        grams
    }

    fn add(&mut self, run: u32, holders: Vec<Holder>) {
        if let Some(may_hold) = self.table.get_mut(place(run)) {
            *may_hold = 1;
        }
        let from = self.holders.len() as u32;
        self.holders.extend(holders);
        let slot = Slot { run, from, to: self.holders.len() as u32 };
        let free = self.probes(run).find(|at| self.slots.get(*at).is_some_and(Slot::is_free));
        if let Some(free) = free.and_then(|at| self.slots.get_mut(at)) {
            *free = slot;
        }
    }

    /// Returns the places where the slot of a run may be, the likeliest first.
    fn probes(&self, run: u32) -> impl Iterator<Item = usize> + use<> {
        let slots = self.slots.len();
        let first = run.wrapping_mul(0x85EB_CA6B) as usize >> 7;
        (first..first + slots).map(move |at| at & (slots - 1))
    }

    /// Calls `visit` with the number of each string that may stand in `bytes`, and where it would begin, for all runs at
    /// the even places of `span`.
    pub fn each(&self, bytes: &[u8], span: Range<usize>, mut visit: impl FnMut(u16, usize)) {
        let mut from = span.start;
        while from + BLOCK <= span.end
            && let Some(block) = bytes.get(from..).and_then(|rest| rest.first_chunk())
        {
            let mut may_hold = self.may_hold(block);
            while may_hold != 0 {
                self.ask(bytes, from + 2 * may_hold.trailing_zeros() as usize, &mut visit);
                may_hold &= may_hold - 1;
            }
            from += BLOCK;
        }
        (from..span.end).step_by(2).for_each(|at| self.ask(bytes, at, &mut visit));
    }

    /// Returns a bit for each even place of a block, 0 if the run there is in no string. No branch ends the look at the
    /// others, so that the processor looks at several at once.
    #[inline(always)]
    fn may_hold(&self, block: &[u8; BLOCK + RUN - 2]) -> u32 {
        let mut bits = 0;
        for at in 0..BLOCK / 2 {
            let Some(run) = block.get(2 * at..).and_then(|rest| rest.first_chunk()) else { break };
            let entry = self.table.get(place(u32::from_le_bytes(*run))).copied();
            bits |= u32::from(entry.unwrap_or_default()) << at;
        }
        bits
    }

    #[inline]
    fn ask(&self, bytes: &[u8], at: usize, visit: &mut impl FnMut(u16, usize)) {
        let Some(run) = bytes.get(at..).and_then(|rest| rest.first_chunk()) else { return };
        let run = u32::from_le_bytes(*run);
        let slots = self.probes(run).map_while(|at| self.slots.get(at).filter(|slot| !slot.is_free()));
        let Some(slot) = slots.into_iter().find(|slot| slot.run == run) else { return };
        let holders = self.holders.get(slot.from as usize..slot.to as usize).unwrap_or_default();
        for holder in holders {
            if let Some(start) =
                at.checked_sub(usize::from(holder.offset)).filter(|start| holder.fits(bytes, *start))
            {
                visit(holder.string, start);
            }
        }
    }
}

impl Slot {
    fn is_free(&self) -> bool {
        self.from == self.to
    }
}

impl Holder {
    /// Returns false if the first bytes of the string do not stand at `start`.
    #[inline]
    fn fits(&self, bytes: &[u8], start: usize) -> bool {
        let Some(here) = bytes.get(start..).and_then(|rest| rest.first_chunk()) else { return true };
        (u64::from_le_bytes(*here) ^ self.head) & self.mask == 0
    }
}

/// Returns the piece of a string whose runs are the rarest in logs, and where it begins.
fn rarest(string: &[u8]) -> Option<(usize, &[u8])> {
    // A piece has two runs, each as frequent as the rarer of its two trigrams.
    let mut trigrams = of_trigrams(string);
    let (mut first, mut second) = (trigrams.next()?, trigrams.next()?);
    let frequencies = trigrams.map(|third| {
        let both = first.min(second) + second.min(third);
        (first, second) = (second, third);
        both
    });
    let pieces = string.windows(SHORTEST).enumerate();
    pieces.zip(frequencies).min_by_key(|(_, frequency)| *frequency).map(|(piece, _)| piece)
}

/// Returns the first bytes of a string, and a mask of those that there are.
fn head(string: &[u8]) -> (u64, u64) {
    let (mut head, mut mask) = ([0; HEAD], [0; HEAD]);
    for ((head, mask), byte) in head.iter_mut().zip(&mut mask).zip(string) {
        (*head, *mask) = (*byte, u8::MAX);
    }
    (u64::from_le_bytes(head), u64::from_le_bytes(mask))
}

/// Returns where a run is looked up.
#[inline(always)]
fn place(run: u32) -> usize {
    (run.wrapping_mul(0x9E37_79B1) >> (u32::BITS - BITS)) as usize
}
