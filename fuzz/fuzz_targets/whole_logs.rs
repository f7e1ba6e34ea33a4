//! Feeds arbitrary bytes to the target `whole_logs`, whose promise stands with it.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/fuzz/targets.rs"]
mod targets;

fuzz_target!(|bytes: &[u8]| targets::run("whole_logs", bytes));
