//! What this machine can do: looked at once, before the first run.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::script::{Machine, SHIMS};

/// Where Debian, Fedora and a hand-made installation put libfaketime.
const FAKETIME: [&str; 4] = [
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1",
    "/usr/lib64/faketime/libfaketime.so.1",
    "/usr/local/lib/faketime/libfaketime.so.1",
];

/// Looks at the machine and puts the shims into `folder`, the C one compiled if there is a compiler.
/// Load generators will write into `scratch`.
///
/// # Errors
/// If the folder cannot be written.
pub fn probe(folder: &Path, scratch: &Path) -> std::io::Result<Machine> {
    // Programs under test change their folder, so that only whole paths lead to the shims.
    let folder = &std::path::absolute(folder)?;
    std::fs::create_dir_all(folder)?;
    for (name, text) in SHIMS {
        std::fs::write(folder.join(name), text)?;
    }
    let isolated = |script: &str| succeeds("unshare", &["-r", "-n", "sh", "-c", script]);
    Ok(Machine {
        cores: std::thread::available_parallelism().map_or(1, usize::from),
        shim: compiled(folder),
        python_shim: folder.to_path_buf(),
        scratch: scratch.to_path_buf(),
        cgroup: writable_cgroup(),
        namespaces: isolated("ip link set lo up"),
        netem: isolated("ip link set lo up && tc qdisc add dev lo root netem delay 1ms"),
        tmpfs: succeeds("unshare", &["-r", "-m", "sh", "-c", "mount -t tmpfs -o size=1m tmpfs /mnt"]),
        stress_ng: succeeds("stress-ng", &["--version"]),
        faketime: FAKETIME.iter().map(PathBuf::from).find(|path| path.exists()),
    })
}

/// Compiles the shim and returns its path, or what the compiler says.
fn compiled(folder: &Path) -> Result<PathBuf, String> {
    let library = folder.join("delay.so");
    let made = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-o"])
        .arg(&library)
        .arg(folder.join("delay.c"))
        .args(["-ldl", "-lpthread"])
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("no C compiler `cc` ({error})"))?;
    if made.status.success() {
        return Ok(library);
    }
    Err(format!("`cc` could not compile {}: {}", folder.join("delay.c").display(), first_line(&made.stderr)))
}

/// Returns the cgroup v2 folder of this process if groups with limits can be made below it.
fn writable_cgroup() -> Option<PathBuf> {
    let own = std::fs::read_to_string("/proc/self/cgroup").ok()?;
    let path = own.lines().find_map(|line| line.strip_prefix("0::/"))?;
    let folder = Path::new("/sys/fs/cgroup").join(path);
    let controllers = std::fs::read_to_string(folder.join("cgroup.subtree_control")).ok()?;
    let has = |name| controllers.split_whitespace().any(|controller| controller == name);
    let probe = folder.join("ndlog-probe");
    (has("cpu")
        && has("memory")
        && std::fs::create_dir(&probe).is_ok()
        && std::fs::remove_dir(&probe).is_ok())
    .then_some(folder)
}

fn first_line(text: &[u8]) -> String {
    String::from_utf8_lossy(text).lines().next().unwrap_or_default().to_owned()
}

fn succeeds(program: &str, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
