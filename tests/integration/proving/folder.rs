//! `new`, `collect` and `status` on plain files.

use crate::desk::Desk;

#[test]
fn a_failure_is_made_filled_and_asked_for_its_next_step() {
    let desk = Desk::new();
    let made = desk.run(&["new", "ring-hang"]);
    assert_eq!((made.code, made.out.lines().next()), (0, Some("made ring-hang")), "{made:?}");
    assert!(desk.run(&["status", "ring-hang"]).out.contains("ndlog collect ring-hang"));

    desk.put("ci/a.log", "FAILED test_ring\n");
    desk.put("good.log", "1 passed\n");
    assert_eq!(desk.run(&["collect", "ring-hang", "ci"]).code, 0);
    assert_eq!(desk.run(&["collect", "ring-hang", "--pass", "good.log"]).code, 0);
    assert_eq!(desk.files("ring-hang/logs"), ["ci/a.log", "passing/good.log"]);
    assert!(desk.run(&["status", "ring-hang"]).out.contains("next: ndlog pattern ring-hang"));
}

#[test]
fn hostile_names_make_nothing() {
    let desk = Desk::new();
    for name in ["../x", "/x", "a\nb", "$(touch x)", "a b", "", "-x", ".", ".."] {
        let said = desk.run(&["new", "--", name]);
        assert_eq!(said.code, 2, "{name:?} {said:?}");
        assert!(said.err.starts_with("ndlog: the name"), "{name:?} {said:?}");
    }
    assert!(desk.files("").is_empty());
}

#[test]
fn a_folder_that_exists_is_left_as_it_is() {
    let desk = Desk::new();
    desk.put("x/README.md", "mine");
    let said = desk.run(&["new", "x"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("exists already"), "{said:?}");
    assert_eq!(desk.files("x"), ["README.md"]);
}

#[test]
fn one_missing_source_is_told_and_the_ones_before_it_stay() {
    let desk = Desk::new();
    desk.run(&["new", "x"]);
    desk.put("a.log", "a");
    let said = desk.run(&["collect", "x", "a.log", "nothing.log"]);
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.err.contains("nothing.log"), "{said:?}");
    assert!(said.out.contains("new      logs/a.log"), "{said:?}");
    assert!(desk.text("x/collected.json").contains("logs/a.log"));
}

#[test]
fn a_disk_that_takes_no_more_is_told() {
    let desk = Desk::new();
    desk.put("a.log", "FAILED tests/test_ring.py::test_pop - assert 3 == 4\n1 failed in 0.1s\n");
    let said = desk.run(&["cluster", "a.log", "--format", "json", "-o", "/dev/full"]);
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.err.contains("cannot write /dev/full") && said.err.contains("No space left"), "{said:?}");
}

#[test]
fn a_device_is_no_log() {
    let desk = Desk::new();
    desk.run(&["new", "x"]);
    let said = desk.run(&["collect", "x", "/dev/full"]);
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.err.contains("neither a file nor a folder"), "{said:?}");
}
