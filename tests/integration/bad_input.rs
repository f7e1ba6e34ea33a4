//! Bad input gets a clear answer: each bad file is named with what to do, the rest is still
//! analysed, and the exit code says whether anything was left unread. Nothing panics.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use rustix::fs::{CWD, FileType, Mode, mknodat};
use tempfile::TempDir;

use crate::program::{ndlog, said};
use crate::skip::skip;

/// A log that fails; every test lays it beside its bad input and expects it to be read.
const GOOD: &str = "\
collecting ...
tests/test_ring.py::test_gather FAILED
Traceback (most recent call last):
  File \"/work/ring.py\", line 12, in gather
    raise RuntimeError(\"ring is not closed\")
RuntimeError: ring is not closed
1 failed in 0.12s
";

/// The commands that read logs, each of which must keep what is promised here.
const READERS: [&[&str]; 2] = [&["cluster", "--format", "json"], &["templates", "--format", "csv"]];

/// What one run of the program gave.
struct Run {
    code: i32,
    told: String,
    shown: String,
}

impl Run {
    fn of(reader: &[&str], folder: &Path, paths: &[&str], stdin: &[u8]) -> Self {
        let (code, shown, told) = said(ndlog(folder).args(reader).args(paths).write_stdin(stdin));
        assert!(!told.contains("panicked"), "{told}");
        Self { code: code.unwrap(), told, shown }
    }

    /// Checks that these paths end with this exit code and, on one line, name a file with words.
    fn check(folder: &Path, paths: &[&str], stdin: &[u8], code: i32, told: &[&str]) -> Vec<Self> {
        let runs: Vec<Self> = READERS.iter().map(|reader| Self::of(reader, folder, paths, stdin)).collect();
        for run in &runs {
            assert_eq!(run.code, code, "{}", run.told);
            let is_told = run.told.lines().any(|line| told.iter().all(|words| line.contains(words)));
            assert!(told.is_empty() || is_told, "{told:?} is not in {}", run.told);
        }
        runs
    }
}

/// A folder `logs` with the good log in it.
fn logs() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("logs")).unwrap();
    fs::write(folder.path().join("logs/good.log"), GOOD).unwrap();
    folder
}

/// The good log with other words, to lay them into a bad file.
fn other() -> String {
    GOOD.replace("ring is", "link is")
}

/// Reads a folder that holds the good log and `bytes` in the file `name`. The good log is read
/// whatever stands there.
fn check(name: &str, bytes: &[u8], code: i32, told: &[&str]) -> Vec<Run> {
    let folder = logs();
    fs::write(folder.path().join("logs").join(name), bytes).unwrap();
    check_folder(folder.path(), &format!("logs/{name}"), code, told)
}

fn check_folder(folder: &Path, name: &str, code: i32, told: &[&str]) -> Vec<Run> {
    let told: Vec<&str> = if told.is_empty() { Vec::new() } else { [&[name], told].concat() };
    let runs = Run::check(folder, &["logs"], b"", code, &told);
    check_shown(&runs, "ring is not closed");
    runs
}

