//! The last words of programs that end themselves: failed checks, uncaught exceptions, signals.
//!
//! Knows what `fatal.toml` says of their forms, and that the stack may stand in the report of
//! whatever saw the signal.

mod forms;
mod report;

pub use forms::prepare;
pub use report::{assemble, is_head};
