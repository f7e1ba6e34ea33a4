//! `ndlog templates` as a person runs it.

use std::fs;
use std::path::Path;

use crate::program::run;

/// Runs `ndlog templates` in `folder`. Returns the exit code, standard output and standard error.
fn templates(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    run(folder, &[&["templates"], arguments].concat())
}

/// Returns a folder with two logs and a file that is none.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).expect("a file");
    write("b.log", b"job 1 done\njob 2 done\n\n=cmd 3\n");
    write("a.log", b"job 3 done\nidle");
    write("core", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0");
    folder
}

#[test]
fn one_source_has_a_row_for_each_line() {
    let (code, rows, _) = templates(folder().path(), &["b.log", "--format", "csv"]);
    let rows: Vec<Vec<&str>> = rows.lines().map(|row| row.split(',').collect()).collect();
    assert_eq!(code, Some(0));
    assert_eq!(rows[0], ["line", "template_id", "template"]);
    let told: Vec<_> = rows[1..].iter().map(|row| (row[0], row[2])).collect();
    // What a spreadsheet would run as a formula is quoted.
    assert_eq!(told, [("1", "job <*> done"), ("2", "job <*> done"), ("3", ""), ("4", "'=cmd <*>")]);
    assert_eq!(rows[1][1], rows[2][1]);
    assert!(rows[1..].iter().all(|row| row[1].len() == 16));
}

#[test]
fn several_sources_are_told_in_name_order_whatever_the_order_they_were_given_in() {
    let folder = folder();
    let (_, rows, _) = templates(folder.path(), &["b.log", "a.log", "--format", "csv"]);
    let (_, again, _) = templates(folder.path(), &["a.log", "b.log", "--format", "csv"]);
    assert_eq!(rows, again);
    let heads: Vec<_> =
        rows.lines().map(|row| row.split(',').take(2).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(heads, ["source line", "a.log 1", "a.log 2", "b.log 1", "b.log 2", "b.log 3", "b.log 4"]);
}

#[test]
fn the_table_counts_and_json_says_the_same() {
    let folder = folder();
    let (_, table, _) = templates(folder.path(), &["a.log", "b.log"]);
    assert!(table.starts_with("4 templates of 6 lines\n3  "), "{table}");
    let (_, json, _) = templates(folder.path(), &["a.log", "b.log", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["schema"], "ndlog.templates/1");
    assert_eq!(json["templates"][0]["text"], "job <*> done");
    assert_eq!(json["templates"][0]["lines"], 3);
    assert_eq!(json["sources"][0]["of_line"][0], 0);
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_is_told() {
    let folder = folder();
    let (code, table, problems) = templates(folder.path(), &["core", "a.log", "gone.log", "-o", "out.txt"]);
    assert_eq!((code, table.as_str()), (Some(3), ""));
    assert!(problems.contains("core") && problems.contains("gone.log"), "{problems}");
    let written = fs::read_to_string(folder.path().join("out.txt")).expect("the file");
    assert!(written.starts_with("2 templates of 2 lines\n"), "{written}");
    let (code, _, _) = templates(folder.path(), &["gone.log"]);
    assert_eq!(code, Some(2));
}
