//! A long text on a terminal goes through the pager that the user has.

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::process::{Command, Stdio};

/// Returns true if standard output is a terminal, so that a person reads it.
pub fn is_read_by_a_person() -> bool {
    io::stdout().is_terminal()
}

/// Shows a text: through `PAGER`, or else `less`, where it is longer than the terminal is high; else as it is. An empty
/// `PAGER` is none.
///
/// # Errors
/// If standard output cannot be written.
pub fn show(text: &[u8]) -> io::Result<()> {
    let lines = memchr::memchr_iter(b'\n', text).count();
    let fits = terminal_size::terminal_size().is_none_or(|(_, height)| lines < usize::from(height.0));
    let pager = std::env::var("PAGER").unwrap_or_else(|_| "less".to_owned());
    if fits || pager.trim().is_empty() || !piped(&pager, text)? {
        let mut out = io::stdout().lock();
        out.write_all(text)?;
        out.flush()?;
    }
    Ok(())
}

/// Hands the text to a pager; false if there is none of this name.
fn piped(pager: &str, text: &[u8]) -> io::Result<bool> {
    // `PAGER` is a shell line of the user's own. What less needs to show colours and to end by itself is git's choice.
    let mut command = Command::new("sh");
    command.args(["-c", pager]).stdin(Stdio::piped());
    if std::env::var_os("LESS").is_none() {
        command.env("LESS", "FRX");
    }
    let Ok(mut child) = command.spawn() else { return Ok(false) };
    if let Some(mut stdin) = child.stdin.take() {
        match stdin.write_all(text) {
            // The reader has seen enough, or there was no such program.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
            written => written?,
        }
    }
    // The shell says 126 or 127 where it cannot start the program.
    Ok(!matches!(child.wait()?.code(), Some(126 | 127)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pager_that_is_not_there_is_none_and_one_that_stops_early_is_no_failure() {
        let long = b"line\n".repeat(100_000);
        for (pager, shown) in [
            ("cat > /dev/null", true),
            ("head -n 1 > /dev/null", true),
            ("no-such-pager-at-all 2> /dev/null", false),
        ] {
            assert_eq!(piped(pager, &long).unwrap(), shown, "{pager}");
        }
    }
}
