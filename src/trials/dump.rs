//! The stacks of a run that hangs, taken before it is ended.

use std::io::Read;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::Pid;

/// How many processes of a run are looked into, and how long a debugger may take for each.
const PROCESSES: usize = 4;
const PATIENCE: Duration = Duration::from_secs(10);

/// Returns the stacks of the first few processes as text, from `py-spy` or `gdb` where they are
/// there; says which process could not be looked into.
pub fn stacks(pids: &[Pid]) -> String {
    pids.iter().take(PROCESSES).map(|&pid| stack(pid)).collect()
}

fn stack(pid: Pid) -> String {
    let number = pid.as_raw_nonzero().to_string();
    let program = std::fs::read_link(format!("/proc/{number}/exe")).unwrap_or_default();
    let python = program.file_name().is_some_and(|name| name.to_string_lossy().contains("python"));
    let text = (if python { ask("py-spy", &["dump", "--pid", &number]) } else { None })
        .or_else(|| ask("gdb", &["-p", &number, "-batch", "-nx", "-ex", "thread apply all bt"]))
        .unwrap_or_else(|| "no debugger could look into it".to_owned());
    format!("--- process {number}, {}\n{}\n", program.display(), text.trim_end())
}

/// Returns what the tool prints, or `None` if it is not there, fails or takes too long.
pub fn ask(tool: &str, arguments: &[&str]) -> Option<String> {
    let (mut reader, writer) = std::io::pipe().ok()?;
    let mut child = Command::new(tool)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(writer)
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let patience = Instant::now() + PATIENCE;
    rustix::fs::fcntl_setfl(&reader, rustix::fs::OFlags::NONBLOCK).ok()?;
    let mut text = Vec::new();
    loop {
        // Would block until the tool prints more; what came before stays in `text`.
        let _ = reader.read_to_end(&mut text);
        if let Some(status) = child.try_wait().ok()? {
            return status.success().then(|| String::from_utf8_lossy(&text).into_owned());
        }
        if Instant::now() > patience {
            let _ = child.kill();
            let _ = child.wait();
            return None;
        }
        sleep(Duration::from_millis(10));
    }
}
