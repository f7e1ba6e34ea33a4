//! `gh run view --log`: job, step and line, with tabs between.

use memchr::memchr;

use super::super::times;
use super::Peeled;
use super::github::BYTE_ORDER_MARK;

/// How long the names of job and step may be; bounds the search in lines without tabs.
const LONGEST_NAME: usize = 256;

pub fn peel(text: &[u8]) -> Option<Peeled<'_>> {
    let (job, after_job) = field(text)?;
    let (step, line) = field(after_job)?;
    // The first line of a step keeps the mark with which the step's own file began.
    let rest = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
    times::github(rest)?;
    Some(Peeled { job: Some(job), step: Some(step), ..Peeled::plain(rest) })
}

fn field(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = memchr(b'\t', text.get(..LONGEST_NAME).unwrap_or(text)).filter(|&end| end > 0)?;
    Some((text.get(..end)?, text.get(end + 1..)?))
}
