//! Seconds since a start that the log does not date: `[   12.345678]` of dmesg, `12.345s: ` of tools.

use super::super::scan;
use super::Dialect;
use super::stamp::{Basis, SECOND, Stamp, fraction};

/// Reads the bracketed seconds of the kernel, padded inside and with six digits after the dot.
pub fn kernel(bytes: &[u8]) -> Option<Stamp> {
    let inside = bytes.strip_prefix(b"[")?;
    let padding = scan::run(inside, |byte| byte == b' ');
    let (seconds, digits) = scan::number(inside.get(padding..)?).filter(|&(_, digits)| digits <= 9)?;
    let (nanos, fraction_length) = fraction(inside.get(padding + digits..)?, b".");
    let length = 1 + padding + digits + fraction_length;
    // The kernel writes six digits; a bare `[0.123]` is more often a duration or a progress.
    let fits = fraction_length == 7 && bytes.get(length) == Some(&b']');
    fits.then_some(Stamp {
        nanos: seconds as i64 * SECOND + nanos,
        basis: Basis::Monotonic,
        dialect: Dialect::Kernel,
        length: length + 1,
    })
}

/// Reads `38.453s: `, the seconds since a tool began.
pub fn elapsed(bytes: &[u8]) -> Option<Stamp> {
    let (seconds, digits) = scan::number(bytes).filter(|&(_, digits)| digits <= 7)?;
    let (nanos, fraction_length) = fraction(bytes.get(digits..)?, b".");
    let length = digits + fraction_length + 1;
    let ends = bytes.get(length - 1..)?.starts_with(b"s: ");
    (ends && fraction_length > 1).then_some(Stamp {
        nanos: seconds as i64 * SECOND + nanos,
        basis: Basis::Monotonic,
        dialect: Dialect::Elapsed,
        length,
    })
}
