//! What a machine can do for an amplifier, as a value that somebody else has looked up.

use std::path::PathBuf;

/// The files that the written test and some amplifiers load: name and content.
pub const SHIMS: [(&str, &str); 8] = [
    ("delay.c", include_str!("shims/delay.c")),
    ("sitecustomize.py", include_str!("shims/sitecustomize.py")),
    ("ndlog_repeat.py", include_str!("shims/ndlog_repeat.py")),
    ("ndlog_shuffle.py", include_str!("shims/ndlog_shuffle.py")),
    ("ndlog_seed.cjs", include_str!("shims/ndlog_seed.cjs")),
    ("ndlog_seed.rb", include_str!("shims/ndlog_seed.rb")),
    ("ndlog_knobs.py", include_str!("shims/ndlog_knobs.py")),
    ("ndlog_stress.py", include_str!("shims/ndlog_stress.py")),
];

/// The abilities of one machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Machine {
    /// At least 1.
    pub cores: usize,
    /// The compiled `delay.c`, or why there is none.
    pub shim: Result<PathBuf, String>,
    /// The folder that holds the Python shims.
    pub python_shim: PathBuf,
    /// A folder for the files of load generators.
    pub scratch: PathBuf,
    /// A cgroup v2 folder in which groups with `cpu` and `memory` may be made.
    pub cgroup: Option<PathBuf>,
    /// Network namespaces may be made and set up.
    pub namespaces: bool,
    /// The kernel can delay and drop packets.
    pub netem: bool,
    /// A small file system may be mounted in a namespace.
    pub tmpfs: bool,
    pub stress_ng: bool,
    /// The library of libfaketime.
    pub faketime: Option<PathBuf>,
}

impl Machine {
    /// Returns why an amplifier that needs `what` cannot be used, unless it `is_there`.
    pub fn needs(&self, is_there: bool, what: &str) -> Result<(), String> {
        if is_there { Ok(()) } else { Err(format!("this machine has no {what}")) }
    }
}
