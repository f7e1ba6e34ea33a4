//! Text of every shape that is still a log.

use std::fs::{self, File};

use tempfile::tempdir;

use super::*;

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

#[test]
fn utf16_is_converted_with_and_without_a_mark() {
    let text = "Grüße 🚀\nFAILED test_a\nall of this is plain text\n";
    let marked = format!("\u{feff}{text}");
    for bytes in [
        utf16(&marked, u16::to_le_bytes),
        utf16(&marked, u16::to_be_bytes),
        utf16(text, u16::to_le_bytes),
        utf16(text, u16::to_be_bytes),
    ] {
        let (sources, problems) = unpack(&bytes);
        assert_eq!(texts(&sources), [("x", text)]);
        let told = told(&sources, &problems);
        assert!(told.contains("x: is UTF-16 (") && !sources[0].problems[0].incomplete, "{told}");
    }
}

#[test]
fn broken_utf16_loses_only_what_is_broken() {
    let mut bytes = utf16("\u{feff}before ", u16::to_le_bytes);
    bytes.extend([0x00, 0xd8, b'a', 0, b'!']);
    assert_eq!(texts(&unpack(&bytes).0), [("x", "before \u{fffd}a\u{fffd}")]);
}

#[test]
fn colours_that_are_written_out_are_read_as_colours() {
    let escapes = "\x1b[36;1mmake\x1b[0m ^[[ stays, as do 2^[[x] and \x1b[31m red\n";
    for form in ["^[[", "\u{241b}["] {
        let (sources, problems) = unpack(escapes.replace("\x1b[", form).as_bytes());
        assert_eq!(texts(&sources), [("x", escapes)], "{form}");
        assert!(told(&sources, &problems).contains("its escapes are written out"), "{form}");
    }
    let few = "the caret of 2^[[1m is printed once, ^[[0m twice\n";
    assert_eq!(texts(&unpack(few.as_bytes()).0), [("x", few)], "a program may print one");
}

#[test]
fn dirty_text_stays_as_it_is() {
    for bytes in [
        b"\xff\xfa broken \xc3( UTF-8\n".as_slice(),
        b"a\0b\nFAILED\0\n",
        &[b"booting\n".as_slice(), &[0; 9000], b"panic\n"].concat(),
        b"no newline",
        b"\n\n\n",
        b"\r\r\r",
    ] {
        let (sources, problems) = unpack(bytes);
        assert_eq!(&*sources[0].bytes, bytes);
        assert_eq!(told(&sources, &problems), "");
    }
}

#[test]
fn an_empty_file_is_a_source_with_a_remark() {
    let (sources, problems) = unpack(b"");
    assert_eq!(texts(&sources), [("x", "")]);
    assert_eq!(told(&sources, &problems), "x: is empty\n");
}

#[test]
fn a_file_is_read_or_mapped_alike() {
    let folder = tempdir().unwrap();
    for (bytes, how) in [
        (b"a\n".repeat(1_000_000), "owned"),
        (b"x".repeat(3 << 20), "owned"),
        (b"a\n".repeat(9 << 20), "mapped"),
    ] {
        let path = folder.path().join("a.log");
        fs::write(&path, &bytes).unwrap();
        let (sources, problems) = read(&path);
        assert_eq!(format!("{:?}", sources[0].bytes), format!("Bytes({} {how})", bytes.len()));
        assert!(*sources[0].bytes == *bytes);
        assert_eq!(told(&sources, &problems), "");
    }
}

#[test]
fn a_file_that_is_cut_while_it_is_read_is_named() {
    let folder = tempdir().unwrap();
    for length in [1_000_000, 20 << 20] {
        let path = folder.path().join("rotated.log");
        fs::write(&path, b"line of a log\n".repeat(length / 14)).unwrap();
        let input = &found(&[&path]).inputs[0];
        let mut lines = 0;
        let problems = open(input, &Limits::default(), &mut |source| {
            File::options().write(true).open(&path).unwrap().set_len(100).unwrap();
            lines = source.bytes.iter().filter(|byte| **byte == b'\n').count();
        });
        assert!(lines > 0);
        let [problem] = problems.as_slice() else { panic!("{problems:?}") };
        assert!(problem.incomplete && problem.what.contains("to 100 bytes while it was read"), "{problem}");
    }
}

#[test]
fn files_that_claim_to_be_empty_are_read_too() {
    let (sources, _) = read(Path::new("/proc/self/status"));
    assert!(sources[0].bytes.starts_with(b"Name:"));
}

#[test]
fn lines_that_end_in_carriage_returns_alone_are_lines() {
    let text = "one line\r".repeat(40);
    let (sources, problems) = unpack(text.as_bytes());
    assert_eq!(&*sources[0].bytes, text.replace('\r', "\n").as_bytes());
    assert!(told(&sources, &problems).contains("carriage returns"));
    for other in ["10%\r20%\r30%", "one\r\ntwo\r\n", &format!("{text}\n")] {
        let (sources, problems) = unpack(other.as_bytes());
        assert_eq!(
            (&*sources[0].bytes, told(&sources, &problems).as_str()),
            (other.as_bytes(), ""),
            "{other:?}"
        );
    }
}
