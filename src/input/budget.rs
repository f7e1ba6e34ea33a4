//! Counts what one input expands to, and stops it at the limits.

use std::cell::Cell;
use std::io;

use super::Limits;

/// What one input has used so far, all its layers and members together.
pub(super) struct Budget<'a> {
    limits: &'a Limits,
    stored: Cell<u64>,
    expanded: Cell<u64>,
}

impl<'a> Budget<'a> {
    /// Returns a budget for an input of which `stored` bytes are known to lie on the disk.
    pub(super) fn new(limits: &'a Limits, stored: u64) -> Self {
        Self { limits, stored: Cell::new(stored), expanded: Cell::new(0) }
    }

    /// Notes more stored bytes, of an input whose length is not known before.
    pub(super) fn add_stored(&self, bytes: u64) {
        self.stored.set(self.stored.get() + bytes);
    }

    /// Notes more expanded bytes.
    ///
    /// # Errors
    /// Fails where a limit is passed, with a text that names it.
    pub(super) fn add_expanded(&self, bytes: u64) -> io::Result<()> {
        let expanded = self.expanded.get() + bytes;
        self.expanded.set(expanded);
        let Limits { expanded_bytes, ratio, memory_bytes, .. } = *self.limits;
        if expanded > expanded_bytes {
            let text = format!("the limit of {} that one input may expand to", size(expanded_bytes));
            return Err(too_much(&text));
        }
        let stored = self.stored.get().max(1);
        if expanded > memory_bytes as u64 && expanded / stored >= ratio {
            let text = format!("the limit of {ratio} expanded bytes for each of its {stored} stored bytes");
            return Err(too_much(&text));
        }
        Ok(())
    }
}

fn too_much(limit: &str) -> io::Error {
    let next = "it may be an archive bomb; if you trust it, unpack it and give the files";
    io::Error::new(io::ErrorKind::FileTooLarge, format!("it reached {limit}; {next}"))
}

/// Returns `bytes` in the largest unit that divides it.
fn size(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    let unit = UNITS.iter().find(|(unit, _)| bytes >= *unit && bytes.is_multiple_of(*unit));
    unit.map_or_else(|| format!("{bytes} bytes"), |(unit, name)| format!("{} {name}", bytes / unit))
}
