//! Reports: one value, told to people and to programs.
//!
//! Knows output formats, how wide a terminal is, and how to keep the text of a log from acting on
//! whoever shows it. Must not know how anything was found; it never counts or sorts.

mod format;
mod output;

mod annotations;
mod badges;
mod cause_words;
mod code_text;
mod comma_separated;
mod coverage;
mod dates;
mod evidence;
mod folded;
#[cfg(feature = "tables")]
mod grid;
mod html;
mod inert_json;
mod json;
mod json_lines;
mod junit;
mod markdown;
mod next_steps;
mod pack;
mod parquet;
mod sarif;
mod shape;
mod slack;
mod telling;
mod terminal;
mod test_names;

pub mod catalog;
pub mod diff;
pub mod templates;

mod links;
mod pager;
mod phrases;
mod progress;
mod runner_commands;
mod say;
mod show;
mod verdict;
mod visible;

#[cfg(test)]
mod example;
mod explain;

pub use code_text::{code_span, fence};
pub use coverage::left_out;
pub use evidence::Evidence;
pub use explain::{Compared, behind, compared, joined, steps, weighed};
pub use format::{Format, Writer, write};
#[cfg(feature = "tables")]
pub use grid::write_grid;
pub use output::{Color, Output, columns, deliver, deliver_shaped, deliver_with};
pub use pack::{BYTES_A_TOKEN, pack};
pub use progress::Progress;
pub use say::{ask, confirm, print, say, warn};
pub use shape::Shape;
pub use show::Show;
pub use verdict::write_verdict;
pub use visible::visible;
