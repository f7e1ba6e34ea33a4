//! Background: what runs of one job print whatever failed in them, so that it is not read first.
//!
//! Knows which forms of events runs hold, and which of them explain no failure. Must not know files, lines, or what a
//! failure is called. A log alone has no background: it is ranked as [`crate::ranking`] does.

#![cfg_attr(not(test), deny(clippy::indexing_slicing, reason = "the bytes are hostile"))]

mod because;
mod common;
mod forms;
mod likeness;
mod set_back;

pub use because::SetBack;
pub use common::{Background, background};
pub use forms::Forms;
pub use likeness::alike;
pub use set_back::set_back;
