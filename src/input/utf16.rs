//! UTF-16, as Windows tools write it, turned into UTF-8.

use std::io::{self, Read};

use super::mojibake::Mended;
use crate::error::Problem;

/// Which byte of a unit comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Little,
    Big,
}

/// How many bytes are looked at where there is no byte order mark.
const LOOK: usize = 4 << 10;

/// Returns the byte order if `bytes` are UTF-16: by the mark, or because nearly every second byte
/// is NUL and nearly no other is.
pub(super) fn order(bytes: &[u8]) -> Option<Order> {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] => None,
        [0xff, 0xfe, ..] => Some(Order::Little),
        [0xfe, 0xff, ..] => Some(Order::Big),
        _ => order_by_nuls(bytes.get(..LOOK).unwrap_or(bytes)),
    }
}

/// Returns the remark that goes with a converted source.
pub(super) fn remark(name: &str, order: Order) -> Problem {
    let name_of_order = match order {
        Order::Little => "little",
        Order::Big => "big",
    };
    let what = format!("is UTF-16 ({name_of_order} endian); byte offsets are those of its UTF-8 form");
    Problem::remark(name, what)
}

fn order_by_nuls(look: &[u8]) -> Option<Order> {
    let pairs = look.len() / 2;
    let nuls = |first: usize| look.iter().skip(first).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd) = (nuls(0), nuls(1));
    let (most, few) = (pairs * 7 / 10, pairs / 20);
    match () {
        () if pairs < 8 => None,
        () if odd >= most && even <= few => Some(Order::Little),
        () if even >= most && odd <= few => Some(Order::Big),
        () => None,
    }
}

/// Reads UTF-16 as UTF-8; what is no character becomes U+FFFD.
pub(super) struct ToUtf8<'a> {
    characters: Box<dyn Iterator<Item = char> + 'a>,
    pending: Vec<u8>,
    given: usize,
}

impl<'a> ToUtf8<'a> {
    pub(super) fn new(bytes: &'a [u8], order: Order) -> Self {
        let units = bytes.chunks(2).map(move |unit| match (unit, order) {
            (&[first, second], Order::Little) => u16::from_le_bytes([first, second]),
            (&[first, second], Order::Big) => u16::from_be_bytes([first, second]),
            // Half a unit at the end is a lone surrogate's equal: no character.
            _ => 0xd800,
        });
        let characters = char::decode_utf16(units)
            .map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER))
            .skip_while(|&character| character == '\u{feff}');
        Self { characters: Box::new(Mended::new(characters)), pending: Vec::new(), given: 0 }
    }

    fn refill(&mut self) {
        let mut text = String::with_capacity(LOOK + 4);
        while text.len() < LOOK {
            match self.characters.next() {
                Some(character) => text.push(character),
                None => break,
            }
        }
        self.pending = text.into_bytes();
        self.given = 0;
    }
}

impl Read for ToUtf8<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.pending.len() {
            self.refill();
        }
        let length = self.pending.get(self.given..).unwrap_or_default().read(buffer)?;
        self.given += length;
        Ok(length)
    }
}
