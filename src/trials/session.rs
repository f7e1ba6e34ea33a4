//! The processes of one run while they run, and that nothing of them is left afterwards.

use std::io;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use process_wrap::std::{ChildWrapper, CommandWrap, ProcessSession};
use rustix::process::Signal;

use super::capture::Capture;
use super::pace::{Pace, Watch};
use super::process::{Exit, Job, Memory, Pause, Process};
use super::{dump, tree};

/// How long to rest between two looks at the processes.
const TICK: Duration = Duration::from_millis(2);

/// The processes of one run. Dropping it ends them, so that an error leaves nothing running.
#[derive(Default)]
pub struct Session {
    running: Vec<Running>,
    leaders: Vec<u32>,
    mark: String,
    /// How often the pulse has stopped them, for how long in all, and since when they are stopped now.
    stops: u64,
    paused: Duration,
    stopped: Option<Duration>,
}

struct Running {
    /// Only the leader is waited for: the wrapper's own wait loses its status when orphans of the
    /// group were adopted. The rest of the group is the matter of [`tree::end`].
    child: Box<dyn ChildWrapper>,
    capture: Capture,
    /// How and when it ended by itself or was cut.
    ended: Option<(Exit, Duration)>,
}

impl Drop for Session {
    fn drop(&mut self) {
        self.end();
    }
}

impl Session {
    /// Starts everything that the job names, with the logs of its copies in `logs`.
    pub fn start(job: &Job, logs: &Path) -> io::Result<Self> {
        let mut session = Self::default();
        session.mark.clone_from(&job.mark);
        for argv in &job.background {
            let mut command = command(job, argv)?;
            command.stdout(Stdio::null()).stderr(Stdio::null());
            let child = CommandWrap::from(command).wrap(ProcessSession).spawn()?;
            session.leaders.push(child.id());
        }
        for copy in 1..=job.copies.max(1) {
            let name = if copy == 1 { "log".to_owned() } else { format!("log.{copy}") };
            let (reader, writer) = io::pipe()?;
            let mut command = command(job, &job.argv)?;
            command.stdout(writer.try_clone()?).stderr(writer);
            let capture = Capture::start(reader, &logs.join(name), job.keep)?;
            let child = CommandWrap::from(command).wrap(ProcessSession).spawn()?;
            session.leaders.push(child.id());
            session.running.push(Running { child, capture, ended: None });
        }
        Ok(session)
    }

    /// Returns the process ids of the copies.
    pub fn copies(&self) -> impl Iterator<Item = u32> {
        self.running.iter().map(|running| running.child.id())
    }

    /// Ends everything; returns how many could not be ended.
    pub fn end(&self) -> usize {
        tree::end(&self.leaders, &self.mark)
    }

    /// Takes what was printed and looks who ended; rests where nothing happens.
    pub fn all_ended(&mut self, began: Instant) -> io::Result<bool> {
        let mut busy = false;
        for running in &mut self.running {
            busy |= running.capture.pump()?;
            if running.ended.is_none() {
                running.ended =
                    running.child.inner_mut().try_wait()?.map(|status| (exit_of(status), began.elapsed()));
            }
        }
        let all = self.running.iter().all(|running| running.ended.is_some());
        if !busy && !all {
            sleep(TICK);
        }
        Ok(all)
    }

    /// Stops or continues everything, as the time in the pulse says.
    pub fn pulse(&mut self, pause: Option<Pause>, elapsed: Duration) {
        let Some(pause) = pause else { return };
        let place = elapsed.as_nanos() % (pause.run + pause.stop).as_nanos().max(1);
        let stop = place >= pause.run.as_nanos();
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

    /// Lets `watch` look at them unless they are stopped.
    pub fn show(&self, watch: &mut Watch, elapsed: Duration) {
        if self.stopped.is_none() {
            watch.look(elapsed, elapsed.saturating_sub(self.paused), self.stops);
        }
    }

    /// Notes `exit` for all that still run.
    pub fn cut(&mut self, exit: &Exit, at: Duration) {
        for running in &mut self.running {
            running.ended.get_or_insert_with(|| (exit.clone(), at));
        }
    }

    /// Takes the stacks, then asks for an abort, which makes Python and Go print theirs, and gives
    /// the processes a while to do so.
    pub fn last_words(&mut self, grace: Duration) -> io::Result<String> {
        let leaders: Vec<u32> = self.copies().collect();
        for &leader in &leaders {
            tree::signal_group(leader, Signal::CONT);
        }
        let stacks = dump::stacks(&tree::members(&leaders, &self.mark));
        for &leader in &leaders {
            tree::signal_group(leader, Signal::ABORT);
        }
        let asked = Instant::now();
        while asked.elapsed() < grace && !self.all_gone()? {
            sleep(TICK);
        }
        Ok(stacks)
    }

    /// Takes what was printed and returns true if every process has ended.
    fn all_gone(&mut self) -> io::Result<bool> {
        let mut gone = true;
        for running in &mut self.running {
            running.capture.pump()?;
            gone &= running.child.inner_mut().try_wait()?.is_some();
        }
        Ok(gone)
    }

    /// Returns the most memory that a copy held, as far as was seen `before` and now.
    pub fn memory(&self, before: Memory) -> Memory {
        self.copies().map(peak).fold(before, |most, one| Memory {
            resident: most.resident.max(one.resident),
            address_space: most.address_space.max(one.address_space),
        })
    }

    /// Collects the outputs, and what was seen of each copy.
    pub fn finish(mut self, watch: Watch) -> io::Result<Vec<Process>> {
        let running = std::mem::take(&mut self.running).into_iter();
        running.zip(watch.finish()).map(|(running, pace)| running.finish(pace)).collect()
    }
}

impl Running {
    fn finish(mut self, pace: Pace) -> io::Result<Process> {
        while self.capture.pump()? {}
        // It was killed or has ended; waiting only takes its entry out of the process table.
        let _ = self.child.inner_mut().wait();
        let (exit, wall) = self.ended.unwrap_or((Exit::Interrupted, Duration::ZERO));
        Ok(Process { exit, wall, output: self.capture.finish()?, pace })
    }
}

fn command(job: &Job, argv: &[String]) -> io::Result<Command> {
    let (program, arguments) = argv.split_first().ok_or_else(|| {
        io::Error::new(io::ErrorKind::InvalidInput, "the command is empty; expected a program")
    })?;
    let mut command = Command::new(program);
    command.args(arguments).envs(&job.variables).env(tree::MARK, &job.mark);
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
