//! The processes of one run while they run, and that nothing of them is left afterwards.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use process_wrap::std::{ChildWrapper, CommandWrap, ProcessSession};
use rustix::process::Signal;

use super::capture::Capture;
use super::pace::{Pace, Watch};
use super::process::{Exit, Job, Memory, Pause, Process, Start};
use super::{dump, tree};

/// How long to rest between two looks at the processes.
const TICK: Duration = Duration::from_millis(2);

/// The processes of one run. Dropping it ends them, so that an error leaves nothing running.
pub struct Session<'j> {
    job: &'j Job,
    logs: PathBuf,
    began: Instant,
    waiting: VecDeque<&'j Start>,
    running: Vec<Running>,
    leaders: Vec<u32>,
    watch: Watch,
    /// How often the pulse has stopped them, for how long in all, and since when they are stopped now.
    stops: u64,
    paused: Duration,
    stopped: Option<Duration>,
}

/// One copy of the program. Times count from the beginning of the session.
struct Running {
    /// Only the leader is waited for: the wrapper's own wait loses its status when orphans of the
    /// group were adopted. The rest of the group is the matter of [`tree::end`].
    child: Box<dyn ChildWrapper>,
    capture: Capture,
    /// What marks the processes of this copy.
    mark: String,
    started: Duration,
    /// How and when it ended by itself or was cut.
    ended: Option<(Exit, Duration)>,
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        self.end();
    }
}

impl<'j> Session<'j> {
    /// Starts what runs beside the copies and as many of them as run at once, with their logs in `logs`.
    pub fn start(job: &'j Job, logs: &Path) -> io::Result<Self> {
        let mut session = Self {
            job,
            logs: logs.to_path_buf(),
            began: Instant::now(),
            waiting: job.starts.iter().collect(),
            running: Vec::new(),
            leaders: Vec::new(),
            watch: Watch::default(),
            stops: 0,
            paused: Duration::ZERO,
            stopped: None,
        };
        for argv in &job.background {
            let mut command = command(job, argv, &job.variables(), &job.mark)?;
            command.stdout(Stdio::null()).stderr(Stdio::null());
            let child = CommandWrap::from(command).wrap(ProcessSession).spawn()?;
            session.leaders.push(child.id());
        }
        for _ in 0..job.at_once.max(1) {
            session.start_next()?;
        }
        Ok(session)
    }

    /// Starts the next copy, if one is waiting.
    fn start_next(&mut self) -> io::Result<()> {
        let Some(start) = self.waiting.pop_front() else { return Ok(()) };
        let number = self.running.len() + 1;
        let name = if number == 1 { "log".to_owned() } else { format!("log.{number}") };
        let (reader, writer) = io::pipe()?;
        let mark = format!("{}{number}/", self.job.mark);
        let mut command = command(self.job, &start.argv, &start.variables, &mark)?;
        command.stdout(writer.try_clone()?).stderr(writer);
        let capture = Capture::start(reader, &self.logs.join(name), self.job.keep)?;
        let child = CommandWrap::from(command).wrap(ProcessSession).spawn()?;
        self.leaders.push(child.id());
        self.watch.add(child.id());
        let started = self.began.elapsed();
        self.running.push(Running { child, capture, mark, started, ended: None });
        Ok(())
    }

    /// Returns how long it has lasted.
    pub fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// Ends everything; returns how many could not be ended.
    pub fn end(&self) -> usize {
        tree::end(&self.leaders, &self.job.mark)
    }

    /// Takes what was printed and looks who ended, starts the next ones in their place, and rests where nothing
    /// happens. Returns true if all have ended and none is waiting.
    pub fn all_ended(&mut self) -> io::Result<bool> {
        let mut busy = false;
        let mut free = 0;
        for running in &mut self.running {
            if running.ended.is_some() {
                continue;
            }
            busy |= running.capture.pump()?;
            if let Some(status) = running.child.inner_mut().try_wait()? {
                running.ended = Some((exit_of(status), self.began.elapsed()));
                free += 1;
                if !self.waiting.is_empty() {
                    // What it left behind must not run beside the next one.
                    tree::end_copy(running.child.id(), &running.mark);
                }
            }
        }
        for _ in 0..free {
            self.start_next()?;
        }
        let all = self.running.iter().all(|running| running.ended.is_some());
        if !busy && !all && free == 0 {
            sleep(TICK);
        }
        Ok(all)
    }

    /// Ends the copies that have run for longer than the wall limit, after their last words. No other one is
    /// started any more. Returns their stacks, if there were any such copies.
    pub fn end_overdue(&mut self) -> io::Result<Option<String>> {
        let (now, limit) = (self.began.elapsed(), self.job.wall_limit);
        let late = |running: &&mut Running| running.ended.is_none() && now - running.started > limit;
        let mut leaders = Vec::new();
        for running in self.running.iter_mut().filter(late) {
            running.ended = Some((Exit::WallLimit, now));
            leaders.push(running.child.id());
        }
        if leaders.is_empty() {
            return Ok(None);
        }
        self.waiting.clear();
        let stacks = self.last_words(&leaders)?;
        leaders.iter().for_each(|&leader| tree::signal_group(leader, Signal::KILL));
        Ok(Some(stacks))
    }

