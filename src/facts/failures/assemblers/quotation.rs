//! A script of several lines that the CI system quotes when it tells how the step ended.

use crate::facts::failures::{Block, Kind, Passage, Piece, Role};

const OPENS: &[u8] = b"The command \"";
const CLOSES: &[u8] = b"\" exited with ";
/// Lines of a quoted script at the most.
const LONGEST: usize = 60;

/// Reads from `The command "` to `" exited with 1.` some lines below: words of failure in between
/// are the script's and tell nothing of what happened.
pub fn assemble(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    let text = pieces.text(at);
    if !text.starts_with(OPENS) || closes(text) {
        return None;
    }
    let last = (at + 1..pieces.len())
        .take(LONGEST)
        .take_while(|&position| !pieces.text(position).starts_with(OPENS))
        .find(|&position| closes(pieces.text(position)))?;
    let mut block = Block::new(Kind::Command, at, last, last);
    block.role = Role::Generic;
    block.message = Some(format!("{} … {}", pieces.trimmed(at), pieces.trimmed(last)));
    Some(block)
}

fn closes(text: &[u8]) -> bool {
    memchr::memmem::find(text, CLOSES).is_some()
}
