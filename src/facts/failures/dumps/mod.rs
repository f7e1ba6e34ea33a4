//! Stack dumps: what every thread of a process was doing at one moment.
//!
//! Knows the forms of the Go runtime, `jstack`, `py-spy dump`, Python's `faulthandler` and pytest-timeout,
//! and `thread apply all bt` of gdb. Must not know which thread is at fault.

mod dump;
mod gdb;
mod go;
mod jstack;
mod python;
mod waits;

pub use dump::{Dump, Thread, Wait};

use dump::Form;

use super::Event;
use crate::text::lines::Index;
use crate::text::records::Reader;

/// Threads kept of one dump.
const MOST: usize = 20_000;
/// Frames kept of one thread.
const FRAMES: usize = 64;

/// Lines before and after a failure in which stack dumps are looked for.
const NEAR: u64 = 3000;
/// Words of which every stack dump, and every line that says who waits for whom, holds one.
const DUMPED: [&[u8]; 9] = [
    b"goroutine ",
    b" nid=",
    b"(LWP ",
    b"most recent call first",
    b" Stack of ",
    b"): \"",
    b"is held by \"",
    b"likely owned by",
    b"blocked by process",
];

/// Returns the stack dump that stands in a failure or near it, if any.
pub fn near(index: &Index<'_>, reader: &Reader, event: &Event) -> Option<Dump> {
    let first = event.first_line.saturating_sub(NEAR).max(1);
    let last = event.last_line.saturating_add(NEAR).min(index.lines());
    let (begin, end) = (index.line(first)?.start as usize, index.line(last)?.end() as usize);
    let bytes = index.bytes().get(begin..end)?;
    let holds = DUMPED.iter().any(|word| memchr::memmem::find(bytes, word).is_some());
    holds.then(|| dump(index, reader, first, last))
}

/// Returns the threads that the lines `first..=last` dump, and who waits for whom as far as lines say.
pub fn dump(index: &Index<'_>, reader: &Reader, first: u64, last: u64) -> Dump {
    let mut dump = Dump::default();
    let mut open: Option<Thread> = None;
    let mut waits = waits::Waits::default();
    for line in index.range(first, last) {
        let record = reader.parse(line);
        let text = String::from_utf8_lossy(record.message.trim_ascii_end());
        dump.waits.extend(waits.see(&text, line.number));
        let head = head(&text, line.number);
        if head.is_some() || text.trim().is_empty() {
            close(&mut dump, open.take());
        }
        match (head, &mut open) {
            (Some(thread), _) => open = Some(thread),
            (None, Some(thread)) => detail(thread, &text),
            (None, None) => (),
        }
    }
    close(&mut dump, open);
    dump
}

/// Returns the thread that a line begins to tell.
fn head(text: &str, line: u64) -> Option<Thread> {
    let text = text.trim_start();
    go::head(text)
        .or_else(|| jstack::head(text))
        .or_else(|| gdb::head(text))
        .or_else(|| python::head(text))
        .map(|thread| Thread { line, ..thread })
}

/// Adds what a line says of the thread that is being told.
fn detail(thread: &mut Thread, text: &str) {
    let frame = match thread.form {
        Form::Go => go::frame(text),
        Form::Jvm => jstack::frame(text),
        Form::Gdb => gdb::frame(text),
        Form::Python | Form::PythonUpwards => python::frame(text),
    };
    match frame.filter(|_| thread.frames.len() < FRAMES) {
        Some(frame) if thread.form == Form::PythonUpwards => thread.frames.insert(0, frame),
        Some(frame) => thread.frames.push(frame),
        None => jstack::lock(thread, text),
    }
}

