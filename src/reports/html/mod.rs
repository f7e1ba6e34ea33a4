//! One self-contained page: no network, nothing from a log trusted, one script that its policy names by its hash.
//!
//! Knows the page's parts and where they stand. Words, widths, colours and the script are in `templates/`.

mod page;

mod charts;
mod chips;
mod clip;
mod excerpt;
mod failure;
mod job_grid;
mod lookup;
mod packed;
mod policy;
mod reason;
mod room;
mod row;
mod run_list;
mod shares;
mod strip;
mod when;

pub use page::Html;
