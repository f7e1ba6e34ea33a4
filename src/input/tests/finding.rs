//! Folders with everything in them that a folder can hold.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;

use rustix::fs::{CWD, FileType, Mode, mknodat};
use tempfile::tempdir;

use super::*;

#[test]
fn a_folder_is_read_in_the_order_of_names_without_hidden_files() {
    let folder = tempdir().unwrap();
    let folder = folder.path();
    fs::create_dir_all(folder.join("job.log/deep")).unwrap();
    fs::create_dir_all(folder.join(".git")).unwrap();
    for name in ["b.log", "a.log", "job.log/deep/z", ".hidden", ".git/config"] {
        fs::write(folder.join(name), format!("I am {name}\n")).unwrap();
    }
    let (sources, problems) = read(folder);
    assert_eq!(names(folder, &sources), ["a.log", "b.log", "job.log/deep/z"]);
    assert_eq!(&*sources[2].bytes, b"I am job.log/deep/z\n");
    let [hidden] = problems.as_slice() else { panic!("{problems:?}") };
    assert!(
        !hidden.incomplete
            && hidden.what.starts_with("2 hidden files or folders were left out (.git, .hidden)")
    );
    assert_eq!(found(&[&folder.join(".hidden")]).inputs.len(), 1, "a hidden file is read where it is named");
}

#[test]
fn sources_and_settings_beside_logs_are_left_out_of_a_walk_and_counted() {
    let folder = tempdir().unwrap();
    let folder = folder.path();
    for name in
        ["a.log", "b.txt", "job", "ring.py", "ring.rs", "job.toml", "other.RS", "README.md", "report.html"]
    {
        fs::write(folder.join(name), "error: x\n").unwrap();
    }
    let (sources, problems) = read(folder);
    assert_eq!(names(folder, &sources), ["a.log", "b.txt", "job"]);
    assert_eq!(problems.len(), 1);
    let told = problems[0].to_string();
    assert!(told.contains("6 files") && told.contains("1 .html, 1 .md, 1 .py, 2 .rs, 1 .toml"), "{told}");
    assert!(!problems[0].incomplete);
    assert_eq!(found(&[&folder.join("ring.py")]).inputs.len(), 1, "a file that is named is read");
}

#[test]
fn a_file_by_many_names_is_read_once_and_keeps_its_real_name() {
    let folder = tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("real.log"), "text\n").unwrap();
    fs::hard_link(folder.join("real.log"), folder.join("twin.log")).unwrap();
    symlink("real.log", folder.join("a-link.log")).unwrap();
    let found = found(&[folder, &folder.join("a-link.log"), folder]);
    let names: Vec<_> = found.inputs.iter().map(|input| input.name().to_owned()).collect();
    assert_eq!(names, [folder.join("real.log").display().to_string()]);
    assert_eq!(found.problems.len(), 2, "one remark for each other name: {:?}", found.problems);
    assert!(found.problems.iter().all(|problem| !problem.incomplete && problem.what.contains("real.log")));
}

#[test]
fn loops_of_links_end() {
    let folder = tempdir().unwrap();
    let folder = folder.path();
    fs::create_dir(folder.join("inner")).unwrap();
    fs::write(folder.join("inner/a.log"), "text\n").unwrap();
    symlink("..", folder.join("inner/up")).unwrap();
    symlink("self", folder.join("self")).unwrap();
    let (sources, problems) = read(folder);
    assert_eq!(names(folder, &sources), ["inner/a.log"]);
    assert!(problems.iter().any(|problem| problem.source.ends_with("inner/up") && !problem.incomplete));
    assert!(problems.iter().any(|problem| problem.source.ends_with("self") && problem.incomplete));
}

#[test]
fn a_link_to_a_folder_takes_one_remark_for_all_its_files() {
    let folder = tempdir().unwrap();
    let folder = folder.path();
    fs::create_dir(folder.join("run-7")).unwrap();
    for name in ["a.log", "b.log"] {
        fs::write(folder.join("run-7").join(name), name).unwrap();
    }
    symlink("run-7", folder.join("latest")).unwrap();
    let (sources, problems) = read(folder);
    assert_eq!(names(folder, &sources), ["run-7/a.log", "run-7/b.log"]);
    assert_eq!(problems.len(), 1);
    assert!(problems[0].to_string().contains("latest: links to a folder that is read under its own name, "));
}

