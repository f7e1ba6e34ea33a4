//! A script of several lines that the CI system quotes when it tells how the step ended.

use crate::facts::failures::block::Block;
use crate::facts::failures::event::{Kind, Role};
use crate::facts::failures::line_view::Piece;

const OPENS: &[u8] = b"The command \"";
const CLOSES: &[u8] = b"\" exited with ";
/// Lines of a quoted script at the most.
const LONGEST: usize = 60;

/// Reads from `The command "` to `" exited with 1.` some lines below: words of failure in between
/// are the script's and tell nothing of what happened.
pub fn assemble(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    let text = pieces[at].text();
    if !text.starts_with(OPENS) || closes(text) {
        return None;
    }
    let last = (at + 1..pieces.len())
        .take(LONGEST)
        .take_while(|&position| !pieces[position].text().starts_with(OPENS))
        .find(|&position| closes(pieces[position].text()))?;
    let mut block = Block::new(Kind::Command, at, last, last);
    block.role = Role::Generic;
    block.message = Some(format!("{} … {}", pieces[at].trimmed(), pieces[last].trimmed()));
    Some(block)
}

fn closes(text: &[u8]) -> bool {
    memchr::memmem::find(text, CLOSES).is_some()
}
