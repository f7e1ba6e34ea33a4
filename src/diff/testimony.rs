//! What one line of a failing log says about the failure.

use std::sync::LazyLock;

use super::Novelty;
use super::forms::Masker;
use crate::facts::failures::{Set, Shape, WRONG, Word, classes, shapes};
use crate::text::records::{Level, Marker, Record};

/// What one line says about the failure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Testimony {
    /// How much it says that something went wrong: classes of words, and looks that count as two.
    pub weight: u32,
    /// True if it tells nothing at the edge of a passage: advice, an echoed command, a quiet level,
    /// or that something failed but not what.
    pub dull: bool,
    /// True if it closes what went before, as `make: *** [all] Error 2` does.
    pub closing: bool,
}

/// Classes of words that tell of a fault, or of what brought it about.
const FAULTS: Set = WRONG.with(Word::Cause as u32);

/// Classes of words that hold even of a line which advises.
static BLUNT: LazyLock<Set> = LazyLock::new(|| set(&[Word::Error, Word::Exception, Word::Fatal]));

/// Classes of words that say how something ended and not what it was.
static HOLLOW: LazyLock<Set> = LazyLock::new(|| {
    set(&[
        Word::Error,
        Word::Failure,
        Word::Fatal,
        Word::Abort,
        Word::Detail,
        Word::Warning,
        Word::Exit,
        Word::Test,
        Word::Summary,
        Word::Done,
        Word::Success,
        Word::Skip,
    ])
});

/// Looks that mark a report of a failure; each counts as two classes of words.
static REPORTS: LazyLock<Set> =
    LazyLock::new(|| looks(&[Shape::Frame, Shape::ExceptionHead, Shape::TraceHead]));

/// Words that stand beside hollow ones in a bare verdict and add nothing to it.
const GLUE: [&[u8]; 17] = [
    b"and", b"are", b"build", b"code", b"elapsed", b"for", b"job", b"marked", b"process", b"run", b"see",
    b"step", b"the", b"time", b"was", b"were", b"with",
];

const LOOK_WEIGHT: u32 = 2;

impl Testimony {
    /// Reads a line whose forms `masker` has just made.
    pub fn of(record: &Record<'_>, novelty: Novelty, masker: &Masker) -> Self {
        let (words, shape) = (classes(&record.message), shapes(&record.message));
        let bare = is_bare(masker);
        let quiet = is_quiet(record, shape) || is_command(record, shape);
        let advises = words.contains(Word::Advice as u32) && !words.meets(*BLUNT) && !is_marked(record);
        let weight = match novelty {
            Novelty::Known => 0,
            _ if bare || quiet => 0,
            _ => discounted(faults(record, words, shape), words, advises),
        };
        let dull = weight == 0 && (bare || quiet || advises || novelty == Novelty::Known);
        let closing = words.contains(Word::Conclusion as u32) || shape.contains(Shape::Terminator as u32);
        Self { weight, dull, closing }
    }
}

/// Returns true if and only if a line goes on with a report begun before: a frame, or one more line
/// that is marked as an error.
pub fn continues(record: &Record<'_>) -> bool {
    is_marked(record) || shapes(&record.message).meets(looks(&[Shape::Frame, Shape::Level]))
}

fn faults(record: &Record<'_>, words: Set, shape: Set) -> u32 {
    let classes = FAULTS.iter().filter(|&class| words.contains(class)).count() as u32;
    let reports = if shape.meets(*REPORTS) { LOOK_WEIGHT } else { 0 };
    let marked = if is_marked(record) { LOOK_WEIGHT } else { 0 };
    classes + reports + marked
}

/// One class of words is not enough where a line advises or tells what it is busy with.
fn discounted(weight: u32, words: Set, advises: bool) -> u32 {
    if advises {
        weight.saturating_sub(1).min(1)
    } else if words.contains(Word::Progress as u32) && weight < 2 {
        0
    } else {
        weight
    }
}

fn is_marked(record: &Record<'_>) -> bool {
    record.level >= Some(Level::Error) || record.marker == Some(Marker::Error)
}

fn is_quiet(record: &Record<'_>, shape: Set) -> bool {
    record.level.is_some_and(|level| level < Level::Error)
        || record.marker == Some(Marker::Warning)
        || shape.contains(Shape::QuietLevel as u32)
}

fn is_command(record: &Record<'_>, shape: Set) -> bool {
    record.marker == Some(Marker::Command) || shape.contains(Shape::Command as u32)
}

/// Returns true if and only if a line says that something failed but not what.
fn is_bare(masker: &Masker) -> bool {
    let is_glue = |word: &[u8]| GLUE.iter().any(|glue| glue.eq_ignore_ascii_case(word));
    !masker.names_something() && masker.words().all(|word| classes(word).meets(*HOLLOW) || is_glue(word))
}

fn set(words: &[Word]) -> Set {
    Set::of(words.iter().map(|&word| word as u32))
}

fn looks(shapes: &[Shape]) -> Set {
    Set::of(shapes.iter().map(|&shape| shape as u32))
}
