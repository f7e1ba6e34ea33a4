//! Reports: one value, told to people and to programs.
//!
//! Knows output formats, how wide a terminal is, and how to keep the text of a log from acting on
//! whoever shows it. Must not know how anything was found; it never counts or sorts.

mod format;
mod output;

mod comma_separated;
mod html;
mod json;
mod json_lines;
mod junit;
mod markdown;
mod sarif;
mod terminal;

pub mod catalog;
pub mod templates;

mod phrases;
mod say;
mod visible;

#[cfg(test)]
mod example;

pub use format::{Format, Writer, write};
pub use output::{Color, Output, deliver, deliver_with};
pub use say::{print, say, warn};
pub use visible::visible;
