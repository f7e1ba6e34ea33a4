//! How bad the writer of a line said it was, and how writers spell that.

use super::scan;

/// How bad the writer of a line thought it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    Trace,
    Debug,
    Info,
    Warning,
    Error,
    Fatal,
}

/// Letters of the shortest and of the longest spelling.
const SHORTEST: usize = 3;
const LONGEST: usize = 11;

impl Level {
    /// Returns the level that `word` spells in any case.
    pub fn from_word(word: &[u8]) -> Option<Self> {
        let mut lower = [0; LONGEST];
        let lower = lower.get_mut(..word.len()).filter(|lower| lower.len() >= SHORTEST)?;
        lower.copy_from_slice(word);
        lower.make_ascii_lowercase();
        Self::from_lower(lower)
    }

    /// Every spelling that a level column may have, in lower case.
    fn from_lower(word: &[u8]) -> Option<Self> {
        Some(match word {
            b"trace" | b"trc" | b"finer" | b"finest" => Self::Trace,
            b"debug" | b"verbose" | b"dbg" | b"dbug" | b"fine" | b"config" => Self::Debug,
            b"info" | b"notice" | b"note" | b"log" | b"information" | b"inf" => Self::Info,
            b"warning" | b"warn" | b"wrn" => Self::Warning,
            b"error" | b"severe" | b"err" | b"fail" => Self::Error,
            b"fatal" | b"critical" | b"ftl" | b"crit" | b"alert" | b"emerg" | b"panic" => Self::Fatal,
            _ => return None,
        })
    }

    /// Returns the level that glog's, logcat's and Ruby's single letters stand for.
    pub fn from_letter(letter: u8) -> Option<Self> {
        match letter {
            b'V' | b'T' => Some(Self::Trace),
            b'D' => Some(Self::Debug),
            b'I' => Some(Self::Info),
            b'W' => Some(Self::Warning),
            b'E' => Some(Self::Error),
            b'F' | b'C' => Some(Self::Fatal),
            _ => None,
        }
    }

    /// Returns the level of a syslog priority (RFC 5424, 6.2.1: severity is the remainder by 8).
    pub fn from_priority(priority: u64) -> Option<Self> {
        match priority {
            192.. => None,
            _ => Some(match priority % 8 {
                0..=2 => Self::Fatal,
                3 => Self::Error,
                4 => Self::Warning,
                5 | 6 => Self::Info,
                _ => Self::Debug,
            }),
        }
    }
}

/// A level found at the front of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    pub level: Level,
    /// How many bytes the column takes; 0 where the word belongs to the message, as in `error: `.
    pub length: usize,
}

/// Reads the level column at the front of `text`. `framed` says that a time or another column of
/// a log header stands before it, so that a bare word is a column too.
pub fn column(text: &[u8], framed: bool) -> Option<Found> {
    match text.first()? {
        b'[' => enclosed(text, b']', framed),
        b'<' => priority(text).or_else(|| enclosed(text, b'>', framed)),
        b'(' if framed => enclosed(text, b')', framed),
        byte if byte.is_ascii_alphabetic() => bare(text, framed),
        _ => None,
    }
}

/// `[ERROR]`, `[ warn ]`, `<info>`; single letters only inside a log header.
fn enclosed(text: &[u8], close: u8, framed: bool) -> Option<Found> {
    let end = text.iter().take(16).position(|&byte| byte == close)?;
    let word = text.get(1..end)?.trim_ascii();
    let level = match word {
        [letter] if framed => Level::from_letter(*letter),
        _ => Level::from_word(word),
    }?;
    Some(Found { level, length: end + 1 })
}

/// `<3>` of the kernel and of syslog.
fn priority(text: &[u8]) -> Option<Found> {
    let (number, length) = scan::number(text.get(1..)?)?;
    let level = Level::from_priority(number)?;
    (text.get(1 + length) == Some(&b'>')).then_some(Found { level, length: length + 2 })
}

/// A word without brackets: a column before `|` or within a header, else part of the message.
fn bare(text: &[u8], framed: bool) -> Option<Found> {
    let length = scan::run(text, |byte| byte.is_ascii_alphabetic());
    if length == 1 {
        return logcat_brief(text).or_else(|| if framed { teamcity(text) } else { None });
    }
    let word = text.get(..length)?;
    let Some(level) = Level::from_word(word) else {
        return npm(text).map(|level| Found { level, length: 0 });
    };
    let rest = text.get(length..)?;
    let shouted = word.iter().all(u8::is_ascii_uppercase);
    let consumed = match rest.first() {
        _ if pipe_follows(rest) => length,
        None | Some(b' ' | b'\t') if framed && (shouted || stands_apart(rest)) => length,
        Some(b':') if framed && shouted => length + 1,
        Some(b':' | b'[' | b'!') => 0,
        None | Some(b' ' | b'\t') if shouted || framed && is_common(word) => 0,
        _ => return None,
    };
    Some(Found { level, length: consumed })
}

/// Returns true if and only if a single `|` is the next thing that is not blank.
fn pipe_follows(rest: &[u8]) -> bool {
    let after = rest.get(scan::blanks(rest)..).unwrap_or_default();
    after.starts_with(b"|") && !after.starts_with(b"||")
}

/// Returns true if and only if padding or a dash sets the word before `rest` off as a column.
fn stands_apart(rest: &[u8]) -> bool {
    scan::blanks(rest) > 1 || rest.starts_with(b"\t") || rest.starts_with(b" - ")
}

/// Words that say a level even in the middle of a lower-case sentence.
fn is_common(word: &[u8]) -> bool {
    word.len() > 3 && !matches!(word, b"fine" | b"fail" | b"note" | b"config" | b"panic" | b"alert")
}

/// `npm ERR! …` and `npm error …`, whose level is the second word.
fn npm(text: &[u8]) -> Option<Level> {
    let rest = text.strip_prefix(b"npm ")?;
    let length = scan::run(rest, |byte| byte.is_ascii_alphabetic());
    Level::from_word(rest.get(..length)?)
}

/// `E/ActivityManager: ` of Android's tag form: the letter and its stroke.
fn logcat_brief(text: &[u8]) -> Option<Found> {
    let level = Level::from_letter(*text.first()?)?;
    let rest = text.get(1..)?.strip_prefix(b"/")?;
    let tag =
        scan::run(rest, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'$'));
    // With a process after the tag the whole column is an actor's.
    let closes = rest.get(tag..)?.starts_with(b": ");
    (tag > 0 && closes).then_some(Found { level, length: 2 })
}

/// `W:` and a tab, TeamCity's status after the time.
fn teamcity(text: &[u8]) -> Option<Found> {
    let level = Level::from_letter(*text.first()?)?;
    text.get(1..)?.starts_with(b":\t").then_some(Found { level, length: 1 })
}
