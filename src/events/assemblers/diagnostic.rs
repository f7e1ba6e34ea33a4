//! Messages of compilers, linkers and linters, with the source lines quoted under them.

use crate::events::block::Block;
use crate::events::event::Kind;
use crate::events::passage::Piece;

/// Lines of quoted source, notes and carets that one message may have.
const LONGEST: usize = 30;

/// Reads `file:3:9: error: words` or `error[E1]: words` and what is quoted under it.
pub fn assemble(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    let piece = &pieces[at];
    let placed = piece.looks("file-line") && piece.looks("error-colon");
    let coded = piece.looks("error-start") && pieces.get(at + 1).is_some_and(|next| next.looks("gutter"));
    if !(placed || coded) || piece.looks("quiet-level") || piece.looks("count-zero") {
        return None;
    }
    let last = at + pieces[at + 1..].iter().take(LONGEST).take_while(|next| quotes(next)).count();
    let last = (at..=last).rev().find(|&position| !pieces[position].is_blank()).unwrap_or(at);
    Some(Block::new(Kind::Build, at, last, at))
}

fn quotes(piece: &Piece<'_>) -> bool {
    let own_head =
        piece.looks("error-colon") && (piece.looks("file-line-start") || piece.looks("error-start"));
    !own_head
        && (piece.looks("gutter") || piece.looks("caret") || (piece.indent > 0 && !piece.looks("command")))
}
