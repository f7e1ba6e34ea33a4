//! Runs of frames, which most reports hold.

use crate::facts::failures::frames::go_function;
use crate::facts::failures::{Frame, Piece, Shape};

/// A run of frames: the stack and its last line.
pub struct Run {
    /// Innermost first, as printed.
    pub frames: Vec<Frame>,
    /// Position of the last line of the run.
    pub last: usize,
}

/// Lines of source or remarks that may stand between two frames.
const BETWEEN: usize = 2;

/// Reads the frames from `from` on; a run may start after `skip` other lines.
pub fn run(pieces: &[Piece<'_>], from: usize, skip: usize) -> Option<Run> {
    let mut found: Option<Run> = None;
    let mut missed = 0;
    for (position, piece) in pieces.iter().enumerate().skip(from) {
        match read(pieces, position) {
            Some(next) => {
                let run = found.get_or_insert(Run { frames: Vec::new(), last: position });
                push(&mut run.frames, next);
                run.last = position;
                missed = 0;
            }
            // A frame of a form whose parts nobody reads.
            None if piece.looks(Shape::Frame) && found.is_some() => {
                found.iter_mut().for_each(|run| run.last = position);
                missed = 0;
            }
            None => {
                missed += 1;
                let allowed = if found.is_some() { BETWEEN } else { skip };
                if missed > allowed || (found.is_some() && (piece.is_blank() || piece.indent() == 0)) {
                    break;
                }
            }
        }
    }
    found
}

/// Reads one frame, joining a Go or Rust function with the place on the next line.
fn read(pieces: &[Piece<'_>], position: usize) -> Option<Frame> {
    let piece = pieces.get(position)?;
    if piece.looks(Shape::Frame)
        && let Some(frame) = piece.frame()
    {
        return Some(frame);
    }
    let next = pieces.get(position + 1)?;
    let function = go_function(piece.text())?;
    let place = next.frame().filter(|place| place.function.is_empty() && is_go(&place.file))?;
    Some(Frame { function, ..place })
}

fn is_go(file: &str) -> bool {
    file.ends_with(".go") || file.ends_with(".s")
}

/// Adds a frame; a place without a function completes the function before it.
fn push(frames: &mut Vec<Frame>, next: Frame) {
    match frames.last_mut() {
        Some(before) if next.function.is_empty() && (before.file.is_empty() || before.file == next.file) => {
            before.file = next.file;
            before.line = next.line;
        }
        _ => frames.push(next),
    }
}