#[test]
fn links_that_multiply_are_followed_once_for_each_folder() {
    let folder = tempdir().unwrap();
    let (folder, outside) = (folder.path().join("logs"), folder.path().join("outside"));
    fs::create_dir(&folder).unwrap();
    fs::create_dir(&outside).unwrap();
    // Each of 30 folders holds two links to the next: 2^30 ways to the last one.
    for depth in 0..30 {
        let (here, next) = (outside.join(format!("{depth}")), outside.join(format!("{}", depth + 1)));
        fs::create_dir(&here).unwrap();
        for name in ["a", "b"] {
            symlink(&next, here.join(name)).unwrap();
        }
    }
    fs::create_dir(outside.join("30")).unwrap();
    fs::write(outside.join("30/deep.log"), "text\n").unwrap();
    symlink(outside.join("0"), folder.join("in")).unwrap();
    let (sources, problems) = read(&folder);
    assert_eq!(sources.len(), 1);
    assert!(names(&folder, &sources)[0].starts_with("in/a/a/a/"), "{sources:?}");
    assert_eq!(problems.len(), 30, "one remark for each second link");
}

#[test]
fn links_to_the_kernel_are_named_and_not_followed() {
    let folder = tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("a.log"), "text\n").unwrap();
    for (name, target) in [("one", "/proc"), ("two", "/proc/self/mounts"), ("three", "/sys/kernel")] {
        symlink(target, folder.join(name)).unwrap();
    }
    let (sources, problems) = read(folder);
    assert_eq!(names(folder, &sources), ["a.log"]);
    assert!(
        problems.len() == 3 && problems.iter().all(|problem| problem.what.contains("kernel")),
        "{problems:?}"
    );
}

#[test]
fn what_may_never_end_is_not_opened() {
    let folder = tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("a.log"), "text\n").unwrap();
    mknodat(CWD, folder.join("fifo"), FileType::Fifo, Mode::RUSR, 0).unwrap();
    let _listener = UnixListener::bind(folder.join("socket")).unwrap();
    let (sources, problems) = read(folder);
    assert_eq!(names(folder, &sources), ["a.log"]);
    let told: Vec<_> = problems.iter().map(|problem| problem.what.split(',').next().unwrap()).collect();
    assert_eq!(told, ["is a FIFO", "is a socket"]);
    assert!(found(&[Path::new("/dev/zero")]).problems[0].what.contains("a device"));
}

#[test]
fn what_is_not_there_is_named_with_a_next_step() {
    let folder = tempdir().unwrap();
    let missing = folder.path().join("missing.log");
    symlink("nowhere", folder.path().join("dangling")).unwrap();
    let found = found(&[&missing, folder.path()]);
    let told: Vec<_> = found.problems.iter().map(ToString::to_string).collect();
    assert!(
        told[0].contains("dangling: cannot be read") && told[0].contains("points to nothing"),
        "{told:?}"
    );
    assert!(told[1].contains("missing.log: cannot be read") && told[1].contains("spelling"), "{told:?}");
}

#[test]
fn a_file_that_vanishes_or_is_forbidden_is_named() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("a.log"), "text\n").unwrap();
    let found = found(&[folder.path()]);
    fs::remove_file(folder.path().join("a.log")).unwrap();
    let problems = open(&found.inputs[0], &Limits::default(), &mut |source| panic!("read {source:?}"));
    assert!(problems[0].incomplete && problems[0].what.contains("No such file"), "{problems:?}");
}

#[test]
fn a_list_of_files_may_have_blank_lines_and_windows_ends() {
    let folder = tempdir().unwrap();
    let log = folder.path().join("a.log");
    fs::write(&log, "text\n").unwrap();
    let list = folder.path().join("list");
    fs::write(&list, format!("\r\n\n{}\r\n{}", log.display(), log.display())).unwrap();
    let found = find(&Request { paths: Vec::new(), files_from: Some(list) });
    assert_eq!(found.inputs.len(), 1);
    assert_eq!(found.problems, [], "the same name twice is no remark");
}
