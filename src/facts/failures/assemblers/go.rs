//! Go panics, fatal errors, test time-outs and their goroutines.

use memchr::memmem;

use crate::facts::failures::frames::go_function;
use crate::facts::failures::{Block, Frame, Kind, Passage, Piece, Report};

/// Lines between the head and the first goroutine.
const HEAD: usize = 16;

/// What every dump of waiting goroutines is called, whoever asked for it: the test's own limit, a
/// signal or the runtime, which saw that none could go on.
const WAITING: &str = "goroutines waiting";

/// Reads `panic: …`, `fatal error: …` or `SIGQUIT: quit` and the goroutines printed after it.
pub fn assemble(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    let text = pieces.text(at);
    if !is_head(text) && !pieces.holds(at, is_goroutine) {
        return None;
    }
    let first = (at..pieces.len().min(at + HEAD)).find(|&position| pieces.holds(position, is_goroutine))?;
    let (goroutines, last) = goroutines(pieces, first);
    let mut block = Block::new(kind(text, &goroutines), at, last, at);
    if is_head(text) {
        block.report = Report::Fault;
    }
    if block.kind == Kind::Exception {
        block.class = Some(head_class(text));
        block.frames = goroutines.into_iter().next().map(|one| one.frames).unwrap_or_default();
    } else {
        block.class = Some(WAITING.to_owned());
        block.frames = waiting(&goroutines);
        block.identity = identity(&block.frames);
    }
    Some(block)
}

fn is_head(text: &[u8]) -> bool {
    [&b"panic: "[..], b"fatal error: ", b"SIGQUIT: ", b"SIGABRT: "].iter().any(|head| text.starts_with(head))
}

fn is_goroutine(piece: &Piece<'_>) -> bool {
    let text = piece.text();
    text.strip_prefix(b"goroutine ").is_some_and(|rest| rest.first().is_some_and(u8::is_ascii_digit))
        && text.trim_ascii_end().ends_with(b"]:")
}

/// A dump of several goroutines that nobody's panic began shows who waits for whom.
fn kind(text: &[u8], goroutines: &[Goroutine]) -> Kind {
    let says = |words: &[u8]| memmem::find(text, words).is_some();
    match () {
        () if says(b"all goroutines are asleep") => Kind::Deadlock,
        () if says(b"test timed out") || text.starts_with(b"SIGQUIT") || text.starts_with(b"SIGABRT") => {
            Kind::Timeout
        }
        () if !is_head(text) && goroutines.len() > 2 => Kind::Timeout,
        () => Kind::Exception,
    }
}

fn head_class(text: &[u8]) -> String {
    let class = text.split(|byte| *byte == b':').next().unwrap_or_default();
    if is_head(text) { String::from_utf8_lossy(class).into_owned() } else { "goroutine".to_owned() }
}

/// One goroutine of a dump.
struct Goroutine {
    /// Innermost first.
    frames: Vec<Frame>,
}

/// Reads goroutines and what stands between and after them; returns the last line that is theirs.
fn goroutines(pieces: &[Piece<'_>], from: usize) -> (Vec<Goroutine>, usize) {
    let mut found: Vec<Goroutine> = Vec::new();
    let mut last = from;
    for (position, piece) in pieces.iter().enumerate().skip(from) {
        if is_goroutine(piece) {
            found.push(Goroutine { frames: Vec::new() });
        } else if let Some(place) = place(piece) {
            let function = go_function(pieces.text(position - 1)).unwrap_or_default();
            let created = pieces.text(position - 1).starts_with(b"created by ");
            if let (false, Some(open)) = (created, found.last_mut()) {
                open.frames.push(Frame { function, ..place });
            }
        } else if !piece.is_blank() && !belongs(pieces, position) {
            break;
        }
        if !piece.is_blank() {
            last = position;
        }
    }
    (found, last)
}

fn place(piece: &Piece<'_>) -> Option<Frame> {
    let indented = piece.indent() > 0;
    piece.frame().filter(|place| indented && place.function.is_empty() && !place.file.is_empty())
}

/// A function line before its place, a register, or what ends a dump.
fn belongs(pieces: &[Piece<'_>], position: usize) -> bool {
    let text = pieces.text(position);
    let register = text
        .splitn(2, |byte| *byte == b' ')
        .nth(1)
        .is_some_and(|value| value.trim_ascii().starts_with(b"0x"));
    let ends =
        [&b"exit status "[..], b"FAIL", b"*** Test killed", b"...additional frames", b"runtime stack:"];
    pieces.get(position + 1).is_some_and(|next| place(next).is_some())
        || register
        || ends.iter().any(|end| text.starts_with(end))
}

/// Returns for each goroutine the innermost frame of code that is not Go's own, sorted, each once:
/// how many wait in one place and their order vary from run to run.
fn waiting(goroutines: &[Goroutine]) -> Vec<Frame> {
    let own = |one: &Goroutine| one.frames.iter().find(|frame| !is_standard(frame)).cloned();
    let mut innermost: Vec<Frame> = goroutines.iter().filter_map(own).collect();
    innermost.sort_by(|a, b| (&a.function, a.line).cmp(&(&b.function, b.line)));
    innermost.dedup_by(|a, b| a.function == b.function);
    innermost
}

fn identity(waiting: &[Frame]) -> Option<Vec<String>> {
    let functions = waiting.iter().map(|frame| frame.function.clone());
    (!waiting.is_empty()).then(|| std::iter::once(WAITING.to_owned()).chain(functions).collect())
}

/// First elements of the import paths of Go's own packages.
const STANDARD: &[&str] = &[
    "archive",
    "bufio",
    "bytes",
    "cmp",
    "compress",
    "container",
    "context",
    "crypto",
    "database",
    "debug",
    "encoding",
    "errors",
    "expvar",
    "flag",
    "fmt",
    "hash",
    "html",
    "image",
    "internal",
    "io",
    "iter",
    "log",
    "maps",
    "math",
    "mime",
    "net",
    "os",
    "path",
    "plugin",
    "reflect",
    "regexp",
    "runtime",
    "slices",
    "sort",
    "strconv",
    "strings",
    "sync",
    "syscall",
    "testing",
    "text",
    "time",
    "unicode",
];

fn is_standard(frame: &Frame) -> bool {
    let package = frame.function.split(['.', '/']).next().unwrap_or_default();
    STANDARD.contains(&package) || frame.file.ends_with("_testmain.go")
}
