//! Feeds arbitrary bytes to the target `parts`, whose promise stands with it.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/fuzz/targets.rs"]
mod targets;

fuzz_target!(|bytes: &[u8]| targets::run("parts", bytes));
