//! One run: what is run, within which limits, and how it ended.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::capture::Captured;
use super::pace::{Pace, Watch};
use super::session::Session;

/// What to run, and within which bounds.
#[derive(Clone, Debug)]
pub struct Job {
    /// The program and its arguments; never a shell line.
    pub argv: Vec<String>,
    /// Set on top of the environment of this process.
    pub variables: BTreeMap<String, String>,
    /// Where to run.
    pub folder: PathBuf,
    /// How many of it at once; at least one.
    pub copies: u32,
    /// Programs to run beside it; they are ended with it and their output is dropped.
    pub background: Vec<Vec<String>>,
    /// Stops and continues its processes while it runs.
    pub pause: Option<Pause>,
    /// Longer runs are ended.
    pub wall_limit: Duration,
    /// What is left of the budget: then a run is stopped without a word.
    pub left: Duration,
    /// Time for a run to write its last words after SIGABRT, before SIGKILL.
    pub grace: Duration,
    /// Bytes of output to keep from either end.
    pub keep: usize,
    /// The value of [`super::tree::MARK`], unique to this run.
    pub mark: String,
}

/// A pulse of SIGSTOP and SIGCONT for the whole session.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pause {
    pub run: Duration,
    pub stop: Duration,
}

/// How a process ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exit {
    Code(i32),
    Signal(i32),
    /// It ran into the wall limit and was ended.
    WallLimit,
    /// Somebody asked to stop, and it was ended.
    Interrupted,
}

/// One copy of the program after its end.
#[derive(Clone, Debug)]
pub struct Process {
    pub exit: Exit,
    pub wall: Duration,
    pub output: Captured,
    pub pace: Pace,
}

/// The most memory that a process held, in bytes; 0 where the system does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    pub resident: u64,
    pub address_space: u64,
}

/// A run after its end.
#[derive(Clone, Debug)]
pub struct Finished {
    pub processes: Vec<Process>,
    pub wall: Duration,
    /// The most memory that the first process of a copy held.
    pub memory: Memory,
    /// The stacks, if it ran into the wall limit.
    pub stacks: Option<String>,
    /// Processes that could not be ended.
    pub left_over: usize,
}

/// Runs `job` with its logs in `logs` (`log`, then `log.2` and so on for further copies) until it
/// ends, its limit comes or `stop` is set. Whatever happens, its processes are ended.
///
/// # Errors
/// If the program cannot be started or the logs cannot be written.
pub fn run(job: &Job, logs: &Path, stop: &AtomicBool) -> io::Result<Finished> {
    let mut session = Session::start(job, logs)?;
    let began = Instant::now();
    let (mut memory, mut stacks) = (Memory::default(), None);
    let mut watch = Watch::new(session.copies());
    while !session.all_ended(began)? {
        memory = session.memory(memory);
        session.show(&mut watch, began.elapsed());
        if stop.load(Ordering::Relaxed) {
            session.cut(&Exit::Interrupted, began.elapsed());
            break;
        }
        if began.elapsed() > job.left {
            // No time is left for last words: the budget is a budget.
            session.cut(&Exit::Interrupted, began.elapsed());
            break;
        }
        if began.elapsed() > job.wall_limit {
            session.cut(&Exit::WallLimit, began.elapsed());
            stacks = Some(session.last_words(job.grace)?);
            break;
        }
        session.pulse(job.pause, began.elapsed());
    }
    let wall = began.elapsed();
    let left_over = session.end();
    Ok(Finished { processes: session.finish(watch)?, wall, memory, stacks, left_over })
}
