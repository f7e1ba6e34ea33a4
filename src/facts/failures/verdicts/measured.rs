//! What CTest measured of a test: how long it took, and what it printed, which it may write packed.

use std::io::Read;
use std::ops::Range;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::read::ZlibDecoder;
use quick_xml::events::BytesStart;

use super::element::{attribute, seconds};

/// Bytes of the output of a test that are unpacked: CTest keeps 300 KiB of one that failed.
const UNPACKED: u64 = 1 << 20;

/// The measurements of one test, as their elements stream by.
#[derive(Default)]
pub(super) struct Measured {
    /// How long the test took.
    pub(super) seconds: Option<f64>,
    open: Sort,
    is_packed: bool,
    output: String,
    span: Option<Range<u64>>,
}

/// What a measurement is of.
#[derive(Clone, Copy, Default, PartialEq)]
enum Sort {
    Output,
    Seconds,
    #[default]
    Other,
}

impl Measured {
    /// Begins a measurement.
    pub(super) fn begin(&mut self, element: &BytesStart<'_>) {
        self.open = match attribute(element, "name").as_deref() {
            None => Sort::Output,
            Some("Execution Time") => Sort::Seconds,
            Some(_) => Sort::Other,
        };
    }

    /// Begins the value of a measurement.
    pub(super) fn begin_value(&mut self, element: &BytesStart<'_>) {
        if self.open == Sort::Output {
            self.is_packed = attribute(element, "encoding").as_deref() == Some("base64");
        }
    }

    pub(super) fn add(&mut self, words: &str, span: Range<u64>) {
        match self.open {
            Sort::Seconds => self.seconds = self.seconds.or_else(|| seconds(words.trim())),
            Sort::Output => {
                self.output.push_str(words);
                self.span = Some(self.span.as_ref().map_or(span.start, |span| span.start)..span.end);
            }
            Sort::Other => {}
        }
    }

    /// Returns what the test printed, and where that stands in the file; nothing if it cannot be unpacked.
    pub(super) fn printed(self) -> Option<(String, Range<u64>)> {
        let text = if self.is_packed { unpacked(&self.output)? } else { self.output };
        Some((text, self.span?))
    }
}

fn unpacked(text: &str) -> Option<String> {
    let text: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let packed = BASE64_STANDARD.decode(text).ok()?;
    let mut bytes = Vec::new();
    // What can be unpacked counts, though the rest were broken.
    let end = ZlibDecoder::new(packed.as_slice()).take(UNPACKED).read_to_end(&mut bytes);
    (end.is_ok() || !bytes.is_empty()).then(|| String::from_utf8_lossy(&bytes).into_owned())
}