/// Every reader shows the words of a log.
fn check_shown(runs: &[Run], words: &str) {
    for run in runs {
        assert!(run.shown.contains(words), "{words:?} is not in {}{}", run.shown, run.told);
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The other log, then so many lines that compress badly that a cut leaves the log whole.
fn long() -> Vec<u8> {
    let noise = |number: u64| format!("{:016x}\n", number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    other().bytes().chain((0..5000).flat_map(|number| noise(number).into_bytes())).collect()
}

#[test]
fn an_empty_file_is_a_log_without_lines() {
    check("empty.log", b"", 0, &["is empty"]);
}

#[test]
fn a_binary_is_skipped_in_a_folder() {
    check("plot", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 0, &["PNG picture", "skipped"]);
}

#[test]
fn a_binary_that_was_named_is_input_that_could_not_be_read() {
    let folder = logs();
    fs::write(folder.path().join("core"), b"\x7fELF\x02\x01\x01\0\0\0\0\0").unwrap();
    let runs = Run::check(folder.path(), &["logs", "core"], b"", 3, &["core: is no log but an ELF program"]);
    check_shown(&runs, "ring is not closed");
}

#[test]
fn nuls_and_broken_characters_hide_no_failure() {
    for dirt in
        [b"booting\0\0\0\0\n".as_slice(), b"\xff\xfb\xfa\xf0 \xc3(\n", b"\x1b[31m\x1b]0;title\x07\r50%\r\n"]
    {
        check_shown(&check("dirty.log", &[dirt, other().as_bytes()].concat(), 0, &[]), "link is not closed");
    }
}

#[test]
fn utf16_is_read_with_a_remark() {
    let marked = format!("\u{feff}{}", other());
    for unit in [u16::to_le_bytes, u16::to_be_bytes] {
        let bytes: Vec<u8> = marked.encode_utf16().flat_map(unit).collect();
        check_shown(&check("windows.log", &bytes, 0, &["is UTF-16"]), "link is not closed");
    }
}

#[test]
fn one_huge_line_hides_nothing_behind_it() {
    let huge = [vec![b'x'; 4 << 20], b"\n".to_vec(), other().into()].concat();
    let folder = logs();
    fs::write(folder.path().join("logs/huge.log"), huge).unwrap();
    let run = Run::of(READERS[0], folder.path(), &["logs"], b"");
    assert_eq!(run.code, 3, "{}", run.told);
    assert!(run.told.contains("logs/huge.log:1: the line has 4194304 bytes"), "{}", run.told);
    check_shown(&[run], "link is not closed");
}

#[test]
fn progress_without_end_on_one_line_loses_nothing() {
    let progress = b"\r 10% of the layers pulled".repeat(80_000);
    let runs = check("progress.log", &[progress, b"\n".to_vec(), other().into()].concat(), 0, &[]);
    check_shown(&runs, "link is not closed");
}

#[test]
fn a_million_one_byte_lines_are_read() {
    let lines = [b"x\n".repeat(1_000_000), other().into()].concat();
    check_shown(&check("short.log", &lines, 0, &[]), "link is not closed");
}

#[test]
fn a_forbidden_file_is_named() {
    let folder = logs();
    let path = folder.path().join("logs/secret.log");
    fs::write(&path, GOOD).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&path).is_err() {
        check_folder(folder.path(), "logs/secret.log", 3, &["Permission denied", "the right to read it"]);
        return;
    }
    // Root reads everything until it gives that right up.
    let powerless = |program: &str, arguments: &[&str]| {
        let rights = ["--inh-caps=-all", "--bounding-set=-dac_override,-dac_read_search", "--", program];
        Command::new("setpriv").args(rights).args(arguments).current_dir(folder.path()).output()
    };
    if !powerless("cat", &["logs/good.log"]).is_ok_and(|output| output.status.success()) {
        return skip("setpriv", "this user may read everything, so that no file is forbidden");
    }
    let output = powerless(env!("CARGO_BIN_EXE_ndlog"), &["cluster", "logs"]).unwrap();
    let (shown, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(3), "{told}");
    assert!(
        told.contains("logs/secret.log: cannot be read: Permission denied")
            && told.contains("the right to read it"),
        "{told}"
    );
    assert!(shown.contains("tests/test_ring.py::test_gather"), "{shown}");
}

#[test]
fn what_is_not_there_is_named() {
    let folder = logs();
    let runs = Run::check(
        folder.path(),
        &["missing.log", "logs"],
        b"",
        3,
        &["missing.log: cannot be read: No such file"],
    );
    check_shown(&runs, "ring is not closed");
}

#[test]
fn nothing_that_could_be_read_is_exit_code_2() {
    Run::check(logs().path(), &["missing.log"], b"", 2, &["missing.log", "check the spelling"]);
}

#[test]
fn a_cut_stream_keeps_what_stands_before_the_cut() {
    let packed = gzip(&long());
    let cut = &packed[..packed.len() / 2];
    check_shown(
        &check("cut.log.gz", cut, 3, &["the gzip data is broken at its byte", "fetch it again"]),
        "link is not closed",
    );
}

#[test]
fn a_cut_archive_keeps_its_first_members() {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in [("job/1_Set up.txt", GOOD.as_bytes().to_vec()), ("job/3_test.txt", long())] {
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(&text).unwrap();
    }
    let packed = writer.finish().unwrap().into_inner();
    let told = ["directory at its end cannot be read", "fetch it again"];
    check_shown(&check("run.zip", &packed[..packed.len() / 2], 3, &told), "link is not closed");
}

#[test]
fn an_archive_bomb_stops_at_a_limit_that_is_named() {
    // RFC 8878, section 3.1.1: a frame with a window of 128 KiB, then blocks of one byte repeated
    // 128 KiB times.
    let mut bomb = b"\x28\xb5\x2f\xfd\x00\x38".to_vec();
    for block in 0..1024 {
        let header: u32 = u32::from(block == 1023) | 1 << 1 | (128 << 10) << 3;
        bomb.extend(&header.to_le_bytes()[..3]);
        bomb.push(0);
    }
    check("bomb.zst", &bomb, 3, &["the limit of 1000 expanded bytes", "archive bomb", "unpack it"]);
}

#[test]
fn loops_of_links_end() {
    let folder = logs();
    symlink("../logs", folder.path().join("logs/again")).unwrap();
    check_folder(folder.path(), "logs/again", 0, &["links back to logs"]);
    symlink("self", folder.path().join("logs/self")).unwrap();
    check_folder(folder.path(), "logs/self", 3, &["cannot be read: Too many levels of symbolic links"]);
}

#[test]
fn a_fifo_is_never_waited_for() {
    let folder = logs();
    mknodat(CWD, folder.path().join("logs/fifo"), FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    check_folder(folder.path(), "logs/fifo", 3, &["is a FIFO", "pipe it in"]);
}

/// The file says that it is a plain one.
#[test]
fn a_file_of_the_kernel_that_waits_for_news_is_never_waited_for() {
    for reader in READERS {
        let mut command = ndlog(".");
        command.args(reader).arg("/proc/kmsg").timeout(Duration::from_secs(120));
        assert!(command.output().unwrap().status.code().is_some(), "it had to be ended");
    }
}

#[test]
fn a_file_by_two_names_is_read_once() {
    let folder = logs();
    symlink("good.log", folder.path().join("logs/a.log")).unwrap();
    fs::hard_link(folder.path().join("logs/good.log"), folder.path().join("logs/twin.log")).unwrap();
    check_folder(folder.path(), "logs/twin.log", 0, &["is the same file as logs/good.log; read once"]);
}

#[test]
fn folders_and_files_may_have_names_of_any_bytes() {
    let folder = logs();
    fs::create_dir(folder.path().join("logs/folder.log")).unwrap();
    fs::write(folder.path().join("logs/folder.log").join(OsStr::from_bytes(b"\xff.log")), other()).unwrap();
    check_shown(&check_folder(folder.path(), "", 0, &[]), "link is not closed");
}

#[test]
fn standard_input_may_be_compressed_too() {
    let folder = logs();
    for stdin in [GOOD.as_bytes().to_vec(), gzip(GOOD.as_bytes())] {
        check_shown(&Run::check(folder.path(), &["-"], &stdin, 0, &[]), "ring is not closed");
    }
}
