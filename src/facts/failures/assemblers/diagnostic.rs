//! Messages of compilers, linkers and linters, with the source lines quoted under them.

use crate::facts::failures::block::Block;
use crate::facts::failures::event::Kind;
use crate::facts::failures::line_view::Piece;
use crate::facts::failures::shapes::Shape;

/// Lines of quoted source, notes and carets that one message may have.
const LONGEST: usize = 30;

/// Reads `file:3:9: error: words` or `error[E1]: words` and what is quoted under it.
pub fn assemble(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    let piece = &pieces[at];
    let placed = piece.looks(Shape::FileLine) && piece.looks(Shape::ErrorColon);
    let coded =
        piece.looks(Shape::ErrorStart) && pieces.get(at + 1).is_some_and(|next| next.looks(Shape::Gutter));
    if !(placed || coded) || piece.looks(Shape::QuietLevel) || piece.looks(Shape::CountZero) {
        return None;
    }
    let last = at + pieces[at + 1..].iter().take(LONGEST).take_while(|next| quotes(next)).count();
    let last = (at..=last).rev().find(|&position| !pieces[position].is_blank()).unwrap_or(at);
    Some(Block::new(Kind::Build, at, last, at))
}

fn quotes(piece: &Piece<'_>) -> bool {
    let own_head = piece.looks(Shape::ErrorColon)
        && (piece.looks(Shape::FileLineStart) || piece.looks(Shape::ErrorStart));
    let note = piece.looks(Shape::FileLineStart) && memchr::memmem::find(piece.text(), b": note: ").is_some();
    !own_head
        && (note
            || piece.looks(Shape::Gutter)
            || piece.looks(Shape::Caret)
            || (piece.indent() > 0 && !piece.looks(Shape::Command)))
}
