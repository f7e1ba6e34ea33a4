//! Folder: the folder that holds everything about one failure.
//!
//! Knows names, the README with its markers, what has been collected and which step is next. Must
//! not know how logs are analysed.

mod failure;
mod name;
mod readme;
mod write;

mod collect;
mod manifest;
mod progress;
mod settle;

#[cfg(feature = "github")]
pub mod ci;
#[cfg(feature = "github")]
pub mod github;
#[cfg(feature = "github")]
pub mod server;

pub use collect::{Collection, Kept, collect};
pub use failure::Failure;
pub use manifest::Manifest;
pub use name::check as check_name;
pub use progress::Progress;
pub use readme::Section;
pub use write::write_whole;