fn close(dump: &mut Dump, thread: Option<Thread>) {
    if dump.threads.len() < MOST {
        dump.threads.extend(thread.filter(|thread| !thread.frames.is_empty()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Dump {
        dump(&Index::new(text.as_bytes()), &Reader::guess(text.as_bytes()), 1, u64::MAX)
    }

    fn threads(text: &str) -> Vec<(String, String, Vec<String>)> {
        read(text).threads.into_iter().map(|one| (one.name, one.state, one.frames)).collect()
    }

    fn expected(name: &str, state: &str, frames: &[&str]) -> (String, String, Vec<String>) {
        (name.to_owned(), state.to_owned(), frames.iter().map(|frame| (*frame).to_owned()).collect())
    }

    #[test]
    fn every_form_of_dump_gives_its_threads() {
        for (form, text, told) in [
            (
                "Go",
                "goroutine 7 [chan receive, 9 minutes]:\nring.(*Ring).Pop(0xc000010000, 0x1)\n\t/src/ring.go:31 +0x1d\n\
                 created by ring.Start in goroutine 1\n\t/src/ring.go:12 +0x2\n\ngoroutine 9 [running]:\nmain.main()\n\t/src/main.go:4 +0x1\n",
                vec![
                    expected("goroutine 7", "chan receive", &["ring.(*Ring).Pop"]),
                    expected("goroutine 9", "running", &["main.main"]),
                ],
            ),
            (
                "jstack",
                "\"worker-1\" #12 prio=5 os_prio=0 tid=0x00007f nid=0x3 waiting for monitor entry [0x0007]\n   java.lang.Thread.State: BLOCKED (on object monitor)\n\
                 \tat ring.Ring.pop(Ring.java:31)\n\t- waiting to lock <0x000000076b> (a java.lang.Object)\n\tat java.lang.Thread.run(Thread.java:748)\n",
                vec![expected("worker-1", "BLOCKED", &["ring.Ring.pop", "java.lang.Thread.run"])],
            ),
            (
                "py-spy",
                "Thread 4242 (idle): \"MainThread\"\n    wait (threading.py:302)\n    gather (ring.py:12)\n",
                vec![expected("MainThread", "idle", &["wait (threading.py)", "gather (ring.py)"])],
            ),
            (
                "faulthandler",
                "Thread 0x00007f3c (most recent call first):\n  File \"/a/ring.py\", line 12 in gather\n  File \"/a/main.py\", line 3 in <module>\n",
                vec![expected("Thread 0x00007f3c", "", &["gather (ring.py)", "<module> (main.py)"])],
            ),
            (
                "pytest-timeout",
                "~~~~~~~~ Stack of worker-0 (1402) ~~~~~~~~\n  File \"/a/main.py\", line 3, in run\n    go()\n  File \"/a/ring.py\", line 12, in gather\n    wait()\n",
                vec![expected("worker-0", "", &["gather (ring.py)", "run (main.py)"])],
            ),
            (
                "gdb",
                "Thread 3 (Thread 0x7ffff (LWP 77) \"ring\"):\n#0  0x00007 in __lll_lock_wait () from /lib/libpthread.so.0\n#1  ring::pop (this=0x1) at ring.cpp:31\n",
                vec![expected("Thread 3", "", &["__lll_lock_wait", "ring::pop"])],
            ),
        ] {
            assert_eq!(threads(text), told, "{form}");
        }
    }

    #[test]
    fn ordinary_lines_are_no_dump() {
        let text = "Thread 3 started\n\"worker\" is ready\n#0 building\ngoroutine leak detector on\n  File \"a.py\", line 3\n";
        assert_eq!(threads(text), []);
    }

    #[test]
    fn a_cycle_is_found_where_lines_close_it() {
        let locks = "\"a\" #1 prio=5 tid=0x1 nid=0x1 waiting for monitor entry\n\tat x.Y.z(Y.java:1)\n\t- waiting to lock <0xaa> (a X)\n\t- locked <0xbb> (a X)\n\n\
                     \"b\" #2 prio=5 tid=0x2 nid=0x2 waiting for monitor entry\n\tat x.Y.q(Y.java:2)\n\t- waiting to lock <0xbb> (a X)\n\t- locked <0xaa> (a X)\n";
        let found = "Found one Java-level deadlock:\n=============================\n\"a\":\n  waiting to lock monitor 0x1 (object 0x2, a X),\n  which is held by \"b\"\n\"b\":\n  waiting to lock monitor 0x3 (object 0x4, a X),\n  which is held by \"a\"\n";
        let tasks = "INFO: task ring:12 is blocked on a mutex likely owned by task spool:13.\nINFO: task spool:13 is blocked on a mutex likely owned by task ring:12.\n";
        let server = "DETAIL:  Process 12 waits for ShareLock on transaction 5; blocked by process 13.\nProcess 13 waits for ShareLock on transaction 6; blocked by process 12.\n";
        for (name, text, cycle) in [
            ("locks of jstack", locks, vec!["a", "b"]),
            ("jstack's own finding", found, vec!["a", "b"]),
            ("tasks of the kernel", tasks, vec!["ring:12", "spool:13"]),
            ("sessions of a database", server, vec!["12", "13"]),
        ] {
            let cycle: Vec<String> = cycle.into_iter().map(str::to_owned).collect();
            assert_eq!(read(text).cycle().map(|cycle| cycle.0), Some(cycle), "{name}");
        }
        let (chain, _) = tasks.split_once("INFO: task spool").unwrap();
        assert_eq!(read(chain).cycle(), None, "one waits for the other, which may go on");
    }
}
