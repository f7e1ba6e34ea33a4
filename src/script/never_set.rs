//! Variables that a log shows and that are never set: what belongs to the machine that CI ran on, what would
//! run a stranger's code, and what is secret.

/// Belongs to the machine: set to what it was in CI, it would break more than it copies.
const MACHINE: [&str; 17] = [
    "PATH",
    "HOME",
    "PWD",
    "OLDPWD",
    "SHELL",
    "USER",
    "LOGNAME",
    "HOSTNAME",
    "HOST",
    "TMPDIR",
    "TMP",
    "TEMP",
    "TERM",
    "SHLVL",
    "XDG_RUNTIME_DIR",
    "VIRTUAL_ENV",
    "_",
];
/// Belongs to the CI system.
const SYSTEM: [&str; 9] =
    ["GITHUB_", "RUNNER_", "ACTIONS_", "CI_", "JENKINS_", "BUILDKITE_", "SSH_", "AGENT_", "SYSTEM_"];
/// Names that make a shell, a loader or an interpreter run or load what they point at.
const RUNS_CODE: [&str; 26] = [
    "BASH_ENV",
    "ENV",
    "PROMPT_COMMAND",
    "PS4",
    "IFS",
    "SHELLOPTS",
    "BASHOPTS",
    "CDPATH",
    "PYTHONSTARTUP",
    "PYTHONHOME",
    "PYTHONINSPECT",
    "PYTHONBREAKPOINT",
    "PYTHONUSERBASE",
    "PYTHONWARNINGS",
    "PERL5OPT",
    "PERL5LIB",
    "RUBYOPT",
    "RUBYLIB",
    "NODE_OPTIONS",
    "JAVA_TOOL_OPTIONS",
    "_JAVA_OPTIONS",
    "JDK_JAVA_OPTIONS",
    "GCONV_PATH",
    "GLIBC_TUNABLES",
    "RUSTC_WRAPPER",
    "EDITOR",
];
const RUNS_CODE_PREFIXES: [&str; 6] = ["LD_", "DYLD_", "BASH_FUNC_", "GIT_", "NPM_CONFIG_", "PIP_"];
/// Names by which a program is sent to another server.
const REDIRECTS: [&str; 3] = ["_PROXY", "PROXY", "_INDEX_URL"];
/// Parts of names that hold secrets.
const SECRETS: [&str; 7] = ["TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL", "API_KEY", "PRIVATE_KEY"];

/// Returns why a variable of this name is not taken from a log; `None` if it may be.
pub fn reason(name: &str) -> Option<&'static str> {
    let upper = name.to_ascii_uppercase();
    let is = |names: &[&str]| names.contains(&upper.as_str());
    let begins = |prefixes: &[&str]| prefixes.iter().any(|prefix| upper.starts_with(prefix));
    match () {
        () if !is_name(name) => Some("it is no name"),
        () if is(&MACHINE) => Some("it belongs to the machine"),
        () if begins(&SYSTEM) => Some("it belongs to the CI system"),
        () if is(&RUNS_CODE) || begins(&RUNS_CODE_PREFIXES) => Some("it could run or load anything"),
        () if REDIRECTS.iter().any(|end| upper.ends_with(end)) => {
            Some("it could send the test to another server")
        }
        () if SECRETS.iter().any(|part| upper.contains(part)) => {
            Some("it may be secret; set it if the test needs it")
        }
        () => None,
    }
}

/// Returns true if and only if a POSIX shell accepts `name` as a variable's name.
fn is_name(name: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    name.bytes().next().is_some_and(letter) && name.bytes().all(|byte| letter(byte) || byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_run_code_reach_elsewhere_or_is_secret_is_never_set() {
        for name in [
            "PATH",
            "GITHUB_SHA",
            "BASH_ENV",
            "LD_PRELOAD",
            "LD_AUDIT",
            "DYLD_INSERT_LIBRARIES",
            "http_proxy",
            "ALL_PROXY",
            "no_proxy",
            "NPM_TOKEN",
            "AWS_SECRET_ACCESS_KEY",
            "GIT_SSH_COMMAND",
            "NODE_OPTIONS",
            "BASH_FUNC_ls%%",
            "PIP_INDEX_URL",
            "a b",
        ] {
            assert!(reason(name).is_some(), "{name}");
        }
        for name in ["RING_TIMEOUT_S", "CI", "COLUMNS", "PYTHONHASHSEED", "TT_METAL_HOME", "OMP_NUM_THREADS"]
        {
            assert_eq!(reason(name), None, "{name}");
        }
    }
}
