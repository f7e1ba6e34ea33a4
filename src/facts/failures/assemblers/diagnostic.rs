//! Messages of compilers, linkers and linters, with the source lines quoted under them.

use crate::facts::failures::{Block, Kind, Passage, Piece, Shape};

/// Lines of quoted source, notes and carets that one message may have.
const LONGEST: usize = 30;

/// Reads `file:3:9: error: words` or `error[E1]: words` and what is quoted under it.
pub fn assemble(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    let piece = pieces.get(at)?;
    let placed = piece.looks(Shape::FileLine) && piece.looks(Shape::ErrorColon);
    let coded =
        piece.looks(Shape::ErrorStart) && pieces.get(at + 1).is_some_and(|next| next.looks(Shape::Gutter));
    if !(placed || coded) || piece.looks(Shape::QuietLevel) || piece.looks(Shape::CountZero) {
        return None;
    }
    let last = at + pieces.part(at + 1..).iter().take(LONGEST).take_while(|next| quotes(next)).count();
    let last = pieces.last_told(at, last);
    let kind = if coded || is_place_of_a_compiler(piece.text()) { Kind::Build } else { Kind::Error };
    Some(Block::new(kind, at, last, at))
}

/// Returns true if what follows the line number of a file is no space: a compiler writes `ring.c:31:7: error`, a program
/// that logs where it stands `ring.c:31  FATAL`.
fn is_place_of_a_compiler(text: &[u8]) -> bool {
    let number =
        memchr::memchr_iter(b':', text).find(|at| is_behind_a_file(text.get(..*at).unwrap_or_default()));
    let rest = number.and_then(|at| text.get(at + 1..)).unwrap_or_default();
    let end = rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
    end == 0 || rest.get(end) != Some(&b' ')
}

/// Returns true if the text ends with the name of a file that has an ending: `ring.c`.
fn is_behind_a_file(text: &[u8]) -> bool {
    let dot = memchr::memrchr(b'.', text).filter(|dot| *dot > 0 && dot + 1 < text.len());
    dot.and_then(|dot| text.get(dot + 1..)).is_some_and(|ending| ending.iter().all(u8::is_ascii_alphanumeric))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_logs_its_place_is_no_compiler() {
        for (line, expected) in [
            ("ring.c:31:7: error: torn", true),
            ("ring.c:31: error: torn", true),
            ("[ERROR] /w/Ring.java:[12,3] error: torn", true),
            ("[ring-1:450:0] ring_log.c:113  FATAL: Error on pair 3", false),
            ("10:00:01 ring_client.c:210 [push] ring: ERROR: torn", false),
            ("error: torn", true),
            (":", true),
        ] {
            assert_eq!(is_place_of_a_compiler(line.as_bytes()), expected, "{line}");
        }
    }
}
