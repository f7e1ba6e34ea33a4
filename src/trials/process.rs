//! One run: what is run, within which limits, and how it ended.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::capture::Captured;
use super::pace::Pace;
use super::session::Session;

/// What to run, and within which bounds.
#[derive(Clone, Debug)]
pub struct Job {
    /// The copies, at least one, in the order in which they are started.
    pub starts: Vec<Start>,
    /// How many of them run at once; the next one starts where one has ended.
    pub at_once: u32,
    /// Where to run.
    pub folder: PathBuf,
    /// Programs to run beside it; they are ended with it and their output is dropped.
    pub background: Vec<Vec<String>>,
    /// Stops and continues its processes while it runs.
    pub pause: Option<Pause>,
    /// A copy that runs for longer is ended.
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

/// One copy of the program.
#[derive(Clone, Debug, PartialEq)]
pub struct Start {
    /// The program and its arguments; never a shell line.
    pub argv: Vec<String>,
    /// Set on top of the environment of this process.
    pub variables: BTreeMap<String, String>,
}

impl Job {
    /// Returns the variables of the first copy, which what runs beside it has as well.
    pub fn variables(&self) -> BTreeMap<String, String> {
        self.starts.first().map(|start| start.variables.clone()).unwrap_or_default()
    }
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

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "exit {code}"),
            Self::Signal(signal) => write!(f, "signal {signal}"),
            Self::WallLimit => f.write_str("wall limit"),
            Self::Interrupted => f.write_str("stopped"),
        }
    }
}

/// One copy of the program after its end.
#[derive(Clone, Debug)]
pub struct Process {
    pub exit: Exit,
    pub wall: Duration,
    /// When it ended, from the start of the first copy.
    pub ended_at: Duration,
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

/// Runs `job` with its logs in `logs` (`log`, then `log.2` and so on for further copies) until all copies have
/// ended, no time is left or `stop` is set. Whatever happens, its processes are ended.
///
/// # Errors
/// If the program cannot be started or the logs cannot be written.
pub fn run(job: &Job, logs: &Path, stop: &AtomicBool) -> io::Result<Finished> {
    let mut session = Session::start(job, logs)?;
    let (mut memory, mut stacks) = (Memory::default(), None);
    while !session.all_ended()? {
        memory = session.memory(memory);
        session.look();
        if stop.load(Ordering::Relaxed) || session.elapsed() > job.left {
            // No time is left for last words: the budget is a budget.
            session.interrupt();
            break;
        }
        stacks = session.end_overdue()?.or(stacks);
        session.pulse();
    }
    let wall = session.elapsed();
    let left_over = session.end();
    Ok(Finished { processes: session.finish()?, wall, memory, stacks, left_over })
}
