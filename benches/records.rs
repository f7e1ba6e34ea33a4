//! How many bytes a second lines are read as records, by what is round them.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ndlog::inner::{Index, Reader, longest_gap, parse, split};

/// One log a case: what it shows, and lines that repeat.
const CASES: [(&str, &str); 5] = [
    (
        "github",
        "2026-11-22T10:14:52.0560358Z [       OK ] RingTest.SendsAroundTheRing (12 ms)\n\
         2026-11-22T10:14:52.0570358Z   with: fetch-depth 0 and submodules recursive\n\
         2026-11-22T10:14:52.0580358Z ##[group]Run make test\n",
    ),
    (
        "github with application times",
        "2026-11-22T10:14:52.0560358Z 2026-11-22 10:14:51.950 | warning  |          Device | link 4 retrains\n",
    ),
    ("syslog", "Nov 22 10:14:52 ring-07 sshd[12345]: session opened for user ring by (uid=0)\n"),
    ("travis", "travis_time:start:0b2c\r\x1b[0K$ make test\n\x1b[32m  ok\x1b[0m sends around the ring\r\n"),
    ("plain", "    Compiling ring v0.1.0 (/home/ring) with a few more words behind it\n"),
];

fn read(criterion: &mut Criterion) {
    for (name, lines) in CASES {
        let text = lines.repeat(1000);
        let mut group = criterion.benchmark_group(format!("records/{name}"));
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function("parse", |bencher| {
            bencher.iter(|| {
                split(text.as_bytes()).for_each(|line| {
                    black_box(parse(line));
                });
            });
        });
        let reader = Reader::guess(text.as_bytes());
        group.bench_function("time", |bencher| {
            bencher.iter(|| split(text.as_bytes()).filter_map(|line| reader.time(line)).max());
        });
        group.finish();
    }
}

fn silences(criterion: &mut Criterion) {
    let text = CASES[0].1.repeat(100_000);
    let reader = Reader::guess(text.as_bytes());
    let index = Index::new(text.as_bytes());
    let mut group = criterion.benchmark_group("records/silences");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("longest_gap", |bencher| {
        bencher.iter(|| longest_gap(&index, &reader, 60_000_000_000, std::iter::once(1..=index.lines())));
    });
    group.finish();
}

criterion_group!(benches, read, silences);
criterion_main!(benches);
