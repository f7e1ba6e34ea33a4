//! What is news and what is not, case by case, and what holds for any logs.

use proptest::prelude::*;

use super::contrast::Contrast;
use super::*;

/// Checks which lines of `fail`, by number, are news to who knows `pass`.
fn check(pass: &str, fail: &str, expected: &[(u64, u64)], why: &str) {
    let contrast = subtract(fail.as_bytes(), &Baseline::new([pass.as_bytes()]));
    let mut found: Vec<_> =
        contrast.passages.iter().map(|passage| (passage.line_start, passage.line_end)).collect();
    found.sort_unstable();
    assert_eq!(found, expected, "{why}");
}

#[test]
fn what_tells_a_failure_is_news() {
    check("a 1\nb\n", "a 2\nerror: link 7 lost\nb\n", &[(2, 2)], "one line of its own");
    check(
        "fetch abc\ndone\n",
        "fetch abc\nfetch 41 more things\nerror: link 7 lost\ndone\n",
        &[(2, 3)],
        "a new line at its side stays with it",
    );
    check(
        "start\nend\n",
        "start\nnew greeting, all is well\nend\nstart\nend\nerror: link lost\n",
        &[(6, 6)],
        "new lines with nothing to tell, far from it, do not",
    );
}

#[test]
fn expected_errors_are_no_news() {
    check("error: retry 1 of 3\nok\n", "error: retry 2 of 3\nok\n", &[], "passing runs say it too");
    check("W: /tmp/a/x.c\n", "W: /tmp/b/y.c\n", &[], "another path without a failure");
    check(
        "error: cannot read /a/b.c\n",
        "error: cannot read /d/e.c\n",
        &[(1, 1)],
        "another path with a failure is one",
    );
}

#[test]
fn a_report_keeps_the_frames_that_passing_runs_print_too() {
    let shared = "    at run (pool.js:3:4)\n    at main (main.js:9:1)\n";
    let pass = format!("warm-up\nError: expected\n    at one (one.js:1:1)\n{shared}done\n");
    let fail = format!("warm-up\nTypeError: ring is undefined\n    at two (two.js:5:2)\n{shared}done\n");
    check(&pass, &fail, &[(2, 5)], "the whole stack");
}

#[test]
fn edges_without_news_are_cut() {
    check(
        "start\nend\n",
        "start\nerror: link 3 lost on ring\n\n2 failed\nBUILD FAILED in 3s\nend\n",
        &[(2, 2)],
        "verdicts that do not say what failed",
    );
    check(
        "start\nend\n",
        "start\nFAIL src/ring/pop_test [build failed]\nend\nstart\nend\nerror: link 3 lost on ring\nend\n",
        &[(2, 2), (6, 6)],
        "a verdict that names what failed stays",
    );
    check(
        "start\nend\n",
        "start\n1 done\n2 done\n3 done\n4 done\nINFO opening the gate\nerror: link 3 lost on ring\nend\n",
        &[(4, 7)],
        "quiet lines before it, but for a few that touch it",
    );
    check(
        "start\nend\n",
        "start\n==> checking the ring\nerror: link 3 lost on ring\nmake: *** [ring] Error 2\nend\n",
        &[(2, 4)],
        "the heading above and the exit code below touch it",
    );
}

#[test]
fn a_log_that_fails_without_words_still_has_its_rarest_lines() {
    check("step one\nstep two\n", "step one\nring three goes dark\n", &[(2, 2)], "no word of failure");
}

#[test]
fn the_line_that_says_what_comes_before_the_one_that_says_that() {
    let fail = b"error: link 3 lost: device not found\nx\ny\nz\nmake: *** [ring] Error 2\n";
    let contrast = subtract(fail, &Baseline::new([&b"x\ny\nz\n"[..]]));
    assert_eq!(contrast.passages[0].line_start, 1);
    assert!(contrast.passages.iter().all(|passage| passage.score > 0.0 && passage.score < 1.0));
}

/// Returns logs of lines in which words and numbers meet often.
fn log() -> impl Strategy<Value = Vec<u8>> {
    let line = prop::sample::select(vec![
        "link 1 up",
        "link 22 up",
        "error: link 4 lost",
        "  at ring.c:7",
        "",
        "INFO all is well",
        "\x1b[31mFAILED\x1b[0m",
        "BUILD FAILED",
        "fetch /tmp/a/b.c",
        "caused by: no space left",
        "10%\r20%",
        "\u{fffd}\u{1}",
    ]);
    prop::collection::vec(line, 0..40).prop_map(|lines| lines.join("\n").into_bytes())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_log_says_nothing_that_it_does_not_say_itself(log in log(), other in log()) {
        let baseline = Baseline::new([&other[..], &log[..]]);
        prop_assert_eq!(subtract(&log, &baseline), Contrast::default());
    }

    #[test]
    fn the_order_of_passing_logs_changes_nothing(a in log(), b in log(), fail in log()) {
        let one = subtract(&fail, &Baseline::new([&a[..], &b[..]]));
        prop_assert_eq!(one, subtract(&fail, &Baseline::new([&b[..], &a[..]])));
    }

    #[test]
    fn passages_lie_in_the_log_and_apart(pass in log(), fail in prop::collection::vec(any::<u8>(), 0..300), told in log()) {
        let fail = [&fail[..], b"\n", &told].concat();
        let mut passages = subtract(&fail, &Baseline::new([&pass[..]])).passages;
        passages.sort_by_key(|passage| passage.line_start);
        let mut free = 1;
        for passage in passages {
            prop_assert!(free <= passage.line_start && passage.line_start <= passage.line_end);
            free = passage.line_end + 1;
        }
        prop_assert!(free <= crate::text::lines::split(&fail).count() as u64 + 1);
    }
}
