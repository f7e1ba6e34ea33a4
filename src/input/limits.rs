//! How much of the machine one input may use before reading it stops.

/// Limits on what opening one input may use. Reading stops where one is passed, with a problem
/// that names it; what was read before is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes that one input may expand to, all layers and members together.
    pub expanded_bytes: u64,
    /// Expanded bytes for one stored byte, looked at once more than `memory_bytes` are expanded.
    pub ratio: u64,
    /// Members of all archives in one input together.
    pub entries: u64,
    /// Problems of one input that are kept; more are counted.
    pub problems: usize,
    /// Archives in archives, and compression in compression.
    pub nesting: u32,
    /// Bytes of one expanded source kept in memory; longer ones go to a temporary file.
    pub memory_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            expanded_bytes: 4 << 30,
            ratio: 1000,
            entries: 1_000_000,
            problems: 1000,
            nesting: 3,
            memory_bytes: 64 << 20,
        }
    }
}
