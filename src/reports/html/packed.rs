//! The pages of very many failures as one compressed text, which the script opens when somebody asks for one: as elements, or
//! as plain text, they are most of what a browser reads before it draws.

use std::collections::BTreeMap;
use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use minijinja::value::Serde;
use minijinja::{Environment, Value};
use serde::Serialize;

use super::failure::Failure;

/// Failures above which their pages are packed.
pub const MANY: usize = 1000;

#[derive(Serialize)]
struct One<'f, 'a> {
    failure: &'f Failure<'a>,
}

/// Returns an object in JSON of the pages by their ids, compressed by gzip, in base64.
///
/// # Errors
/// If a page cannot be rendered.
pub fn packed(templates: &Environment<'_>, failures: &[Failure<'_>]) -> io::Result<String> {
    let template = templates.get_template("failure.html").map_err(io::Error::other)?;
    let page = |failure| template.render(Value::from(Serde(One { failure }))).map_err(io::Error::other);
    let pages: BTreeMap<&str, String> =
        failures.iter().map(|failure| Ok((failure.id(), page(failure)?))).collect::<io::Result<_>>()?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&serde_json::to_vec(&pages)?)?;
    Ok(STANDARD.encode(encoder.finish()?))
}
