//! `ndlog show`: one failure, named by its number or its id, with all that is known of it.

use serde_json::Value;

use crate::program::{self, data, findings};

fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    program::run(data("suite"), arguments)
}

fn clusters() -> Vec<Value> {
    findings(data("suite"), &["runs"])["clusters"].as_array().unwrap().clone()
}

#[test]
fn a_failure_is_shown_by_its_number_its_id_or_the_beginning_of_that() {
    let clusters = clusters();
    let forms: [fn(&str) -> String; 3] = [str::to_owned, |id| id[..8].to_owned(), str::to_uppercase];
    for ((number, cluster), form) in (1..).zip(&clusters).zip(forms) {
        let id = cluster["id"].as_str().unwrap();
        let (code, by_number, error) = run(&["show", &number.to_string(), "runs"]);
        assert_eq!(code, Some(0), "{error}");
        let (test, rate) = (cluster["tests"][0].as_str().unwrap(), &cluster["rate"]);
        for part in [
            id,
            test,
            &format!("{} of {} runs", rate["failed"], rate["ran"]),
            "\nLines\n",
            "\nCauses, likeliest first",
        ] {
            assert!(by_number.contains(part), "{number}: {part:?} is not in {by_number}");
        }
        let digits = form(id);
        assert_eq!(run(&["show", &digits, "runs"]).1, by_number, "{digits}");
    }
}

#[test]
fn its_lines_stand_with_those_round_them_and_every_run_is_named() {
    let first = &clusters()[0];
    let failures = first["failures"].as_u64().unwrap() as usize;
    let (_, shown, _) = run(&["show", "1", "runs", "--all", "--context", "3"]);
    let lines = |text: &str| text.lines().filter(|line| line.starts_with("    > ")).count();
    let example = &first["occurrences"].as_array().unwrap().iter().find(|one| one["rank"] == 1).unwrap();
    let length = example["line_end"].as_u64().unwrap() - example["line_start"].as_u64().unwrap() + 1;
    assert_eq!(lines(&shown) as u64, length, "{shown}");
    let seen = shown.split("Where it was seen\n").nth(1).unwrap();
    assert!(seen.lines().filter(|line| line.starts_with("    runs/")).count() >= failures, "{seen}");
    let (_, short, _) = run(&["show", "1", "runs"]);
    assert!(short.contains("more run"), "thirteen runs are more than are named: {short}");
}

#[test]
fn what_is_no_failure_is_refused_with_what_to_do() {
    for (what, said) in [("99", "no failure 99 in these logs"), ("ffffff", "`ndlog cluster` lists them")] {
        let (code, out, error) = run(&["show", what, "runs"]);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{what}");
        assert!(error.contains(said), "{what}: {error}");
    }
}
