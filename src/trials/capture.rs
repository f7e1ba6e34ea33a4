//! A process's output: read without waiting, kept in a file, and bounded however much it prints.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, ErrorKind, PipeReader, Read, Write};
use std::path::Path;

use rustix::fs::{OFlags, fcntl_setfl};

/// What one process printed, standard output and error in the order written.
#[derive(Debug)]
pub struct Capture {
    pipe: PipeReader,
    file: File,
    /// How many bytes to keep from the beginning, and as many again from the end.
    keep: usize,
    head: Vec<u8>,
    tail: VecDeque<u8>,
    bytes: u64,
}

impl Capture {
    /// Reads from `pipe` and keeps `keep` bytes from either end in the file at `path`.
    pub fn start(pipe: PipeReader, path: &Path, keep: usize) -> io::Result<Self> {
        fcntl_setfl(&pipe, OFlags::NONBLOCK)?;
        let file = File::create(path)?;
        Ok(Self { pipe, file, keep, head: Vec::new(), tail: VecDeque::new(), bytes: 0 })
    }

    /// Takes what lies in the pipe, at most a few buffers full, so that an endless printer cannot
    /// hold up the others. Returns true if there was anything.
    pub fn pump(&mut self) -> io::Result<bool> {
        let mut buffer = [0; 1 << 16];
        let mut any = false;
        for _ in 0..16 {
            match self.pipe.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => {
                    any = true;
                    self.keep_some(buffer.get(..count).unwrap_or_default())?;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
        Ok(any)
    }

    /// The beginning goes to the file at once, so that it is there even if ndlog is killed.
    fn keep_some(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.bytes += bytes.len() as u64;
        let (head, rest) = bytes.split_at(bytes.len().min(self.keep - self.head.len()));
        self.file.write_all(head)?;
        self.head.extend_from_slice(head);
        self.tail.extend(rest);
        let surplus = self.tail.len().saturating_sub(self.keep);
        self.tail.drain(..surplus);
        Ok(())
    }

    /// Writes the end to the file, with a line that says what is missing before it.
    pub fn finish(mut self) -> io::Result<Captured> {
        let left_out = self.bytes - (self.head.len() + self.tail.len()) as u64;
        let mut text = self.head;
        let written = text.len();
        if left_out > 0 {
            text.extend_from_slice(format!("\n[ndlog: {left_out} bytes left out here]\n").as_bytes());
        }
        text.extend(self.tail);
        self.file.write_all(text.get(written..).unwrap_or_default())?;
        Ok(Captured { text, bytes: self.bytes, left_out })
    }
}

/// What was kept of an output.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Captured {
    /// The beginning and the end, as they stand in the file.
    pub text: Vec<u8>,
    /// How much was printed.
    pub bytes: u64,
    /// How much of that was not kept.
    pub left_out: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn captured(printed: &[u8], keep: usize) -> (Captured, String) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let (reader, mut writer) = io::pipe().unwrap();
        let mut capture = Capture::start(reader, &path, keep).unwrap();
        for part in printed.chunks(7) {
            writer.write_all(part).unwrap();
            capture.pump().unwrap();
        }
        let kept = capture.finish().unwrap();
        let file = std::fs::read_to_string(path).unwrap();
        assert_eq!(file.as_bytes(), kept.text, "the file holds what the caller sees");
        (kept, file)
    }

    #[test]
    fn a_short_output_is_whole_and_a_long_one_keeps_both_ends() {
        assert_eq!(captured(b"hello", 100).1, "hello");
        assert_eq!(captured(b"0123456789", 5).1, "0123456789");
        let (kept, file) = captured(b"begin-----------------end", 5);
        assert_eq!(file, "begin\n[ndlog: 15 bytes left out here]\n--end");
        assert_eq!((kept.bytes, kept.left_out), (25, 15));
    }

    #[test]
    fn nothing_in_the_pipe_is_not_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let (reader, _writer) = io::pipe().unwrap();
        let mut capture = Capture::start(reader, &folder.path().join("log"), 10).unwrap();
        assert!(!capture.pump().unwrap());
    }
}
