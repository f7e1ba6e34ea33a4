//! Events: which lines belong together and say that something went wrong.
//!
//! Knows stack traces, crash reports, test verdicts, hardware reports, kills, silences. Must not
//! know which failures are known, and asks for that; nor whether an event is frequent or important.

mod asides;
mod assemble;
mod assemblers;
mod block;
mod cascades;
mod code_place;
mod commands;
mod compared;
pub mod dumps;
mod echoes;
mod event;
pub mod expected_errors;
mod failing_tests;
mod foreign;
mod forms;
mod frames;
mod gates;
mod headings;
mod known_lines;
mod line_cache;
mod line_form;
mod line_view;
mod markup;
mod passage;
mod prefilter;
mod retries;
mod run_tallies;
mod selection;
mod set;
mod shapes;
mod silences;
mod steps;
mod taken_back;
mod tally;
pub mod verdicts;
mod vocabulary;
mod windows;
mod workspaces;
mod zero_counts;

// For the files of this room.
use asides::is_aside;
use block::Block;
use line_view::Piece;
use passage::Passage;

#[cfg(test)]
pub use assemble::events_in;
pub use assemble::{assemble, assemble_scanned, prepare};
pub use code_place::{CodePlace, code_place};
pub use commands::begins as begins_command;
pub use event::{Event, Frame, Kind, Look, Report, Role, StepEnd, TakenBy};
pub use expected_errors::tolerated;
pub use foreign::is_foreign;
pub use frames::frame;
pub use line_form::form;
pub use prefilter::{STRINGS, is_hot};
pub use run_tallies::{HotLines, PartTallies, RunTallies};
pub use set::Set;
pub use shapes::{SHAPES, Shape, shape_names, shapes};
pub use silences::{silence, silences};
pub use steps::STEP_STRINGS;
pub use vocabulary::{WORD_CLASSES, WRONG, Word, classes, skips, word_names};
