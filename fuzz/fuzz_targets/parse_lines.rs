//! Splits, cleans and understands arbitrary bytes: no panic, and the lines add up to the bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ndlog::{lines, records};

fuzz_target!(|bytes: &[u8]| {
    let mut next = 0;
    for line in lines::split(bytes) {
        assert_eq!(line.start, next);
        next = line.end() + 1;
        assert!(lines::clean(line.bytes).len() <= line.bytes.len());
        records::parse(line);
    }
    assert!(next == bytes.len() as u64 || next == bytes.len() as u64 + 1 || bytes.is_empty());
});
