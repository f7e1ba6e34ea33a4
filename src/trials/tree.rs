//! The processes of a run, wherever they hid, and their end.
//!
//! A program under test may fork, leave its session and outlive its parent. Every process that a run
//! starts inherits the variable [`MARK`], so it is found in `/proc` even after a double fork, also by
//! the `ndlog` that resumes after another one was killed. Where there is no `/proc` only process
//! groups are ended. What cleared its environment and left its session is found below this process, which
//! adopts the orphans of all that it starts.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::Duration;

use rustix::process::{Pid, Signal, WaitOptions, kill_process, kill_process_group, waitpgid, waitpid};

/// The variable that marks the processes of a run.
pub const MARK: &str = "NDLOG_TRIAL";

/// How often to look again for processes that appeared meanwhile, and how long to wait between.
const ROUNDS: u32 = 100;
const BETWEEN: Duration = Duration::from_millis(5);

/// Makes orphans of this process's descendants its own children, so that they can be reaped.
pub fn adopt_orphans() {
    // Where the kernel cannot do it, orphans are reaped by init and nothing else changes.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_child_subreaper(Pid::from_raw(1));
}

/// Set where this process starts nothing but trials, so that every descendant is one's.
static ONLY_TRIALS: AtomicBool = AtomicBool::new(false);

/// Says that this process starts nothing but trials from here on: what is below it when a run ends belongs to
/// the run, even if it left its session and cleared its environment.
pub fn own_all_descendants() {
    adopt_orphans();
    ONLY_TRIALS.store(true, Ordering::Relaxed);
}

/// Kills every process whose mark begins with `mark`. Returns how many are still there.
pub fn end_leftovers(mark: &str) -> usize {
    end(&[], mark)
}

/// Sends `signal` to the whole group that `leader` leads; a group that is gone is no error.
pub fn signal_group(leader: u32, signal: Signal) {
    if let Some(group) = i32::try_from(leader).ok().and_then(Pid::from_raw) {
        let _ = kill_process_group(group, signal);
    }
}

/// Kills the groups of `leaders` and every process marked with `mark`. Returns how many are still
/// there: only those that the kernel holds or that belong to somebody else.
pub fn end(leaders: &[u32], mark: &str) -> usize {
    end_all(leaders, || members(leaders, mark))
}

/// Kills what one of several copies that run at once has left behind: its group, its session and what bears its mark.
pub fn end_copy(leader: u32, mark: &str) {
    end_all(&[leader], || pids(named(&[leader], mark)));
}

fn end_all(leaders: &[u32], members: impl Fn() -> Vec<Pid>) -> usize {
    for &leader in leaders {
        signal_group(leader, Signal::KILL);
    }
    let (mut killed, mut left, mut empty) = (Vec::new(), members(), 0);
    for _ in 0..ROUNDS {
        // A list misses what is started while it is read: two empty ones in a row say that nothing is left.
        empty = if left.is_empty() { empty + 1 } else { 0 };
        if empty == 2 {
            break;
        }
        for &pid in &left {
            let _ = kill_process(pid, Signal::KILL);
        }
        if !left.is_empty() {
            killed.append(&mut left);
            sleep(BETWEEN);
        }
        left = members();
    }
    reap(leaders, &killed);
    left.len()
}

/// Takes those that were adopted out of the process table; an error says that they are not ours.
fn reap(leaders: &[u32], killed: &[Pid]) {
    for group in leaders.iter().filter_map(|&leader| Pid::from_raw(i32::try_from(leader).ok()?)) {
        while let Ok(Some(_)) = waitpgid(group, WaitOptions::NOHANG) {}
    }
    for &pid in killed {
        let _ = waitpid(Some(pid), WaitOptions::NOHANG);
    }
}

/// Returns the living processes in the sessions or groups of `leaders` or with the mark, and all below this one where
/// it starts nothing but trials, in the order of their numbers.
pub fn members(leaders: &[u32], mark: &str) -> Vec<Pid> {
    let mut numbers = named(leaders, mark);
    if ONLY_TRIALS.load(Ordering::Relaxed) {
        numbers.extend(descendants(std::process::id()));
    }
    pids(numbers)
}

