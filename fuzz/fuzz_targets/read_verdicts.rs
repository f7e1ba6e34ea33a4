//! Reads arbitrary bytes as verdicts: no panic, and every span lies inside the bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ndlog::facts::failures::verdicts;
use ndlog::input::SourceKind;

fuzz_target!(|bytes: &[u8]| {
    for kind in [SourceKind::JUnit, SourceKind::Annotations] {
        let (verdicts, _) = verdicts::read("fuzz", bytes, kind);
        for verdict in verdicts {
            assert!(verdict.bytes.start <= verdict.bytes.end && verdict.bytes.end <= bytes.len() as u64);
            assert!(verdict.first_line <= verdict.last_line);
        }
    }
});
