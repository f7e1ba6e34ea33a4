//! A log in chunks of whole lines, looked at on all cores.

use std::ops::Range;

use memchr::memchr;
use rayon::prelude::*;

/// Bytes that one thread looks at at a time. The same for any number of threads, so that what is found is.
pub const CHUNK: usize = 1 << 20;

/// Chunks that are looked at before what they gave is taken, so that no more of it is held at once.
const WAVE: usize = 64;

/// Calls `look` with the bounds of the lines that begin in each chunk of `bytes`, on all cores, and `take` with what
/// it returned, in order.
pub fn each<T: Send>(bytes: &[u8], look: impl Fn(Range<usize>) -> T + Sync, mut take: impl FnMut(T)) {
    let chunks = bytes.len().div_ceil(CHUNK);
    for wave in (0..chunks).step_by(WAVE) {
        let bounds = (wave..chunks.min(wave + WAVE)).into_par_iter().filter_map(|chunk| lines(bytes, chunk));
        let looked: Vec<T> = bounds.map(&look).collect();
        looked.into_iter().for_each(&mut take);
    }
}

/// Returns the bounds of the lines that begin in a chunk, or `None` if none does. Beyond the chunk only the end of its
/// last line is sought, so that one long line costs no more than its bytes.
fn lines(bytes: &[u8], chunk: usize) -> Option<Range<usize>> {
    let (start, end) = (chunk * CHUNK, bytes.len().min((chunk + 1) * CHUNK));
    let behind = |from: usize, to: usize| memchr(b'\n', bytes.get(from..to)?).map(|place| from + place + 1);
    let first = if start == 0 { 0 } else { behind(start - 1, end - 1)? };
    (first < end).then(|| first..behind(end - 1, bytes.len()).unwrap_or(bytes.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::lines::split;

    #[test]
    fn each_line_is_in_one_chunk() {
        for width in [1, 40, CHUNK - 2, CHUNK - 1, CHUNK, 3 * CHUNK] {
            let log = format!("{}\nshort\n\n", "x".repeat(width)).repeat(2 + 2 * CHUNK / (width + 8));
            for log in [log.as_bytes(), log.trim_end().as_bytes(), b"", b"\n", b"x"] {
                let mut starts = Vec::new();
                let look = |bounds: Range<usize>| {
                    (bounds.start, split(&log[bounds]).map(|line| line.start).collect())
                };
                each(log, look, |(start, lines): (usize, Vec<u64>)| {
                    starts.extend(lines.into_iter().map(|line| line + start as u64));
                });
                let expected: Vec<u64> = split(log).map(|line| line.start).collect();
                assert!(starts == expected, "{width}");
            }
        }
    }
}
