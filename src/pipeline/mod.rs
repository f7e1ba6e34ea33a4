//! pipeline
pub mod templates;
