//! Starters that several amplifiers share. Their shell text is constant; values are arguments.

use std::path::Path;

use super::Treatment;

/// Runs the command `count` times one after another and stops at the first failure.
pub fn looped(count: u32) -> Treatment {
    let script = "n=$0; while [ \"$n\" -gt 0 ]; do \"$@\" || exit $?; n=$((n - 1)); done";
    let wrapper = Treatment::wrapper(&["sh", "-c", script, &count.to_string()]);
    Treatment { stretch: f64::from(count), ..wrapper }
}

/// Runs the command in a new cgroup below `parent` whose file `limit` holds `value`.
pub fn in_cgroup(parent: &Path, limit: &str, value: &str) -> Treatment {
    let script = "group=\"$0/ndlog-$2-$$\"; mkdir \"$group\" && echo \"$1\" >\"$group/$2\" \
        && echo $$ >\"$group/cgroup.procs\" && shift 2 && exec \"$@\"";
    Treatment::wrapper(&["sh", "-c", script, &parent.display().to_string(), value, limit])
}

/// Runs the command in a network of its own whose loopback has the given fault.
pub fn netem(fault: &str) -> Treatment {
    // The words of the fault are separate arguments of tc, hence unquoted; they are ours.
    let script = "ip link set lo up && tc qdisc add dev lo root netem $0 && exec \"$@\"";
    Treatment::wrapper(&["unshare", "-r", "-n", "sh", "-c", script, fault])
}

/// Copies the folder, what Git ignores left out, runs `script` there and removes the copy; the script sees the command
/// as its arguments and `value` as `$0`.
pub fn in_copy(script: &str, value: &str) -> Treatment {
    const COPIED: &str = "copy=$(mktemp -d) || exit 126; trap 'rm -rf \"$copy\"' EXIT; \
        if git rev-parse --is-inside-work-tree >/dev/null 2>&1; \
        then git ls-files -z --cached --others --exclude-standard | tar -c --null -T - --ignore-failed-read \
        | tar -x -C \"$copy\"; else cp -a . \"$copy\"; fi; cd \"$copy\" && ";
    Treatment::wrapper(&["sh", "-c", &format!("{COPIED}{script}"), value])
}
