//! The processes of a run, wherever they hid, and their end.
//!
//! A program under test may fork, leave its session and outlive its parent. Every process that a run
//! starts inherits the variable [`MARK`], so it is found in `/proc` even after a double fork, also by
//! the `ndlog` that resumes after another one was killed. Where there is no `/proc` only process
//! groups are ended.

use std::fs;
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
    for &leader in leaders {
        signal_group(leader, Signal::KILL);
    }
    let mut killed = Vec::new();
    let mut left = members(leaders, mark);
    for _ in 0..ROUNDS {
        if left.is_empty() {
            break;
        }
        for &pid in &left {
            let _ = kill_process(pid, Signal::KILL);
        }
        killed.append(&mut left);
        sleep(BETWEEN);
        left = members(leaders, mark);
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

/// Returns the living processes in the sessions or groups of `leaders` or with the mark, in the
/// order of their numbers.
pub fn members(leaders: &[u32], mark: &str) -> Vec<Pid> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    let own = std::process::id();
    let mut pids: Vec<u32> = entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|&pid| pid != own && (in_session(pid, leaders) || is_marked(pid, mark)))
        .collect();
    pids.sort_unstable();
    pids.into_iter().filter_map(|pid| Pid::from_raw(i32::try_from(pid).ok()?)).collect()
}

/// The fields after the name in `/proc/PID/stat` are: state, parent, group, session.
fn in_session(pid: u32, leaders: &[u32]) -> bool {
    let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) else { return false };
    let Some((_, rest)) = stat.rsplit_once(") ") else { return false };
    let mut fields = rest.split(' ');
    let zombie = fields.next() == Some("Z");
    let ours = |field: &str| field.parse().is_ok_and(|id: u32| leaders.contains(&id));
    !zombie && fields.skip(1).take(2).any(ours)
}

fn is_marked(pid: u32, mark: &str) -> bool {
    // A zombie's environment is empty, so it never counts.
    let Ok(environment) = fs::read(format!("/proc/{pid}/environ")) else { return false };
    let wanted = format!("{MARK}={mark}");
    environment.split(|&byte| byte == 0).any(|variable| variable.starts_with(wanted.as_bytes()))
}
