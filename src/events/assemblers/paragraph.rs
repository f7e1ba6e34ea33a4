//! Anything else that says something went wrong: a line and what is plainly attached to it.

use crate::events::block::Block;
use crate::events::event::{Kind, Role};
use crate::events::passage::Piece;

/// Lines that one paragraph may have.
const LONGEST: usize = 30;

/// Reads a line with words of failure and the lines attached to it.
pub fn assemble(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    let piece = &pieces[at];
    if piece.is_blank() || !(alarming(piece) || piece.looks("terminator")) {
        return None;
    }
    let mut last = at;
    for (position, next) in pieces.iter().enumerate().skip(at + 1).take(LONGEST) {
        if !attached(&pieces[at], next)
            && !(next.is_blank()
                && pieces.get(position + 1).is_some_and(|after| {
                    after.looks("diff") || after.looks("expectation") || after.looks("caret")
                }))
        {
            break;
        }
        last = position;
    }
    let last = (at..=last).rev().find(|&position| !pieces[position].is_blank()).unwrap_or(at);
    let mut block = Block::new(kind(piece), at, last, at);
    block.role = role(piece);
    Some(block)
}

/// Returns true if and only if the words of the line say that something went wrong.
pub fn alarming(piece: &Piece<'_>) -> bool {
    const BAD: [&str; 20] = [
        "error",
        "exception",
        "failure",
        "fatal",
        "panic",
        "abort",
        "trace",
        "signal",
        "kill",
        "timeout",
        "hang",
        "assertion",
        "inability",
        "absence",
        "denial",
        "invalidity",
        "excess",
        "race",
        "conclusion",
        "expectation",
    ];
    BAD.iter().any(|class| piece.says(class))
        || piece.looks("cross")
        || piece.looks("ci-error")
        || piece.looks("exit-nonzero")
}

fn attached(head: &Piece<'_>, next: &Piece<'_>) -> bool {
    if next.is_blank() || next.looks("command") || next.looks("terminator") {
        return false;
    }
    let shaped = ["frame", "caret", "gutter", "diff", "expectation", "pytest-error", "file-line-start"];
    next.indent > head.indent
        || (next.indent == head.indent && shaped.iter().any(|shape| next.looks(shape)) && !alarming(next))
}

fn role(piece: &Piece<'_>) -> Role {
    if piece.looks("terminator") { Role::Generic } else { Role::Root }
}

/// The kind that the words name, the most telling first.
fn kind(piece: &Piece<'_>) -> Kind {
    let says = |class| piece.says(class);
    match () {
        () if piece.looks("terminator") => Kind::Command,
        () if says("race") => Kind::Race,
        () if says("signal") || says("panic") => Kind::Crash,
        () if says("hang") => Kind::Timeout,
        () if says("kill") => Kind::Exhaustion,
        () if says("timeout") => Kind::Timeout,
        () if says("assertion") => Kind::Assertion,
        () if piece.looks("exception-head") => Kind::Exception,
        () if says("denial") => Kind::Network,
        () if piece.looks("cross") => Kind::Test,
        () => Kind::Error,
    }
}