fn named(leaders: &[u32], mark: &str) -> Vec<u32> {
    let own = std::process::id();
    let ours = |pid: &u32| *pid != own && (in_session(*pid, leaders) || is_marked(*pid, mark));
    numbers("/proc").filter(ours).collect()
}

fn pids(mut numbers: Vec<u32>) -> Vec<Pid> {
    numbers.sort_unstable();
    numbers.dedup();
    numbers.into_iter().filter_map(|pid| Pid::from_raw(i32::try_from(pid).ok()?)).collect()
}

/// Returns the living processes below `top`.
fn descendants(top: u32) -> Vec<u32> {
    let living = |pid: u32| stat(&format!("/proc/{pid}/stat")).filter(|stat| stat.state != 'Z');
    let parents: Vec<(u32, u32)> =
        numbers("/proc").filter_map(|pid| Some((pid, living(pid)?.parent))).collect();
    let (mut found, mut new) = (Vec::new(), vec![top]);
    while !new.is_empty() {
        new = parents.iter().filter(|(_, parent)| new.contains(parent)).map(|(pid, _)| *pid).collect();
        found.extend(&new);
    }
    found
}

fn in_session(pid: u32, leaders: &[u32]) -> bool {
    stat(&format!("/proc/{pid}/stat")).is_some_and(|stat| {
        stat.state != 'Z' && (leaders.contains(&stat.group) || leaders.contains(&stat.session))
    })
}

/// Returns every living process with the leader of its session.
pub fn sessions() -> Vec<(u32, u32)> {
    let living = |pid: u32| stat(&format!("/proc/{pid}/stat")).filter(|stat| stat.state != 'Z');
    numbers("/proc").filter_map(|pid| Some((pid, living(pid)?.session))).collect()
}

/// What the scheduler says about a thread.
#[derive(Clone, Copy, Debug)]
pub struct Thread {
    pub number: u32,
    /// `R` for one that could run, `D` for one that waits for the disk, `S` for one that sleeps.
    pub state: char,
    /// How long it had a core, and how often it got one.
    pub nanoseconds: u64,
    pub times_on_core: u64,
}

/// Returns the threads of a process; none where it is gone or the system does not tell.
pub fn threads(pid: u32) -> impl Iterator<Item = Thread> {
    let folder = format!("/proc/{pid}/task");
    let inside = folder.clone();
    numbers(&folder).filter_map(move |number| {
        let state = stat(&format!("{inside}/{number}/stat"))?.state;
        let counted = fs::read_to_string(format!("{inside}/{number}/schedstat")).ok()?;
        let mut fields = counted.split_whitespace().map(str::parse);
        let nanoseconds = fields.next()?.ok()?;
        Some(Thread { number, state, nanoseconds, times_on_core: fields.nth(1)?.ok()? })
    })
}

/// Returns the entries of a folder that are numbers: processes or threads.
fn numbers(folder: &str) -> impl Iterator<Item = u32> + use<> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
}

struct Stat {
    state: char,
    parent: u32,
    group: u32,
    session: u32,
}

/// The fields after the name are: state, parent, group, session. The name may hold anything.
fn stat(path: &str) -> Option<Stat> {
    let stat = fs::read_to_string(path).ok()?;
    let (_, rest) = stat.rsplit_once(") ")?;
    let mut fields = rest.split(' ');
    let state = fields.next()?.chars().next()?;
    let parent = fields.next()?.parse().ok()?;
    let group = fields.next()?.parse().ok()?;
    Some(Stat { state, parent, group, session: fields.next()?.parse().ok()? })
}

fn is_marked(pid: u32, mark: &str) -> bool {
    // A zombie's environment is empty, so it never counts.
    let Ok(environment) = fs::read(format!("/proc/{pid}/environ")) else { return false };
    let wanted = format!("{MARK}={mark}");
    environment.split(|&byte| byte == 0).any(|variable| variable.starts_with(wanted.as_bytes()))
}
