//! Assemblers: one file for each way in which tools tell that something went wrong. Each looks at
//! one place of a passage and says which lines from there on belong together.

use super::block::Block;
use super::passage::Piece;

mod diagnostic;
mod exception;
mod go;
mod kernel;
mod native;
mod paragraph;
mod python;
mod rust;
mod sanitizer;
mod section;
mod stack;

/// Looks at the line `at` of a passage; returns the block that begins there, if one does.
type Assembler = fn(&[Piece<'_>], usize) -> Option<Block>;

/// In the order in which they are asked: reports with a form of their own before loose ones.
const ASSEMBLERS: &[Assembler] = &[
    sanitizer::assemble,
    kernel::assemble,
    python::assemble,
    go::assemble,
    rust::assemble,
    native::assemble,
    section::assemble,
    exception::assemble,
    diagnostic::assemble,
    paragraph::assemble,
];

/// Returns the blocks of a passage, in order; no line is in two of them.
pub fn blocks(pieces: &[Piece<'_>]) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut at = 0;
    while at < pieces.len() {
        match ASSEMBLERS.iter().find_map(|assemble| assemble(pieces, at)) {
            Some(mut block) => {
                let free = found.last().map_or(0, |before| before.last + 1);
                block.first = block.first.max(free);
                at = block.last.max(at) + 1;
                found.push(block);
            }
            None => at += 1,
        }
    }
    found
}
