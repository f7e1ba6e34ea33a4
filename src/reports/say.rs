//! Short words to a person, and whole documents to a pipe.

use std::io::{self, BufRead, IsTerminal, Write};

use super::visible;

/// Prints lines for a person to standard output; nothing in them can act on the terminal.
///
/// # Errors
/// If standard output cannot be written.
pub fn say(text: &str) -> io::Result<()> {
    write_lines(&mut io::stdout().lock(), text)
}

/// Prints one line for a person to standard error, whatever newlines a name in it has. A remark never decides
/// what a command does: one that nobody takes is lost, and the exit code says the rest.
pub fn warn(text: &str) {
    let mut line = visible(text).into_owned();
    line.push('\n');
    let _ = io::stderr().lock().write_all(line.as_bytes());
}

/// Asks a question on the terminal and returns true for `y`; without a terminal nobody can answer, so false.
///
/// # Errors
/// If the terminal cannot be read or written.
pub fn confirm(question: &str) -> io::Result<bool> {
    let answer = ask(&format!("{question} [y/N]"))?;
    Ok(answer.is_some_and(|answer| matches!(answer.as_str(), "y" | "Y" | "yes")))
}

/// Asks a question on the terminal and returns the answer; `None` without a terminal or an answer.
///
/// # Errors
/// If the terminal cannot be read or written.
pub fn ask(question: &str) -> io::Result<Option<String>> {
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Ok(None);
    }
    warn(question);
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(Some(answer.trim().to_owned()).filter(|answer| !answer.is_empty()))
}

/// Prints a document as it is, to standard output.
///
/// # Errors
/// If standard output cannot be written.
pub fn print(document: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(document.as_bytes())?;
    out.flush()
}

fn write_lines(out: &mut impl Write, text: &str) -> io::Result<()> {
    for line in text.lines() {
        writeln!(out, "{}", visible(line))?;
    }
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_lines_and_escapes_are_shown() {
        let mut out = Vec::new();
        write_lines(&mut out, "one\n\x1b[2Jtwo").unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "one\n␛[2Jtwo\n");
    }
}
