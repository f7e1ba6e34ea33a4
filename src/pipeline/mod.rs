//! pipeline
pub mod excerpts;
pub mod saved;
pub mod templates;
