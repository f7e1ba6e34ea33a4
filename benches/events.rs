//! How many bytes a second events are found in, in a log that fails everywhere and in one that is well.

use std::fmt::Write;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ndlog::inner::{Index, Reader, TestLines, assemble, order, shapes, split, tolerated};

/// Lines of each log.
const LINES: usize = 20_000;

/// What the lines of a log are like, in turn; numbers differ from line to line.
const WELL: [&str; 4] = [
    "   Compiling ring v0.1.",
    "tests/test_ring.py::test_close[4-8192] PASSED in 0.",
    "-- Installing: /work/build/include/ring/take.hpp ",
    "epoch 3 loss 0.4821 tokens/s ",
];
const FAILING: [&str; 6] = [
    "ring/take.cc:31:7: error: no member named 'take' in ring ",
    "    return take(ring, 4);",
    "Traceback (most recent call last):",
    "  File \"ring/take.py\", line 12, in take",
    "ring.errors.RingError: link 4 did not answer, attempt ",
    "make[2]: *** [ring/take.o] Error ",
];

fn log(lines: &[&str]) -> String {
    let mut text = String::new();
    for number in 0..LINES {
        let words = lines[number % lines.len()];
        // Writing to a string cannot fail.
        let _ = writeln!(text, "2026-11-22T10:14:52.0560358Z {words}{number}");
    }
    text
}

fn find(criterion: &mut Criterion) {
    for (name, lines) in [("well", WELL.as_slice()), ("failing", FAILING.as_slice())] {
        let text = log(lines);
        let reader = Reader::guess(text.as_bytes());
        let index = Index::new(text.as_bytes());
        let events = assemble(&index, &reader);
        let mut group = criterion.benchmark_group(format!("events/{name}"));
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function("assemble", |bencher| bencher.iter(|| assemble(&index, &reader)));
        group.bench_function("shapes", |bencher| {
            bencher.iter(|| {
                split(text.as_bytes()).for_each(|line| {
                    black_box(shapes(line.bytes));
                });
            });
        });
        group.bench_function("order", |bencher| {
            let tests = TestLines::of(&index);
            bencher.iter(|| order(black_box(&events), |event| tolerated(&index, &tests, event)));
        });
        group.finish();
    }
}

criterion_group!(benches, find);
criterion_main!(benches);
