//! A log in chunks, looked at on all cores.

use std::ops::Range;

use memchr::memchr;
use rayon::prelude::*;

/// Bytes that one thread looks at at a time. The same for any number of threads, so that what is found is.
pub const CHUNK: usize = 1 << 20;

/// Chunks that are looked at before what they gave is taken, so that no more of it is held at once.
const WAVE: usize = 64;

/// One chunk of a log.
#[derive(Clone, Debug)]
pub struct Chunk {
    /// All of them together are the log.
    pub bytes: Range<usize>,
    /// The lines that begin in `bytes`, to the end of the last one; empty if none does.
    pub lines: Range<usize>,
}

/// Calls `look` with each chunk of `bytes`, on all cores; `take` with what it returned, in order; and `passed` with the
/// bytes of each wave of chunks after it was looked at.
pub fn each<T: Send>(
    bytes: &[u8],
    look: impl Fn(Chunk) -> T + Sync,
    mut take: impl FnMut(T) + Send,
    passed: &(dyn Fn(Range<usize>) + Sync),
) {
    let chunks = bytes.len().div_ceil(CHUNK);
    let mut looked: Vec<T> = Vec::new();
    for wave in (0..chunks).step_by(WAVE) {
        let end = chunks.min(wave + WAVE);
        let before = std::mem::take(&mut looked);
        let next = || (wave..end).into_par_iter().map(|number| look(chunk(bytes, number))).collect();
        ((), looked) = rayon::join(|| before.into_iter().for_each(&mut take), next);
        passed(wave * CHUNK..bytes.len().min(end * CHUNK));
    }
    looked.into_iter().for_each(take);
}

/// Returns what `look` says of each of some items, in order; so many items are looked at by one thread at a time, on all
/// cores.
pub fn map<I: Sync, T: Send>(items: &[I], at_once: usize, look: impl Fn(&[I]) -> Vec<T> + Sync) -> Vec<T> {
    items.par_chunks(at_once).flat_map_iter(&look).collect()
}

/// Beyond the chunk only the end of its last line is sought, so that one long line costs no more than its bytes.
fn chunk(bytes: &[u8], number: usize) -> Chunk {
    let (start, end) = (number * CHUNK, bytes.len().min((number + 1) * CHUNK));
    let behind = |from: usize, to: usize| memchr(b'\n', bytes.get(from..to)?).map(|place| from + place + 1);
    let first = if start == 0 { Some(0) } else { behind(start - 1, end - 1) };
    let lines = first.filter(|first| *first < end);
    let lines = lines.map_or(end..end, |first| first..behind(end - 1, bytes.len()).unwrap_or(bytes.len()));
    Chunk { bytes: start..end, lines }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::text::lines::split;

    #[test]
    fn each_line_is_in_one_chunk_and_each_byte_is_passed_once() {
        for width in [1, 40, CHUNK - 2, CHUNK - 1, CHUNK, 3 * CHUNK] {
            let log = format!("{}\nshort\n\n", "x".repeat(width)).repeat(2 + 2 * CHUNK / (width + 8));
            for log in [log.as_bytes(), log.trim_end().as_bytes(), b"", b"\n", b"x"] {
                let (mut starts, mut end) = (Vec::new(), 0);
                let look = |chunk: Chunk| {
                    let lines = split(&log[chunk.lines.clone()]).map(|line| line.start).collect();
                    (chunk, lines)
                };
                let passed = Mutex::new(0);
                let take = |(chunk, lines): (Chunk, Vec<u64>)| {
                    assert_eq!(chunk.bytes.start, end);
                    end = chunk.bytes.end;
                    starts.extend(lines.into_iter().map(|line| line + chunk.lines.start as u64));
                };
                each(log, look, take, &|wave| {
                    let mut passed = passed.lock().unwrap();
                    assert_eq!(*passed, wave.start);
                    *passed = wave.end;
                });
                let expected: Vec<u64> = split(log).map(|line| line.start).collect();
                assert!(starts == expected, "{width}");
                assert_eq!((end, *passed.lock().unwrap()), (log.len(), log.len()));
            }
        }
    }
}
