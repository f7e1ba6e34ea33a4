//! Counts what one input expands to, and stops it at the limits.

use std::cell::Cell;
use std::io;

use super::Limits;

/// What one input has used so far, all its layers and members together.
pub(super) struct Budget<'a> {
    limits: &'a Limits,
    stored: Cell<u64>,
    expanded: Cell<u64>,
    members: Cell<u64>,
    salvaged: Cell<u64>,
}

/// Bytes of archives without a directory that may be read for each stored byte, and beside that: there, members
/// may quote one another, and each would be read again in each.
const SALVAGED: u64 = 8;
const SALVAGED_ANYWAY: u64 = 64 << 20;

impl<'a> Budget<'a> {
    /// Returns a budget for an input of which `stored` bytes are known to lie on the disk.
    pub(super) fn new(limits: &'a Limits, stored: u64) -> Self {
        let (expanded, members, salvaged) = (Cell::new(0), Cell::new(0), Cell::new(0));
        Self { limits, stored: Cell::new(stored), expanded, members, salvaged }
    }

    /// Notes more stored bytes, of an input whose length is not known before.
    pub(super) fn add_stored(&self, bytes: u64) {
        self.stored.set(self.stored.get() + bytes);
    }

    /// Notes one more member. Returns false where the input has had all that it may have.
    pub(super) fn add_member(&self) -> bool {
        let members = self.members.get();
        self.members.set(members.saturating_add(1));
        members < self.limits.entries
    }

    /// Notes bytes that were read in search of members. Returns false where it is enough.
    pub(super) fn add_salvaged(&self, bytes: u64) -> bool {
        let salvaged = self.salvaged.get().saturating_add(bytes);
        self.salvaged.set(salvaged);
        salvaged <= SALVAGED_ANYWAY.saturating_add(self.stored.get().saturating_mul(SALVAGED))
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
