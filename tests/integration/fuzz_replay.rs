//! Replays the fuzzer's corpus, the logs of the lab and mutations of both through every target, on the compiler that
//! builds the program. A long search is the fuzzer's: see `fuzz/README.md`.

use std::fs;
use std::path::{Path, PathBuf};

#[path = "../fuzz/targets.rs"]
mod targets;

use targets::{TARGETS, run};

/// Bytes of a seed that are used: a mutation anywhere in it is as good as one in a longer one.
const LONGEST: usize = 8 << 10;
/// Mutations of each seed; `NDLOG_MUTATIONS` asks for more.
const MUTATIONS: u64 = 2;
/// Every so many files of the lab are seeds.
const EVERY: usize = 12;

/// Numbers that are the same in every run (xorshift64*).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % end.max(1)
    }
}

/// Pieces that mean something to one reader or another.
const PIECES: [&[u8]; 25] = [
    b"\n",
    b"\r",
    b"\0",
    b"\x1b[",
    b"\xff\xfe",
    b"<testcase ",
    b"</",
    b"]]>",
    b"<!--",
    b"&#x0;",
    b"[{\"message\":",
    b"\\u0000",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x1f\x8b\x08",
    b"BZh9",
    b"99999999999999999999",
    b"\n[999999999999.999999] ",
    b"-1",
    b"1e309",
    b"2026-13-45T99:99:99Z",
    b"Traceback (most recent call last):\n",
    b"  File \"",
    b"##[error]",
    b"thread 'main' panicked at ",
];

fn mutated(seed: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=random.below(4) {
        let (from, to) = (random.below(bytes.len() + 1), random.below(bytes.len() + 1));
        let (from, to) = (from.min(to), from.max(to));
        match random.below(5) {
            0 => bytes.truncate(to),
            1 => {
                bytes.splice(from..to.min(from + 64), []);
            }
            2 => {
                let piece = PIECES[random.below(PIECES.len())].repeat(1 + random.below(3));
                bytes.splice(from..from, piece);
            }
            3 => {
                let copy = bytes[from..to.min(from + 512)].to_vec();
                bytes.splice(from..from, copy);
            }
            _ => {
                if let Some(byte) = bytes.get_mut(from) {
                    *byte = random.below(256) as u8;
                }
            }
        }
    }
    bytes
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut entries: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut lab, mut corpus) = (Vec::new(), Vec::new());
    files(&root.join("datasets"), &mut lab);
    files(&root.join("fuzz/corpus").join(target), &mut corpus);
    let chosen = lab.into_iter().step_by(EVERY).chain(corpus);
    let read = |path: PathBuf| fs::read(path).unwrap().into_iter().take(LONGEST).collect();
    chosen.map(read).chain(PIECES.iter().map(|piece| piece.to_vec())).collect()
}

#[test]
fn the_corpus_the_lab_and_their_mutations_hold_every_promise() {
    let mutations = std::env::var("NDLOG_MUTATIONS").ok().and_then(|number| number.parse().ok());
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for (name, _) in TARGETS {
        let seeds = seeds(name);
        assert!(seeds.len() > 30, "{name} has no seeds");
        for seed in &seeds {
            run(name, seed);
            for _ in 0..mutations.unwrap_or(MUTATIONS) {
                let bytes = mutated(seed, &mut random);
                let result = std::panic::catch_unwind(|| run(name, &bytes));
                assert!(result.is_ok(), "{name} fails on {:?}", String::from_utf8_lossy(&bytes));
            }
        }
    }
}
