//! Opens arbitrary bytes: no panic, and never more out than the limits allow.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ndlog::input::{Limits, open_bytes};

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { expanded_bytes: 1 << 20, memory_bytes: 1 << 12, entries: 50, ..Limits::default() };
    let mut read = 0;
    open_bytes("fuzz", bytes.to_vec(), &limits, &mut |source| read += source.bytes.len() as u64);
    // A tar repeats stored bytes at most once a layer; UTF-8 takes at most half as much again as UTF-16.
    let stored = bytes.len() as u64 * u64::from(limits.nesting + 1);
    assert!(read <= 2 * (limits.expanded_bytes + stored), "{read} bytes out of {}", bytes.len());
});
