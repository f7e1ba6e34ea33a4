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

/// Bytes of a bar in front of words at the most.
const BAR: usize = 120;

/// Returns the words behind a mark such as `✖`, `×`, `Γ£û` or `x`, or behind a bar; `None` where none stands in front.
pub fn without_mark(message: &[u8]) -> Option<&[u8]> {
    let length = memchr::memchr(b' ', message.get(..BAR).unwrap_or(message))?;
    let (mark, words) = message.split_at_checked(length)?;
    let is_mark = mark == b"x"
        || mark == b"[!]"
        || mark.len() < MARK && is_of(mark, |byte| !byte.is_ascii())
        || mark != b">" && is_of(mark, |byte| b"!*>=".contains(&byte));
    is_mark.then(|| words.trim_ascii_start()).filter(|words| !words.is_empty())
}

fn is_of(mark: &[u8], is: impl Fn(u8) -> bool) -> bool {
    !mark.is_empty() && mark.iter().all(|byte| is(*byte))
}

/// Returns the words behind what another tool puts before each line of a program that it called: `# `, `| `, `> `, or a name or
/// a column of its own that ends so; only where the lines round it, `above` and `below`, begin in the same way.
pub fn behind_caller<'m>(above: &[u8], below: &[u8], message: &'m [u8]) -> Option<&'m [u8]> {
    let (length, mark) = caller(message)?;
    let is_like = |line: &[u8]| mark.begins(line.trim_ascii_start());
    let before =
        above.trim_ascii_end().rsplit(|byte| *byte == b'\n').take(ROUND).filter(|line| is_like(line));
    let behind = split(below).take(ROUND).filter(|line| is_like(line.bytes));
    (before.count() + behind.count() >= ROUND).then(|| message.get(length..))?.map(<[u8]>::trim_ascii_start)
}

/// Lines round a line that must begin as it does.
const ROUND: usize = 2;

/// Levels: they say of a line how bad it is, and not who hands it on.
const LEVELS: [&str; 9] = ["error", "warning", "warn", "note", "info", "debug", "notice", "hint", "fatal"];

/// Returns the length of what may be a caller's mark in front of a line, and of what kind it is.
fn caller(text: &[u8]) -> Option<(usize, Caller<'_>)> {
    let text = text.get(..NAME).unwrap_or(text);
    if let Some(mark) = [b"# ", b"> ", b"| "].into_iter().find(|mark| text.starts_with(*mark)) {
        return Some((2, Caller::Mark(*mark)));
    }
    if text.starts_with(b"#") {
        return step_and_time(text).map(|length| (length, Caller::Step));
    }
    column(text).map(|length| (length, Caller::Column)).or_else(|| named(text))
}

/// What a caller puts before a line.
enum Caller<'t> {
    Mark([u8; 2]),
    /// The number of a step, and seconds.
    Step,
    /// Names and times up to a bar.
    Column,
    /// A name of its own, the same before each line but for digits.
    Named(&'t [u8]),
}

impl Caller<'_> {
    /// Returns true if and only if a line begins in this way.
    fn begins(&self, line: &[u8]) -> bool {
        match self {
            Self::Mark(mark) => line.starts_with(mark),
            Self::Step => step_and_time(line).is_some(),
            Self::Column => column(line.get(..NAME).unwrap_or(line)).is_some(),
            Self::Named(name) => begins_alike(line, name),
        }
    }
}

/// `ring,7 12:04:11| `, names and times up to a bar.
fn column(text: &[u8]) -> Option<usize> {
    let bar = memmem::find(text, b"| ")?;
    let is_column = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-:,/ ".contains(byte);
    text.get(..bar)?.iter().all(is_column).then_some(bar + 2)
}

/// `remote: `, `[builder] ` and `Step #0 - "test": `: a name, and the blank behind it.
fn named(text: &[u8]) -> Option<(usize, Caller<'_>)> {
    let mark: &[u8; 2] = if text.starts_with(b"[") { b"] " } else { b": " };
    let length = memmem::find(text, mark)? + 1;
    let name = text.get(..length)?;
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b" ._-#\"[]:".contains(byte);
    let word = name.split(|byte| !byte.is_ascii_alphabetic()).find(|word| !word.is_empty())?;
    let is_level = LEVELS.iter().any(|level| word.eq_ignore_ascii_case(level.as_bytes()));
    (name.iter().all(is_name) && !is_level).then_some((length + 1, Caller::Named(name)))
}

/// Returns true if and only if a line begins with `name`, whatever the digits.
fn begins_alike(line: &[u8], name: &[u8]) -> bool {
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (mut line, mut name) = (line, name);
    while let Some((first, rest)) = name.split_first() {
        let (long, wanted) = (digits(line), digits(name));
        if (long > 0) != (wanted > 0) || wanted == 0 && line.first() != Some(first) {
            return false;
        }
        line = line.get(long.max(1)..).unwrap_or_default();
        name = if wanted > 0 { name.get(wanted..).unwrap_or_default() } else { rest };
    }
    true
}

/// `#15 692.3 `, the step and its seconds.
fn step_and_time(text: &[u8]) -> Option<usize> {
    let mut words = text.splitn(3, |byte| *byte == b' ');
    let (step, seconds) = (words.next()?, words.next()?);
    let is_step = is_of(step.get(1..)?, |byte| byte.is_ascii_digit());
    let is_seconds = is_of(seconds, |byte| byte.is_ascii_digit() || byte == b'.') && seconds.contains(&b'.');
    (is_step && is_seconds).then_some(step.len() + seconds.len() + 2)
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
            ("[!] no ring", Some("no ring")),
            (">>> no ring", Some("no ring")),
            ("============================== no ring", Some("no ring")),
            ("- no ring", None),
            ("> exit 4", None),
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
    fn what_a_caller_puts_before_each_line_is_left_out_among_lines_like_it() {
        for (above, message, below, expected) in [
            ("# make\n# torn\n", "# 2 failed", "", Some("2 failed")),
            ("#9 1.2 make\n#9 1.3 torn\n", "#9 1.4 2 failed", "", Some("2 failed")),
            ("a,7,ring| make\n", "a,7,ring| 2 failed", "a,7,ring| torn\n", Some("2 failed")),
            ("remote: make\nremote:\n", "remote:  ! Push failed", "", Some("! Push failed")),
            ("[pack] make\n[pack] torn\n", "[pack] 2 failed", "", Some("2 failed")),
            ("Step #9: make\n", "Step #9: 2 failed", "Step #10: make\n", Some("2 failed")),
            ("warning: a\nwarning: b\n", "warning: 2 failed", "", None),
            ("remote: make\nremotely: b\n", "remote: 2 failed", "", None),
            ("make\ntorn\n", "# 2 failed", "torn\n", None),
            ("make\ntorn\n", "a || b", "torn\n", None),
        ] {
            let found = behind_caller(above.as_bytes(), below.as_bytes(), message.as_bytes());
            assert_eq!(found, expected.map(str::as_bytes), "{message}");
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
