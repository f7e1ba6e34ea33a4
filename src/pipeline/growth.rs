//! The work of a whole analysis grows no faster than its input, whatever the input is.

use rayon::ThreadPoolBuilder;

use super::cluster::analyze;
use super::reading::reading;
use crate::facts::extract;
use crate::input::{self, Limits};
use crate::signatures::Catalog;
use crate::text::work;

#[path = "../../tests/growth/shapes.rs"]
mod shapes;

/// Work on four times the input, of that on the input: 4 to the power of 1.1.
const MOST: f64 = 4.6;

/// Returns how much work an input takes, in bytes that are looked at closely.
fn work(text: &str) -> u64 {
    let pool = ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    pool.install(|| {
        let catalog = Catalog::embedded();
        let analysis = || {
            let mut facts = Vec::new();
            input::open_bytes("x", text.as_bytes().to_vec(), &Limits::default(), &mut |source| {
                facts.push(extract(&source, &reading(catalog)));
            });
            analyze(facts, catalog, None)
        };
        work::of(analysis).1
    })
}

/// Returns what grows too fast of some kinds of line in some arrangements, from each count of lines to four times as
/// many. Windows of lines that are read round every failure fill up first, so one of the counts is enough to pass.
fn too_fast(kinds: &[&str], arrangements: &[usize], counts: &[usize]) -> Vec<String> {
    let shapes =
        kinds.iter().flat_map(|kind| arrangements.iter().map(move |arrangement| (kind, *arrangement)));
    let too_fast = |(kind, arrangement): (&&str, usize)| {
        let work = |count| work(&shapes::shape(kind, arrangement, count)) as f64;
        let mut grows = Vec::new();
        for count in counts {
            grows.push(work(4 * count) / work(*count));
            if grows.last().is_some_and(|grows| *grows <= MOST) {
                return None;
            }
        }
        Some(format!("{kind:?} in arrangement {arrangement}: {grows:.2?} times"))
    };
    shapes.filter_map(too_fast).collect()
}

#[test]
fn the_work_on_six_hundred_shapes_grows_no_faster_than_they_do() {
    let arrangements: Vec<usize> = (0..shapes::ARRANGEMENTS).collect();
    let found = too_fast(&shapes::KINDS, &arrangements, &[40, 400]);
    assert!(found.is_empty(), "{} of 600:\n{}", found.len(), found.join("\n"));
}

#[test]
fn the_work_on_long_inputs_grows_no_faster_than_they_do() {
    let kinds = [shapes::KINDS[2], shapes::KINDS[6]];
    let found = too_fast(&kinds, &[1, 5, 17, 18], &[800]);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn what_is_counted_sees_work_that_grows_with_the_square() {
    let square = |count: usize| work::of(|| (0..count).for_each(|_| work::add(count))).1;
    assert!(square(400) as f64 / square(100) as f64 > MOST);
}
