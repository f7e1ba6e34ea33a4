//! How many bytes a second the one pass over a log takes, whose lines hold few words of failure or many.

use std::fmt::Write;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ndlog::inner::{Index, Literals, Reader, scan_bytes};

/// Lines of each log.
const LINES: usize = 100_000;

/// What the lines of a log are like; one of them in so many is one that is sought.
const ORDINARY: [&str; 4] = [
    "   Compiling ring v0.1.",
    "Op: matmul (M=4096, K=1024) took 12.41 ms on core ",
    "-- Installing: /work/build/include/ring/take.hpp ",
    "epoch 3 loss 0.4821 tokens/s ",
];
const SOUGHT: [&str; 4] = [
    "error: link did not answer, attempt ",
    "tests/test_ring.py::test_close PASSED in 0.",
    "The process finished with exit code ",
    "warning: the ring failed to close in time ",
];

fn log(one_in: usize) -> String {
    let mut text = String::new();
    for number in 0..LINES {
        let lines = if number % one_in == 0 { SOUGHT } else { ORDINARY };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "2026-11-22T10:14:52.0560358Z {}{number}", lines[number / one_in % 4]);
    }
    text
}

fn pass(criterion: &mut Criterion) {
    for one_in in [1, 10, 100] {
        let text = log(one_in);
        let reader = Reader::guess(text.as_bytes());
        let mut group = criterion.benchmark_group(format!("scan/one line in {one_in} is sought"));
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function("all", |bencher| {
            bencher.iter(|| scan_bytes(black_box(text.as_bytes()), &reader, &|_| {}))
        });
        group.bench_function("newlines", |bencher| bencher.iter(|| Index::new(black_box(text.as_bytes()))));
        group.finish();
    }
}

/// A search costs the same for ten strings as for many.
fn strings(criterion: &mut Criterion) {
    let text = log(100);
    let mut group = criterion.benchmark_group("scan/strings");
    group.throughput(Throughput::Bytes(text.len() as u64));
    for count in [10, 100, 400] {
        let strings: Vec<String> = (0..count).map(|number| format!("Ring {number} is torn")).collect();
        let literals = Literals::new(&strings.iter().map(String::as_str).collect::<Vec<_>>());
        group.bench_function(count.to_string(), |bencher| {
            bencher.iter(|| {
                let mut lines = 0;
                literals.each_place(black_box(text.as_bytes()), |_, _| lines += 1);
                lines
            });
        });
    }
    group.finish();
}

criterion_group!(benches, pass, strings);
criterion_main!(benches);
