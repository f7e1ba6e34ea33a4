//! Small steps over bytes that the readers of times, levels and actors share.

/// Returns the number that the `digits` bytes from `at` spell, or `None` if one is no digit.
pub fn fixed(bytes: &[u8], at: usize, digits: usize) -> Option<i64> {
    bytes
        .get(at..at + digits)?
        .iter()
        .try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + i64::from(byte - b'0')))
}

/// Returns how many bytes at the front satisfy `accept`.
pub fn run(bytes: &[u8], accept: impl Fn(u8) -> bool) -> usize {
    bytes.iter().position(|&byte| !accept(byte)).unwrap_or(bytes.len())
}

/// Returns how many digits stand at the front.
pub fn digits(bytes: &[u8]) -> usize {
    run(bytes, |byte| byte.is_ascii_digit())
}

/// Returns how many blanks and tabs stand at the front.
pub fn blanks(bytes: &[u8]) -> usize {
    run(bytes, |byte| byte == b' ' || byte == b'\t')
}

/// Returns the number at the front, at most 18 digits long, and its length.
pub fn number(bytes: &[u8]) -> Option<(u64, usize)> {
    let length = digits(bytes);
    if length == 0 || length > 18 {
        return None;
    }
    fixed(bytes, 0, length).map(|number| (number.unsigned_abs(), length))
}

/// Returns the nanoseconds since the epoch that 19 digits at the front spell.
pub fn epoch_nanos(bytes: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(bytes.get(..19)?).ok()?;
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// Returns the rest after one blank, or all of it where none leads.
pub fn skip_blank(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b" ").unwrap_or(bytes)
}

/// Returns what stands between `[` at the front and the `]` that closes it, brackets inside counted.
pub fn bracketed(bytes: &[u8]) -> Option<&[u8]> {
    let inside = bytes.strip_prefix(b"[")?;
    let mut depth = 1;
    for (position, byte) in inside.iter().take(160).enumerate() {
        match byte {
            b'[' => depth += 1,
            b']' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return inside.get(..position);
        }
    }
    None
}

/// Returns true if and only if a word may end before `next`.
pub fn ends_word(next: Option<&u8>) -> bool {
    next.is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_')
}

/// Returns a copy as text, with what is not UTF-8 replaced.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Returns the number that all of `bytes` spells.
pub fn whole_number(bytes: &[u8]) -> Option<u64> {
    number(bytes).filter(|&(_, digits)| digits == bytes.len()).map(|(number, _)| number)
}

/// Splits at the last `mark`, as `str::rsplit_once` does.
pub fn rsplit_once(bytes: &[u8], mark: u8) -> Option<(&[u8], &[u8])> {
    let at = memchr::memrchr(mark, bytes)?;
    Some((bytes.get(..at)?, bytes.get(at + 1..)?))
}

/// Returns true if and only if the name of a host may hold `byte`.
pub fn is_host_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')
}
