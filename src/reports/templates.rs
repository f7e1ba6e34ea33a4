//! Tells which templates lines have: a row for each line, or the templates by count.

use std::io::{self, Write};

use serde::Serialize;

use super::comma_separated::inert;
use super::{phrases, visible};
use crate::templates::{Mined, MinedSource, Template};

/// How templates are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum TemplatesFormat {
    /// The templates, those of most lines first.
    #[default]
    Table,
    /// One row for each line.
    Csv,
    /// One document with the templates and the template of each line.
    Json,
}

/// Writes `mined` in `format`. Fails only when `out` does.
pub fn write(mined: &Mined, format: TemplatesFormat, out: &mut dyn Write) -> io::Result<()> {
    match format {
        TemplatesFormat::Table => table(mined, out),
        TemplatesFormat::Csv => comma_separated(mined, out),
        TemplatesFormat::Json => json(mined, out),
    }
}

fn table(mined: &Mined, out: &mut dyn Write) -> io::Result<()> {
    let lines: u64 = mined.templates.iter().map(|template| template.lines).sum();
    let templates = phrases::count(mined.templates.len() as u64, "template");
    writeln!(out, "{templates} of {}", phrases::count(lines, "line"))?;
    let digits = mined.templates.first().map_or(1, |template| template.lines.to_string().len());
    for Template { id, text, lines } in &mined.templates {
        writeln!(out, "{lines:>digits$}  {id}  {}", visible(text))?;
    }
    Ok(())
}

/// RFC 4180 with a header; the source leads only where there are several. A template that a
/// spreadsheet would run as a formula gets a `'` in front; JSON has the exact text.
fn comma_separated(mined: &Mined, out: &mut dyn Write) -> io::Result<()> {
    let several = mined.sources.len() > 1;
    let texts: Vec<_> = mined.templates.iter().map(|template| inert(&template.text)).collect();
    let mut rows = csv::Writer::from_writer(out);
    let header = ["source", "line", "template_id", "template"];
    rows.write_record(&header[usize::from(!several)..])?;
    for source in &mined.sources {
        let name = inert(&source.source);
        for (line, &index) in (1_u64..).zip(&source.of_line) {
            if several {
                rows.write_field(&*name)?;
            }
            let (template, text) = (&mined.templates[index as usize], &texts[index as usize]);
            rows.write_record([&line.to_string(), &template.id, &**text])?;
        }
    }
    rows.flush()
}

fn json(mined: &Mined, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(
        &mut *out,
        &Document { schema: SCHEMA, templates: &mined.templates, sources: &mined.sources },
    )?;
    writeln!(out)
}

const SCHEMA: &str = "ndlog.templates/1";

/// The JSON document.
#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    templates: &'a [Template],
    sources: &'a [MinedSource],
}
