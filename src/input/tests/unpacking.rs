//! Whole archives of every kind, alone and in one another.

use tempfile::tempdir;

use super::packing::*;
use super::*;

const LOG: &[u8] = b"one\ntwo\n";
const JOB: Members = &[("job/3_test.txt", LOG), ("other.log", b"three\n")];
const JOB_READ: &[(&str, &str)] = &[("x!job/3_test.txt", "one\ntwo\n"), ("x!other.log", "three\n")];

fn check(bytes: &[u8], expected: &[(&str, &str)]) {
    let (sources, problems) = unpack(bytes);
    assert_eq!(texts(&sources), expected);
    assert_eq!(told(&sources, &problems), "");
}

#[test]
fn compression_is_told_by_content_and_changes_no_name() {
    for bytes in [LOG.to_vec(), gzip(LOG), zstd(LOG), bzip2(LOG)] {
        check(&bytes, &[("x", "one\ntwo\n")]);
    }
    assert_eq!(&*unpack(LINES_XZ).0[0].bytes, lines());
}

#[test]
fn parts_that_follow_one_another_are_read_as_one() {
    for pack in [gzip, zstd, bzip2] {
        check(&[pack(b"one\n"), pack(b"two\n")].concat(), &[("x", "one\ntwo\n")]);
    }
    assert_eq!(unpack(&[LINES_XZ, LINES_XZ].concat()).0[0].bytes.len(), 2 * lines().len());
}

#[test]
fn members_carry_the_name_of_the_archive_and_their_own() {
    for bytes in [tar(JOB), gzip(&tar(JOB)), zstd(&tar(JOB)), bzip2(&tar(JOB)), zip(JOB), gzip(&zip(JOB))] {
        check(&bytes, JOB_READ);
    }
}

#[test]
fn archives_in_archives_are_opened_up_to_the_limit() {
    let inner = gzip(&tar(&[("a.log", &gzip(LOG))]));
    let middle = zip(&[("inner.tgz", &inner)]);
    let outer = tar(&[("middle.zip", &middle)]);
    check(&outer, &[("x!middle.zip!inner.tgz!a.log", "one\ntwo\n")]);
    let (sources, problems) = unpack(&zip(&[("outer.tar", &outer), ("b.log", LOG)]));
    assert_eq!(texts(&sources), [("x!b.log", "one\ntwo\n")], "the rest is read");
    assert!(
        told(&sources, &problems).contains("inner.tgz: is tar data inside 3 layers of archives"),
        "{problems:?}"
    );
}

#[test]
fn compression_in_compression_ends_too() {
    let mut bytes = LOG.to_vec();
    for _ in 0..4 {
        bytes = gzip(&bytes);
    }
    check(&bytes, &[("x", "one\ntwo\n")]);
    let (sources, problems) = unpack(&gzip(&bytes));
    assert_eq!(sources.len(), 0);
    assert!(problems[0].incomplete && problems[0].what.contains("the limit"), "{problems:?}");
}

#[test]
fn a_run_from_github_is_read_step_by_step_once() {
    let run: Members = &[
        ("0_build.txt", b"set up\nrun\n"),
        ("build/1_Set up.txt", b"set up\n"),
        ("build/2_Run.txt", b"run\n"),
    ];
    let (sources, problems) = unpack(&zip(run));
    assert_eq!(texts(&sources), [("x!build/1_Set up.txt", "set up\n"), ("x!build/2_Run.txt", "run\n")]);
    assert!(!problems[0].incomplete && problems[0].source == "x!0_build.txt", "{problems:?}");
}

#[test]
fn an_unpacked_run_from_github_is_read_step_by_step_once() {
    let folder = tempdir().unwrap();
    std::fs::create_dir(folder.path().join("build")).unwrap();
    for (name, text) in
        [("0_build.txt", "set up\nrun\n"), ("build/1_Set up.txt", "set up\n"), ("build/2_Run.txt", "run\n")]
    {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let (sources, problems) = read(folder.path());
    assert_eq!(names(folder.path(), &sources), ["build/1_Set up.txt", "build/2_Run.txt"]);
    assert!(problems[0].source.ends_with("0_build.txt"), "{problems:?}");
    let named = found(&[&folder.path().join("0_build.txt"), folder.path()]);
    assert_eq!(named.inputs.len(), 3, "what the user names is read");
}

#[test]
fn members_with_strange_names_are_read_with_a_remark() {
    let odd: Members =
        &[("../../etc/cron", LOG), ("/abs", LOG), ("./.git/config", LOG), ("twice", LOG), ("twice", LOG)];
    let (sources, problems) = unpack(&tar(odd));
    assert_eq!(names(Path::new("-"), &sources), ["x!../../etc/cron", "x!/abs", "x!twice", "x!twice#2"]);
    let told = told(&sources, &problems);
    assert_eq!(told.matches("leads out of the archive").count(), 2, "{told}");
    assert!(told.contains("x!twice#2: is member 2 of the name x!twice"), "{told}");
}

#[test]
fn links_folders_and_devices_in_a_tar_are_no_logs() {
    let mut builder = ::tar::Builder::new(Vec::new());
    for (kind, name) in [
        (::tar::EntryType::Directory, "folder/"),
        (::tar::EntryType::Symlink, "link"),
        (::tar::EntryType::Fifo, "fifo"),
    ] {
        let mut header = ::tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(0);
        builder.append_link(&mut header, name, "target").unwrap();
    }
    let long = "long/".repeat(60) + "name.log";
    builder.append_data(&mut sized(LOG), &long, LOG).unwrap();
    let (sources, problems) = unpack(&builder.into_inner().unwrap());
    assert_eq!(texts(&sources), [(format!("x!{long}").as_str(), "one\ntwo\n")]);
    assert_eq!(told(&sources, &problems), "x!link: is a link; the file it names is read instead\n");
}

fn sized(content: &[u8]) -> ::tar::Header {
    let mut header = ::tar::Header::new_gnu();
    header.set_size(content.len() as u64);
    header
}

#[test]
fn an_encrypted_member_is_named_and_the_others_are_read() {
    let mut bytes = zip(&[("secret.log", LOG), ("open.log", LOG)]);
    for (magic, flags) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
        let header = memchr::memmem::find(&bytes, magic).unwrap();
        bytes[header + flags] |= 1;
    }
    let (sources, problems) = unpack(&bytes);
    assert_eq!(texts(&sources), [("x!open.log", "one\ntwo\n")]);
    assert!(
        problems[0].incomplete && problems[0].to_string().contains("x!secret.log: is encrypted"),
        "{problems:?}"
    );
}

#[test]
fn what_is_no_log_is_skipped_quietly_in_archives_and_loudly_where_named() {
    let picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    let (sources, problems) = unpack(&zip(&[("plot.png", picture), ("a.log", LOG)]));
    assert_eq!(sources.len(), 1);
    assert!(!problems[0].incomplete && problems[0].what.contains("PNG"), "{problems:?}");
    assert!(unpack(picture).1[0].incomplete);
}

#[test]
fn verdict_files_are_told_by_content() {
    let (sources, _) = unpack(&zip(&[
        ("report", b"<?xml version='1.0'?><testsuites/>"),
        ("a.xml", b"<html/>"),
        ("b.xml", b"<a>"),
    ]));
    assert_eq!(
        sources.iter().map(|source| source.kind).collect::<Vec<_>>(),
        [SourceKind::JUnit, SourceKind::Document, SourceKind::Log]
    );
}
