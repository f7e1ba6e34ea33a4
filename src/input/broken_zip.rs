//! The members of a zip archive whose directory is lost, most often because the end was cut off.

use std::cell::Cell;
use std::io::{BufRead, BufReader, Read};

use flate2::bufread::DeflateDecoder;
use memchr::memmem;

use super::expand::Expanded;
use super::place::Place;
use super::unpack::Unpack;
use crate::error::Problem;

/// What each member begins with (APPNOTE.TXT, section 4.3.7).
const LOCAL_HEADER: &[u8] = b"PK\x03\x04";
const LOCAL_HEADER_BYTES: usize = 30;

/// Unpacks each member that can still be found, and says that the directory is lost.
pub(super) fn members(unpack: &mut Unpack<'_>, place: &Place, bytes: &[u8], why: &str) {
    let what = format!(
        "the zip archive's directory at its end cannot be read ({why}); the members found before byte {} are read, \
         fetch it again for the rest",
        bytes.len()
    );
    unpack.note(Problem::incomplete(&place.name, what));
    let mut position = 0;
    while let Some(header) = bytes.get(position..).and_then(|rest| memmem::find(rest, LOCAL_HEADER)) {
        if !unpack.budget.add_member() {
            let what = "holds more members than an input may have; repair it with `zip -FF` and unpack it";
            return unpack.note(Problem::incomplete(&place.name, what));
        }
        position += header;
        let Some(header) = bytes.get(position..).and_then(Header::parse) else {
            position += LOCAL_HEADER.len();
            continue;
        };
        let content = bytes.get(position + header.length..).unwrap_or_default();
        let taken = member(unpack, place, &header, content);
        position += header.length + taken.behind;
        if !unpack.budget.add_salvaged(taken.read as u64) {
            let what =
                "its members quote one another, and what that takes has a limit; repair it with `zip -FF`";
            return unpack.note(Problem::incomplete(&place.name, what));
        }
    }
}

/// What one member took of the archive.
struct Taken {
    /// Bytes up to its end; 0 where only the next header tells.
    behind: usize,
    /// Bytes that were read.
    read: usize,
}

/// Unpacks one member.
fn member(unpack: &mut Unpack<'_>, place: &Place, header: &Header, rest: &[u8]) -> Taken {
    let known = header.compressed.map(|size| size.min(rest.len()));
    let nothing = Taken { behind: known.unwrap_or(0), read: 0 };
    let Some(member) = place.member(&header.name).filter(|_| !header.name.ends_with('/')) else {
        return nothing;
    };
    let content = rest.get(..known.unwrap_or(rest.len())).unwrap_or(rest);
    let read = Cell::new(0);
    let counted = Counted { bytes: content, read: &read };
    let decoder: Box<dyn Read + '_> = match header.method {
        0 if header.compressed.is_some() => Box::new(counted),
        8 => Box::new(DeflateDecoder::new(counted)),
        _ => {
            let what = "cannot be read without the archive's directory; fetch the archive again";
            unpack.note(Problem::incomplete(member.name, what));
            return nothing;
        }
    };
    let cut = header.compressed.is_some_and(|size| size > rest.len());
    let ending: Box<dyn Read> = if cut { Box::new(Cut) } else { Box::new(std::io::empty()) };
    let mut expanded = Expanded::with(Box::new(decoder.chain(ending)), unpack.budget, |error| {
        format!("the zip archive is broken inside it ({error}); fetch it again for the rest")
    });
    unpack.stream(member, &mut BufReader::new(&mut expanded));
    // Where the data ended as it should, the next header stands behind it, and whatever it quotes is its own.
    let ended = expanded.ended().then(|| read.get());
    Taken { behind: known.or(ended).unwrap_or(0), read: read.get() }
}

/// Counts what a decoder takes.
struct Counted<'a> {
    bytes: &'a [u8],
    read: &'a Cell<usize>,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = self.bytes.read(buffer)?;
        self.read.set(self.read.get() + length);
        Ok(length)
    }
}

impl BufRead for Counted<'_> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        Ok(self.bytes)
    }

    fn consume(&mut self, length: usize) {
        self.bytes = self.bytes.get(length..).unwrap_or_default();
        self.read.set(self.read.get() + length);
    }
}

/// The end of a member that goes on past the end of the archive.
struct Cut;

impl Read for Cut {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        Err(std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "the archive ends before it does"))
    }
}

/// What stands before a member.
struct Header {
    name: String,
    method: u16,
    /// `None` where it stands after the member.
    compressed: Option<usize>,
    /// Bytes from the header's first to the member's first.
    length: usize,
}

impl Header {
    /// Reads a header that is whole and not of an encrypted member.
    fn parse(bytes: &[u8]) -> Option<Self> {
        let fixed = bytes.get(..LOCAL_HEADER_BYTES)?;
        let short = |at: usize| {
            fixed.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |pair| u16::from_le_bytes(*pair))
        };
        let (flags, method) = (short(6), short(8));
        let size = u32::from(short(18)) | u32::from(short(20)) << 16;
        let name_end = LOCAL_HEADER_BYTES + usize::from(short(26));
        let name = String::from_utf8_lossy(bytes.get(LOCAL_HEADER_BYTES..name_end)?).into_owned();
        let is_stated = flags & 8 == 0 && size != u32::MAX;
        let length = name_end + usize::from(short(28));
        let compressed = is_stated.then_some(size as usize);
        (flags & 1 == 0).then_some(Self { name, method, compressed, length })
    }
}
