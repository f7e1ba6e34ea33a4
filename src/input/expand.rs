//! Takes one layer of compression off a stream.

use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

use bzip2::bufread::MultiBzDecoder;
use flate2::bufread::MultiGzDecoder;
use lzma_rust2::XzReader;

use super::budget::Budget;
use super::format::Format;

/// The memory that an xz stream may ask for, in KiB; `xz -9` asks for 64 MiB.
const XZ_MEMORY_KIB: u32 = 256 << 10;

/// The expanded bytes of a stream, counted. After its first error it fails the same way for ever
/// and leaves the decoder alone, since decoders may panic when asked again.
pub(super) struct Expanded<'a> {
    decoder: Box<dyn Read + 'a>,
    budget: &'a Budget<'a>,
    describe: Box<dyn Fn(&io::Error) -> String + 'a>,
    failed: Option<(io::ErrorKind, String)>,
    ended: bool,
}

impl<'a> Expanded<'a> {
    /// Expands `reader`, which holds data of the compression `format`. The text of an error
    /// says at which byte the compressed data is broken.
    pub(super) fn new(
        format: Format,
        reader: &'a mut dyn BufRead,
        budget: &'a Budget<'a>,
    ) -> io::Result<Self> {
        let consumed = Rc::new(Cell::new(0));
        let decoder = decoder(format, Metered { reader, consumed: Rc::clone(&consumed) })?;
        let describe = move |error: &io::Error| {
            let (format, consumed) = (format.name(), consumed.get());
            format!(
                "the {format} data is broken at its byte {consumed} ({error}); fetch it again for the rest"
            )
        };
        Ok(Self::with(decoder, budget, describe))
    }

    /// Counts what `decoder` gives, and describes its errors in these words.
    pub(super) fn with(
        decoder: Box<dyn Read + 'a>,
        budget: &'a Budget<'a>,
        describe: impl Fn(&io::Error) -> String + 'a,
    ) -> Self {
        Self { decoder, budget, describe: Box::new(describe), failed: None, ended: false }
    }

    /// Returns true if and only if all was read to the end without an error.
    pub(super) fn ended(&self) -> bool {
        self.ended
    }

    fn fail(&mut self, kind: io::ErrorKind, text: String) -> io::Error {
        self.failed = Some((kind, text.clone()));
        io::Error::new(kind, text)
    }
}

impl Read for Expanded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some((kind, text)) = &self.failed {
            return Err(io::Error::new(*kind, text.clone()));
        }
        match self.decoder.read(buffer) {
            Ok(0) if !buffer.is_empty() => {
                self.ended = true;
                Ok(0)
            }
            Ok(length) => match self.budget.add_expanded(length as u64) {
                Ok(()) => Ok(length),
                Err(limit) => Err(self.fail(limit.kind(), limit.to_string())),
            },
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            // A limit reached one layer further in is no damage of this layer.
            Err(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                Err(self.fail(error.kind(), error.to_string()))
            }
            Err(error) => {
                let text = (self.describe)(&error);
                Err(self.fail(error.kind(), text))
            }
        }
    }
}

fn decoder<'a>(format: Format, reader: Metered<'a>) -> io::Result<Box<dyn Read + 'a>> {
    Ok(match format {
        Format::Gzip => Box::new(MultiGzDecoder::new(reader)),
        Format::Zstd => Box::new(zstd::stream::read::Decoder::with_buffer(reader)?),
        Format::Xz => Box::new(XzReader::new_mem_limit(reader, true, XZ_MEMORY_KIB)),
        Format::Bzip2 => Box::new(MultiBzDecoder::new(reader)),
        Format::Tar | Format::Zip => return Err(io::ErrorKind::Unsupported.into()),
    })
}

/// Counts the bytes that a decoder has taken.
struct Metered<'a> {
    reader: &'a mut dyn BufRead,
    consumed: Rc<Cell<u64>>,
}

impl Read for Metered<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.reader.read(buffer)?;
        self.consumed.set(self.consumed.get() + length as u64);
        Ok(length)
    }
}

impl BufRead for Metered<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.reader.fill_buf()
    }

    fn consume(&mut self, length: usize) {
        self.reader.consume(length);
        self.consumed.set(self.consumed.get() + length as u64);
    }
}
