//! What may stand in front of the words of a statement and says nothing: a tick or a cross, whatever became of it
//! where the log was captured, and the name under which a shell hands on what a program wrote to its errors.

use memchr::memmem;

use crate::text::lines::split;

/// Bytes of a mark at the most: three letters, each of them read as three others and written again.
const MARK: usize = 20;

/// Bytes of a program's name at the most.
const NAME: usize = 60;

/// Lines below a program's words in which PowerShell says where it was called.
const BELOW: usize = 6;

/// Returns the words behind a mark such as `✖`, `×`, `Γ£û` or `x`; `None` where none stands in front.
pub fn without_mark(message: &[u8]) -> Option<&[u8]> {
    let length = memchr::memchr(b' ', message.get(..MARK).unwrap_or(message))?;
    let (mark, words) = message.split_at_checked(length)?;
    let is_mark = mark == b"x" || !mark.is_empty() && mark.iter().all(|byte| !byte.is_ascii());
    is_mark.then(|| words.trim_ascii_start()).filter(|words| !words.is_empty())
}

/// Returns the words behind `program : `, where the lines `below` say that PowerShell called the program.
pub fn behind_program<'m>(below: &[u8], message: &'m [u8]) -> Option<&'m [u8]> {
    let length = memmem::find(message.get(..NAME).unwrap_or(message), b" : ")?;
    let (name, words) = (message.get(..length)?, message.get(length + 3..)?);
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-".contains(byte);
    let called = |text: &[u8]| text.starts_with(b"At ") && memmem::find(text, b" char:").is_some();
    let is_called = || split(below).take(BELOW).any(|line| called(line.bytes));
    (name.iter().all(is_name) && is_called()).then(|| words.trim_ascii_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_no_word_whatever_became_of_it() {
        for (message, expected) in [
            ("✖ 4 problems", Some("4 problems")),
            ("❌  Build failed", Some("Build failed")),
            ("Γ£û 4 problems", Some("4 problems")),
            ("âœ– 4 problems", Some("4 problems")),
            ("x Build failed", Some("Build failed")),
            ("ring 4", None),
            ("4 problems", None),
            ("✖", None),
            ("", None),
            ("fünf Fehler", None),
        ] {
            assert_eq!(without_mark(message.as_bytes()), expected.map(str::as_bytes), "{message}");
        }
    }

    #[test]
    fn a_program_is_left_out_where_powershell_says_where_it_was_called() {
        let called = "npx.cmd : Error: torn\nAt line:1 char:1\n+ npx ring 2>&1\n";
        let echoed = "npx.cmd : Error: torn\nat the end\n";
        for (log, expected) in [(called, Some(&b"Error: torn"[..])), (echoed, None)] {
            let (line, below) = log.split_once('\n').unwrap();
            assert_eq!(behind_program(below.as_bytes(), line.as_bytes()), expected, "{log}");
        }
        let below = called.split_once('\n').unwrap().1;
        assert_eq!(behind_program(below.as_bytes(), b"two words : torn"), None, "no name of a program");
    }
}