    /// Stops or continues everything, as the time in the pulse says.
    pub fn pulse(&mut self) {
        let Some(Pause { run, stop }) = self.job.pause else { return };
        let elapsed = self.began.elapsed();
        let stop = elapsed.as_nanos() % (run + stop).as_nanos().max(1) >= run.as_nanos();
        match (stop, self.stopped) {
            (true, None) => (self.stops, self.stopped) = (self.stops + 1, Some(elapsed)),
            (false, Some(since)) => (self.paused, self.stopped) = (self.paused + elapsed - since, None),
            _ => {}
        }
        let signal = if stop { Signal::STOP } else { Signal::CONT };
        for running in self.running.iter().filter(|running| running.ended.is_none()) {
            tree::signal_group(running.child.id(), signal);
        }
    }

    /// Looks at how the copies go, unless they are stopped.
    pub fn look(&mut self) {
        let elapsed = self.began.elapsed();
        if self.stopped.is_none() {
            self.watch.look(elapsed, elapsed.saturating_sub(self.paused), self.stops);
        }
    }

    /// Notes for all that still run that somebody asked to stop.
    pub fn interrupt(&mut self) {
        let now = self.began.elapsed();
        for running in &mut self.running {
            running.ended.get_or_insert((Exit::Interrupted, now));
        }
    }

    /// Takes the stacks, then asks for an abort, which makes Python and Go print theirs, and gives
    /// the processes a while to do so, but no longer than the run may last.
    fn last_words(&mut self, leaders: &[u32]) -> io::Result<String> {
        for &leader in leaders {
            tree::signal_group(leader, Signal::CONT);
        }
        let marks = self.running.iter().filter(|one| leaders.contains(&one.child.id()));
        let members = marks.flat_map(|one| tree::members(&[one.child.id()], &one.mark));
        let stacks = dump::stacks(&members.collect::<Vec<_>>());
        for &leader in leaders {
            tree::signal_group(leader, Signal::ABORT);
        }
        let grace = self.job.grace.min(self.job.left.saturating_sub(self.began.elapsed()));
        let asked = Instant::now();
        while asked.elapsed() < grace && !self.are_gone(leaders)? {
            sleep(TICK);
        }
        Ok(stacks)
    }

    /// Takes what was printed and returns true if these copies have ended.
    fn are_gone(&mut self, leaders: &[u32]) -> io::Result<bool> {
        let mut gone = true;
        for running in &mut self.running {
            running.capture.pump()?;
            if leaders.contains(&running.child.id()) {
                gone &= running.child.inner_mut().try_wait()?.is_some();
            }
        }
        Ok(gone)
    }

    /// Returns the most memory that a copy held, as far as was seen `before` and now.
    pub fn memory(&self, before: Memory) -> Memory {
        let live = self.running.iter().filter(|running| running.ended.is_none());
        live.map(|running| peak(running.child.id())).fold(before, |most, one| Memory {
            resident: most.resident.max(one.resident),
            address_space: most.address_space.max(one.address_space),
        })
    }

    /// Collects the outputs, and what was seen of each copy.
    pub fn finish(mut self) -> io::Result<Vec<Process>> {
        let running = std::mem::take(&mut self.running).into_iter();
        let paces = std::mem::take(&mut self.watch).finish();
        running.zip(paces).map(|(running, pace)| running.finish(pace)).collect()
    }
}

impl Running {
    fn finish(mut self, pace: Pace) -> io::Result<Process> {
        while self.capture.pump()? {}
        // It was killed or has ended; waiting only takes its entry out of the process table.
        let _ = self.child.inner_mut().wait();
        let (exit, ended_at) = self.ended.unwrap_or((Exit::Interrupted, self.started));
        let wall = ended_at.saturating_sub(self.started);
        Ok(Process { exit, wall, ended_at, output: self.capture.finish()?, pace })
    }
}

fn command(
    job: &Job,
    argv: &[String],
    variables: &BTreeMap<String, String>,
    mark: &str,
) -> io::Result<Command> {
    let (program, arguments) = argv.split_first().ok_or_else(|| {
        io::Error::new(io::ErrorKind::InvalidInput, "the command is empty; expected a program")
    })?;
    let mut command = Command::new(program);
    command.args(arguments).envs(variables).env(tree::MARK, mark);
    // An abort then prints the stacks of all Python threads.
    command.env("PYTHONFAULTHANDLER", "1");
    command.current_dir(&job.folder).stdin(Stdio::null());
    Ok(command)
}

fn exit_of(status: ExitStatus) -> Exit {
    use std::os::unix::process::ExitStatusExt;
    match (status.code(), status.signal()) {
        (Some(code), _) => Exit::Code(code),
        (None, signal) => Exit::Signal(signal.unwrap_or_default()),
    }
}

/// Returns the most memory that the process has held so far.
fn peak(pid: u32) -> Memory {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let bytes = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let kibibytes = line.and_then(|rest| rest.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok());
        kibibytes.unwrap_or_default() * 1024
    };
    Memory { resident: bytes("VmHWM:"), address_space: bytes("VmPeak:") }
}
