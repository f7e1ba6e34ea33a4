//! How many bytes a second `templates` mines, on lines as services and builds write them.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ndlog::inner::mine;

/// Distinct lines: enough that the second pass is not free, as in real logs.
const LINES: usize = 20_000;

/// Returns lines of eight templates, with values that do not repeat.
fn log() -> Vec<String> {
    let line = |number: usize| {
        let user = ["anna", "bert", "carl", "dora", "emil"][number % 5];
        match number % 8 {
            0 => format!(
                "2026-03-01T10:{:02}:07.{number:06}Z accepted 10.0.{}.7:{number}",
                number % 60,
                number % 256
            ),
            1 => format!("session {number:x} of user {user} opened by (uid={number})"),
            2 => format!("   Compiling crate-{number} v0.{number}.1 (/home/ci/work/crate-{number})"),
            3 => format!("flushed {number} bytes to /data/segments/{number:08x}.seg in {number} ms"),
            4 => format!("test net::ring_{number} ... ok"),
            5 => format!("device {} link {} Started", number % 8, number % 4),
            6 => "waiting for the peer to answer, this can take a while".to_owned(),
            _ => format!(
                "GET https://example.org/api/v1/jobs/{number}?page={} 200 {}.5 ms",
                number % 9,
                number % 70
            ),
        }
    };
    (0..LINES).map(line).collect()
}

fn benchmark(criterion: &mut Criterion) {
    let lines = log();
    let bytes: usize = lines.iter().map(|line| line.len() + 1).sum();
    let mut group = criterion.benchmark_group("templates");
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("mine", |bencher| {
        bencher.iter(|| mine(black_box(&lines).iter().map(|line| line.as_bytes())));
    });
    group.finish();
}

criterion_group!(benches, benchmark);
criterion_main!(benches);
