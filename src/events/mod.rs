//! Events: which lines belong together and say that something went wrong.
//!
//! Knows stack traces, crash reports, test verdicts, hardware reports, kills, silences. Must not
//! know whether an event is known, frequent or important.

mod assemble;
mod assemblers;
mod automaton;
mod block;
mod compared;
pub mod dumps;
mod event;
mod follow;
mod forms;
mod frames;
mod gates;
mod harmless;
mod outcome;
mod passage;
mod rarity;
mod retries;
mod selection;
mod set;
mod shapes;
mod silences;
mod stretches;
pub mod tolerated;
mod traits;
mod triggers;
pub mod verdicts;
mod vocabulary;

pub use assemble::assemble;
pub use event::{Event, Frame, Kind, Look, Report, Role};
pub use outcome::{Ending, ending};
pub use set::Set;
pub use shapes::{SHAPES, Shape, shape_names, shapes};
pub use silences::silences;
pub use tolerated::tolerated;
pub use triggers::is_hot;
pub use vocabulary::{WORD_CLASSES, WRONG, Word, classes, skips, word_names};
