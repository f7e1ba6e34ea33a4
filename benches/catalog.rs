//! How fast a line is looked up among the known failures, and what the catalog costs at the start.

use std::hint::black_box;

use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use ndlog::inner::{Catalog, Entry};

/// What most lines of a log are like: nothing known.
const ORDINARY: [&str; 8] = [
    "   Compiling serde_json v1.0.154",
    "tests/test_ring.py::test_close[4-8192-wormhole_b0] PASSED                    [ 12%]",
    "Op: matmul (M=4096, K=1024, N=2048) took 12.41 ms on device 3, core (x=7,y=1)",
    "-- Installing: /work/build/include/ring/take.hpp",
    "Get:4 http://mirror.example.com/ubuntu noble-updates/main amd64 libring-dev amd64 1.2 [12.4 kB]",
    "[INFO] Running ring.RingTest",
    "epoch 3 step 1204 loss 0.4821 lr 0.0003 tokens/s 81233",
    "remote: Compressing objects: 100% (12/12), done.",
];

fn find(criterion: &mut Criterion) {
    let catalog = Catalog::read_embedded().expect("the tests read every embedded entry");
    let mut group = criterion.benchmark_group("catalog");
    // All known failures in turn take long: more of them a sample would only take longer.
    group.sampling_mode(SamplingMode::Flat);
    let known: Vec<&str> = catalog
        .entries()
        .flat_map(|entry: &Entry| &entry.matches)
        .map(|example| example.line.as_str())
        .collect();
    for (name, lines) in [("ordinary lines", ORDINARY.to_vec()), ("known failures", known)] {
        group.throughput(Throughput::Bytes(lines.iter().map(|line| line.len() as u64).sum()));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                lines.iter().filter(|line| catalog.find(black_box(line.as_bytes())).is_some()).count()
            });
        });
    }
    group.finish();
}

fn start(criterion: &mut Criterion) {
    criterion.bench_function("catalog/read all entries and find one", |bencher| {
        bencher.iter(|| Catalog::read_embedded().map(|catalog| catalog.find(b"Killed").is_some()));
    });
}

criterion_group!(benches, find, start);
criterion_main!(benches);
