//! What a device and the kernel say after a run that failed: kept beside its log, each tool with a limit of time.

use std::path::Path;

use super::dump::ask;

/// Tools that look at devices without changing them; those that are not there say nothing.
const TOOLS: [(&str, &[&str]); 3] = [("tt-triage", &[]), ("nvidia-smi", &["-q"]), ("rocm-smi", &[])];
/// Bytes that are kept of each tool, from the end.
const KEPT: usize = 256 << 10;

/// Returns the seconds since this machine was started, by which the kernel stamps its lines.
pub fn uptime() -> Option<f64> {
    std::fs::read_to_string("/proc/uptime").ok()?.split_whitespace().next()?.parse().ok()
}

/// Returns what the tools say, each under its name: the kernel's lines since `began`, and the devices.
pub fn look(began: Option<f64>) -> String {
    let kernel = began.zip(ask("dmesg", &[])).map(|(began, text)| since(&text, began));
    let devices = TOOLS.iter().filter_map(|(tool, arguments)| Some((*tool, ask(tool, arguments)?)));
    let all = kernel.map(|text| ("dmesg", text)).into_iter().chain(devices);
    all.filter(|(_, text)| !text.trim().is_empty())
        .map(|(tool, text)| format!("--- {tool}\n{}\n", end(&text).trim_end()))
        .collect()
}

/// Writes what the tools say into the folder of a run.
///
/// # Errors
/// If it cannot be written.
pub fn note(logs: &Path, began: Option<f64>) -> std::io::Result<()> {
    let lines = look(began);
    if lines.is_empty() { Ok(()) } else { std::fs::write(logs.join("device"), lines) }
}

/// Returns the lines that the kernel stamped at `began` or later, `[ 1234.567890] …`, and what goes on from them.
fn since(text: &str, began: f64) -> String {
    let stamp = |line: &str| line.strip_prefix('[')?.split_once(']')?.0.trim().parse::<f64>().ok();
    let early = |line: &&str| stamp(line).is_none_or(|at| at < began);
    text.lines().skip_while(early).map(|line| format!("{line}\n")).collect()
}

fn end(text: &str) -> &str {
    let from = text.len().saturating_sub(KEPT);
    let from = (from..text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    text.get(from..).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_kernel_said_since_the_run_began_is_kept() {
        let text = "[   10.5] ring: link up\n[  100.2] ring: link down\n\tport 3\n[  101.0] ring: reset\n";
        assert_eq!(since(text, 100.0), "[  100.2] ring: link down\n\tport 3\n[  101.0] ring: reset\n");
        assert_eq!(since(text, 200.0), "");
        assert_eq!(since("no stamp\n", 0.0), "");
        assert_eq!(end("é".repeat(KEPT).as_str()).len(), KEPT);
    }
}
