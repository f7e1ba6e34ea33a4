//! Go panics, fatal errors, test time-outs and their goroutines.

use memchr::memmem;

use crate::events::block::Block;
use crate::events::event::{Frame, Kind};
use crate::events::passage::Piece;

use super::stack;

/// Reads `panic: …` or `fatal error: …` and the goroutines printed after it.
pub fn assemble(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    let text = pieces[at].text();
    let is_head =
        text.starts_with(b"panic: ") || text.starts_with(b"fatal error: ") || text.starts_with(b"SIGQUIT: ");
    let goroutine = (at..pieces.len().min(at + 12))
        .find(|&position| pieces[position].text().starts_with(b"goroutine "))?;
    if !is_head && goroutine != at {
        return None;
    }
    let goroutines = goroutines(pieces, goroutine);
    let last = goroutines.iter().map(|(_, _, last)| *last).max().unwrap_or(goroutine);
    let mut block = Block::new(kind(text), at, last, at);
    block.class = Some(if is_head { head_class(text) } else { "goroutines".to_owned() });
    block.frames = tell_tale(text, &goroutines);
    Some(block)
}

fn kind(text: &[u8]) -> Kind {
    let says = |words: &[u8]| memmem::find(text, words).is_some();
    match () {
        () if says(b"test timed out") => Kind::Timeout,
        () if says(b"all goroutines are asleep") => Kind::Deadlock,
        () => Kind::Exception,
    }
}

fn head_class(text: &[u8]) -> String {
    if memmem::find(text, b"test timed out").is_some() {
        return "test timed out".to_owned();
    }
    String::from_utf8_lossy(text.split(|byte| *byte == b':').next().unwrap_or_default()).into_owned()
}

/// Each goroutine's state, frames and last line.
fn goroutines(pieces: &[Piece<'_>], from: usize) -> Vec<(String, Vec<Frame>, usize)> {
    let mut found = Vec::new();
    let mut at = from;
    while at < pieces.len() {
        if pieces[at].text().starts_with(b"goroutine ") {
            let state = pieces[at].trimmed();
            let run = stack::run(pieces, at + 1, 1);
            let last = run.as_ref().map_or(at, |run| run.last);
            found.push((state, run.map(|run| run.frames).unwrap_or_default(), last));
            at = last + 1;
        } else if pieces[at].is_blank()
            || pieces[at].text().starts_with(b"exit status")
            || pieces[at].text().starts_with(b"FAIL")
        {
            at += 1;
        } else {
            break;
        }
    }
    found
}

/// Returns the frames that tell this failure from others: those of the goroutine that panicked,
/// or, where a time-out dumped them all, the innermost own frame of each blocked one, sorted.
fn tell_tale(head: &[u8], goroutines: &[(String, Vec<Frame>, usize)]) -> Vec<Frame> {
    if kind(head) == Kind::Exception {
        return goroutines.first().map(|(_, frames, _)| frames.clone()).unwrap_or_default();
    }
    let mut innermost: Vec<Frame> = goroutines
        .iter()
        .filter_map(|(_, frames, _)| frames.iter().find(|frame| !is_runtime(frame)).cloned())
        .collect();
    innermost.sort_by(|a, b| (&a.function, a.line).cmp(&(&b.function, b.line)));
    innermost.dedup();
    innermost
}

/// The Go installation's own packages have no dot before their first slash.
fn is_runtime(frame: &Frame) -> bool {
    frame.file.contains("/src/runtime/")
        || frame.file.contains("/src/sync/")
        || frame.file.contains("/src/testing/")
        || frame.file.contains("/libexec/")
        || frame.file.ends_with("_testmain.go")
}
