//! The members of a zip archive whose directory is lost, most often because the end was cut off.

use std::io::{BufReader, Cursor, Read};

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
    unpack.problems.push(Problem::incomplete(&place.name, what));
    let mut position = 0;
    for _ in 0..unpack.limits.entries {
        let Some(header) = bytes.get(position..).and_then(|rest| memmem::find(rest, LOCAL_HEADER)) else {
            return;
        };
        position += header;
        position += bytes.get(position..).and_then(Header::parse).map_or(LOCAL_HEADER.len(), |header| {
            let content = position + header.length;
            header.length + member(unpack, place, &header, bytes.get(content..).unwrap_or_default())
        });
    }
}

/// Unpacks one member and returns how many bytes it takes, or 0 where only the next header tells.
fn member(unpack: &mut Unpack<'_>, place: &Place, header: &Header, rest: &[u8]) -> usize {
    let known = header.compressed.map(|size| size.min(rest.len()));
    let Some(member) = place.member(&header.name).filter(|_| !header.name.ends_with('/')) else {
        return known.unwrap_or(0);
    };
    let content = &rest[..known.unwrap_or(rest.len())];
    let decoder: Box<dyn Read + '_> = match header.method {
        0 if header.compressed.is_some() => Box::new(Cursor::new(content)),
        8 => Box::new(DeflateDecoder::new(content)),
        _ => {
            let what = "cannot be read without the archive's directory; fetch the archive again";
            unpack.problems.push(Problem::incomplete(member.name, what));
            return known.unwrap_or(0);
        }
    };
    let cut = header.compressed.is_some_and(|size| size > rest.len());
    let ending: Box<dyn Read> = if cut { Box::new(Cut) } else { Box::new(std::io::empty()) };
    let expanded = Expanded::with(Box::new(decoder.chain(ending)), unpack.budget, |error| {
        format!("the zip archive is broken inside it ({error}); fetch it again for the rest")
    });
    unpack.stream(member, &mut BufReader::new(expanded));
    known.unwrap_or(0)
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
        let short = |at: usize| u16::from_le_bytes([fixed[at], fixed[at + 1]]);
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
