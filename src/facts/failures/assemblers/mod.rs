//! Assemblers: one file for each way in which tools tell that something went wrong. Each looks at
//! one place of a passage and says which lines from there on belong together.

use std::sync::OnceLock;

use regex::bytes::Regex;

use super::asides::is_aside;
use super::block::Block;
use super::event::{Kind, Role, TakenBy};
use super::failing_tests::name_tests;
use super::headings::{is_heading, retitle};
use super::line_view::Piece;
use super::passage::Passage;
use super::shapes::Shape;
use super::taken_back::take_back;

mod barred;
mod boxed;
mod classes;
mod conclusions;
mod diagnostic;
mod exception;
mod fatal;
mod ginkgo;
mod go;
mod kernel;
mod minidump;
mod native;
mod paragraph;
mod python;
mod quotation;
mod rust;
mod sanitizer;
mod section;
mod stack;
mod tap;
mod windbg;

pub use paragraph::telling;

/// Returns a regex on bytes that is made once. The forms are part of this program, and a test reads each.
fn regex(once: &'static OnceLock<Regex>, form: &str) -> &'static Regex {
    once.get_or_init(|| Regex::new(&format!("(?-u){form}")).unwrap_or_else(|error| panic!("{form}: {error}")))
}

/// Looks at the line `at` of a passage; returns the block that begins there, if one does.
type Assembler = fn(&[Piece<'_>], usize) -> Option<Block>;

/// In the order in which they are asked: reports with a form of their own before loose ones.
const ASSEMBLERS: &[(TakenBy, Assembler)] = &[
    (TakenBy::Quotation, quotation::assemble),
    (TakenBy::Sanitizer, sanitizer::assemble),
    (TakenBy::Kernel, kernel::assemble),
    (TakenBy::Unittest, section::unittest_below),
    (TakenBy::Tap, tap::assemble),
    (TakenBy::Python, python::assemble),
    (TakenBy::Go, go::assemble),
    (TakenBy::Rust, rust::assemble),
    (TakenBy::Fatal, fatal::assemble),
    (TakenBy::Windbg, windbg::assemble),
    (TakenBy::Minidump, minidump::assemble),
    (TakenBy::Native, native::assemble),
    (TakenBy::Ginkgo, ginkgo::assemble),
    (TakenBy::Section, section::assemble),
    (TakenBy::Boxed, boxed::assemble),
    (TakenBy::Exception, exception::assemble),
    (TakenBy::Diagnostic, diagnostic::assemble),
    (TakenBy::Paragraph, paragraph::assemble),
];

/// Returns what the first assembler that knows the line makes of it.
fn assemble(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    ASSEMBLERS.iter().find_map(|&(taken_by, assemble)| {
        let block = assemble(pieces, at)?;
        Some(Block { taken_by, ..block })
    })
}

/// Returns the block that begins at a line. The title of a listed test may hold no word of failure, and what is loose ends
/// above it.
fn begins(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    if !pieces.holds(at, |piece| piece.hot || piece.marked) {
        return listed(pieces, at);
    }
    let block = assemble(pieces, at)?;
    if block.taken_by != TakenBy::Paragraph {
        return Some(block);
    }
    match (at + 1..=block.last).find(|&below| listed(pieces, below).is_some()) {
        None => Some(block),
        Some(item) if block.headline < item && !is_heading(pieces.text(block.headline)) => {
            Some(Block { last: pieces.last_told(at, item - 1), ..block })
        }
        Some(_) => None,
    }
}

/// Returns the item of a list of failed tests that begins at a line. Asked of every line near a failure, so its bytes are
/// searched before it is taken apart.
fn listed(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    let stored = pieces.get(at)?.line.bytes;
    let has = |mark: &str| memchr::memmem::find(stored, mark.as_bytes()).is_some();
    let item = match () {
        () if has(") ") && pieces.looks(at, Shape::Numbered) => section::numbered(pieces, at),
        () if has("● ") => section::marked(pieces, at),
        () => None,
    };
    Some(Block { taken_by: TakenBy::Section, ..item? })
}

/// Returns the blocks of a passage, in order; no line is in two of them.
pub fn blocks(pieces: &[Piece<'_>]) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut at = 0;
    while at < pieces.len() {
        match begins(pieces, at) {
            Some(mut block) => {
                let free = found.last().map_or(0, |before| before.last + 1);
                block.first = block.first.max(free);
                at = block.last.max(at) + 1;
                found.push(block);
            }
            None => at += 1,
        }
    }
    found.extend(last_words(pieces, &found));
    found.sort_by_key(|block| block.first);
    found.iter_mut().for_each(|block| retitle(pieces, block));
    name_tests(pieces, &mut found);
    take_back(pieces, &mut found);
    found
}

/// Makes the tables now that every failure needs.
pub fn prepare() {
    fatal::prepare();
}

/// Returns true if and only if a crash report or one of its stacks begins here: what stands below
/// is part of it, whatever its words.
pub fn heads_report(piece: &Piece<'_>) -> bool {
    [Shape::TraceHead, Shape::SanitizerHead, Shape::KernelHead].iter().any(|shape| piece.looks(*shape))
        || kernel::is_head(piece)
        || fatal::is_head(piece)
        || windbg::is_head(piece)
        || minidump::is_head(piece)
}

/// Lines before the end of a command in which its last words stand: what went well in between is passed over.
const NEAR: usize = 12;

/// Lines before the end of a command of which one has to say something.
const BLANKS: usize = 4;

/// Lines before a failed command that are kept as its last words.
const LAST_WORDS: usize = 8;

/// Returns where the run of lines begins that say no more than that the command failed; `end` says so last.
fn conclusion(pieces: &[Piece<'_>], before: &[Block], end: &Block) -> usize {
    let says_no_more =
        |block: &Block| block.role == Role::Generic || pieces.looks(block.first, Shape::ExitNonzero);
    let mut first = end.first;
    for block in before.iter().rev() {
        if block.last + 1 != first || !says_no_more(block) {
            break;
        }
        first = block.first;
    }
    first
}

/// Returns true if and only if the line is one of a stack: what it is the stack of says more.
fn is_frame(piece: &Piece<'_>) -> bool {
    piece.looks(Shape::Frame) || piece.frame().is_some()
}

/// Returns true if and only if the line says that something went well: never the last words of what failed.
fn says_well(piece: &Piece<'_>) -> bool {
    piece.looks(Shape::Tick) || is_aside(piece.text())
}

/// Returns true if and only if what a command says below its end is indented below it: it says itself why.
fn explains(pieces: &[Piece<'_>], block: &Block) -> bool {
    let leads = block.headline == block.first && block.last > block.first;
    let below = pieces.get(block.first + 1).filter(|_| leads);
    below.is_some_and(|below| !below.is_blank() && below.indent() > pieces.indent(block.first))
}

/// Returns what commands printed just before they failed, where no other block claimed it: not
/// every tool uses words of failure.
fn last_words(pieces: &[Piece<'_>], found: &[Block]) -> Vec<Block> {
    // The blocks are in order and apart: of a passage with thousands only one may hold a line.
    let claimed = |position: usize| {
        let next = found.partition_point(|block| block.last < position);
        found.get(next).is_some_and(|block| block.first <= position)
    };
    let generic =
        found.iter().enumerate().filter(|(_, block)| block.role == Role::Generic && !explains(pieces, block));
    let ends = generic.map(|(place, end)| conclusion(pieces, found.split_at(place).0, end));
    let mut words = Vec::new();
    for end in ends {
        let told = |&position: &usize| pieces.holds(position, |piece| !piece.is_blank() && !says_well(piece));
        let free = |last: &usize| !claimed(*last) && !pieces.holds(*last, is_frame);
        let before = || (end.saturating_sub(NEAR)..end).rev();
        let near = before().take(BLANKS).any(|position| pieces.told(position));
        let Some(last) = before().find(told).filter(free).filter(|_| near) else { continue };
        let first = (last.saturating_sub(LAST_WORDS)..=last)
            .rev()
            .take_while(|position| {
                let own = told(position) && free(position);
                own && !pieces.looks(*position, Shape::Command)
            })
            .last();
        // What stands right below a stack is what its reporter adds to it.
        let own = |first: &usize| !first.checked_sub(1).is_some_and(|above| pieces.holds(above, is_frame));
        if let Some(first) = first.filter(own) {
            let mut block = Block::new(Kind::Command, first, last, first);
            block.role = Role::Context;
            words.push(block);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use crate::facts::failures::events_in;

    /// The messages of a log's failures, in order of their lines.
    fn messages(log: &str) -> Vec<String> {
        let events = events_in(log);
        events.into_iter().map(|event| event.message).collect()
    }

    #[test]
    fn what_tells_of_a_failure_is_taken_up_and_what_does_not_is_left() {
        for (log, expected, why) in [
            (
                "ring.rb:31:in `pop'\n/gems/rope/exe/rope:27:in `load'\nKnots: TOP => pop\n(more with --trace)\nThe command \"rope\" exited with 1.\n",
                vec!["The command \"rope\" exited with 1."],
                "what is added to a stack is no last word",
            ),
            (
                "ring_SUITE:pops failed on line 31\nReason: {badmatch,torn}\n",
                vec!["Reason: {badmatch,torn}"],
                "Common Test says why below the case",
            ),
            (
                "ring.lua:31: the ring is torn\nstack traceback:\n\t[C]: in function 'error'\n\tring.lua:31: in function 'pop'\n",
                vec!["ring.lua:31: the ring is torn"],
                "Lua's stack has its message above the title",
            ),
            (
                "Pending:\n\n  1) Ring pops when full\n     # Temporarily skipped with xit\n     # ./ring_spec.rb:3\n",
                Vec::new(),
                "a pending example did not fail",
            ),
            (
                "Pending:\n\n  1) Ring pops when full\n     # slow today\n     # ./ring_spec.rb:3\n",
                Vec::new(),
                "whatever the remark",
            ),
            (
                "Pending:\n\n  1) Ring should not tear\n     # No reason given\n     # ./ring_spec.rb:3\n",
                Vec::new(),
                "whatever the title",
            ),
            (
                "Failures:\n\n  1) Ring should not tear\n     Failure/Error: expect(ring).to pop\n     # ./ring_spec.rb:3\n",
                vec!["Failure/Error: expect(ring).to pop"],
                "one that failed says how",
            ),
            (
                "make: *** [all] Error 2\n\nring.rb:3:in `pop'\nring.rb:9:in `<main>'\nThe command \"rake\" exited with 1.\n",
                vec!["make: *** [all] Error 2", "The command \"rake\" exited with 1."],
                "a stack is no last word",
            ),
            (
                "usage: ring [--strictness {warn|fatal|quiet}]\n",
                Vec::new(),
                "a usage offers words of failure",
            ),
            (
                "[1 of 9] Compiling Ring.Errors\nring-core  > 94 | push n = error \"full\"\n",
                Vec::new(),
                "progress and a package's source name errors",
            ),
            (
                "1. [L3] 404 https://ring.example\nWrote results to ring.json\nWrote more to rope.json\nmake: *** [links] Error 1\n",
                vec!["1. [L3] 404 https://ring.example", "make: *** [links] Error 1"],
                "what went well is no last word",
            ),
        ] {
            assert_eq!(messages(log), expected, "{why}");
        }
    }
}
