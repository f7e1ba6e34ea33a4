//! Sections in which test frameworks tell one failed test: a file for each form that they have.

use crate::facts::failures::{Block, Piece, Word};

mod compiled;
mod headed;
mod numbered;
mod pytest;
mod unittest;

pub use numbered::{marked, numbered};
pub use unittest::unittest_below;

/// Reads a section from its title to the line before the next title.
pub fn assemble(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    pytest::pytest(pieces, at)
        .or_else(|| unittest::unittest(pieces, at))
        .or_else(|| headed::minitest(pieces, at))
        .or_else(|| headed::verdict_above_trace(pieces, at))
        .or_else(|| headed::error_message(pieces, at))
        .or_else(|| numbered::marked(pieces, at))
        .or_else(|| numbered::numbered(pieces, at))
        .or_else(|| compiled::cargo(pieces, at))
        .or_else(|| compiled::gtest(pieces, at))
        .or_else(|| compiled::catch2(pieces, at))
        .or_else(|| compiled::testify(pieces, at))
        .or_else(|| headed::status(pieces, at))
        .or_else(|| headed::case_failed(pieces, at))
}

fn tells(piece: &Piece<'_>) -> bool {
    [
        Word::Error,
        Word::Exception,
        Word::Assertion,
        Word::Expectation,
        Word::Failure,
        Word::Timeout,
        Word::Inability,
    ]
    .iter()
    .any(|word| piece.says(*word))
}

#[cfg(test)]
mod tests {
    use crate::facts::failures::events_in;

    #[test]
    fn a_section_names_its_test_and_holds_its_lines() {
        for (log, expected, why) in [
            (
                "Failure:\nRingTest#test_pop [ring_test.rb:31]:\nExpected: 3\n  Actual: 4\n\nbin/test ring_test.rb:31\n",
                ("RingTest#test_pop", 1, 4),
                "Minitest",
            ),
            (
                "pops(acme.RingTest)  Time elapsed: 0.1 sec  <<< ERROR!\nacme.RingException: torn\n\tat acme.Ring.pop(Ring.java:3)\n\n",
                ("pops(acme.RingTest)", 1, 3),
                "Surefire",
            ),
            (
                "1) RingTest::pops\nThe ring failed: torn\n\n/w/src/Ring.php:71\n/w/tests/RingTest.php:31\n\nOK\n",
                ("RingTest::pops", 1, 5),
                "PHPUnit's places stand below a blank line",
            ),
            (
                "Failures:\n\n  1) Ring pops\n     Failure/Error: expect(ring.pop).to eq(4)\n\n       expected: 4\n\nDone\n",
                ("Ring pops", 3, 6),
                "RSpec: the heading of the list is none of its items",
            ),
            (
                "  ● ring › pops\n\n    expect(received).toBe(expected)\n\n    Expected: 4\n\nDone\n",
                ("ring › pops", 1, 5),
                "Jest",
            ),
            (
                "  Failed Ring.Pops [12 ms]\n  Error Message:\n   Assert.Equal() Failure\nExpected: 3\n  Stack Trace:\n     at Ring.Pops() in Ring.cs:line 7\n\nFailed!\n",
                ("Ring.Pops", 1, 6),
                ".NET",
            ),
            (
                "-------------------------------------------------------------------------------\nRing pops\n-------------------------------------------------------------------------------\nring.cpp:12\n...............................................................................\n\nring.cpp:14: FAILED:\n  REQUIRE( pop() == 4 )\nwith expansion:\n  3 == 4\n\nDone\n",
                ("Ring pops", 7, 10),
                "Catch2",
            ),
            (
                "__ ERROR at setup of test_pop[8] __\n>       pop()\nE       RingError: torn\n\n/w/ring.py:31: RingError\n\n_ test_push _\nE       RingError: lost\n= 2 failed in 0.1s =\n",
                ("ERROR at setup of test_pop[8]", 1, 5),
                "pytest on a narrow terminal, two marks and one",
            ),
        ] {
            let events = events_in(log);
            let found = events
                .iter()
                .find_map(|event| Some((event.test.as_deref()?, event.first_line, event.last_line)));
            assert_eq!(found, Some(expected), "{why}: {log}");
        }
    }
}
