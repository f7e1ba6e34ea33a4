//! What a CI system's own wrapper says with a line.

/// The part that a CI system gives a line in its own display.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Marker {
    /// A step, section or fold begins.
    Begin,
    /// A step, section or fold ends.
    End,
    /// The CI system marks the line as an error.
    Error,
    /// The CI system marks the line as a warning.
    Warning,
    /// The line echoes a command about to run.
    Command,
}
