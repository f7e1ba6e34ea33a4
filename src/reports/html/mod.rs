//! One self-contained page: no script, no network, nothing from a log trusted.
//!
//! Knows the page's parts and where they stand. Words, widths and colours are in `templates/`.

mod page;

mod card;
mod charts;
mod context;

pub use page::Html;
