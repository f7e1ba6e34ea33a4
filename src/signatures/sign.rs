//! From an event to its signature.

use xxhash_rust::xxh3::xxh3_64;

use super::catalog::{Catalog, Match};
use super::frames::telling;
use super::signature::{Form, Near, Signature};
use crate::facts::failures::{Event, Kind, Report, Role};
use crate::secrets::Mask;
use crate::text::masks::mask;

/// Changes whenever a rule here changes what an event is called: ids of two versions never meet.
const RULES: &str = "4";

/// Frames in a signature: more split failures whose outer callers differ.
const FRAMES: usize = 3;

/// Names an event. A generic line of the catalog is never the identity while the event has words
/// of its own.
pub fn sign(event: &Event, catalog: &Catalog) -> Signature {
    let known = known(event, catalog);
    let (parts, near) = parts(event, known.as_ref());
    let id = format!("{:016x}", xxh3_64(format!("{RULES}\n{}", parts.join("\n")).as_bytes()));
    Signature { id, title: title(event), parts, near, known: known.map(|found| found.entry.id.clone()) }
}

/// Returns the entry that the headline matches, with its prefix or without it, or else the first of the lines near it.
fn known<'c>(event: &Event, catalog: &'c Catalog) -> Option<Match<'c>> {
    let lines = [&event.stored, &event.message].into_iter().chain(event.text.iter().take(LINES));
    let mut found: Vec<Match<'c>> = lines.filter_map(|line| catalog.find(line.as_bytes())).collect();
    let best = found.iter().position(|found| found.entry.role == Role::Root).unwrap_or_default();
    (!found.is_empty()).then(|| found.swap_remove(best))
}

/// Lines of an event that are looked up in the catalog.
const LINES: usize = 40;

fn parts(event: &Event, known: Option<&Match<'_>>) -> (Vec<String>, Near) {
    let mut parts = vec![family(event.kind).to_owned()];
    if let Some(identity) = &event.identity {
        parts.extend(identity.iter().cloned());
        let near = Near { range: parts.len().min(2)..parts.len(), form: Form::Set };
        return (parts, near);
    }
    // A report's own form says what it is; the catalog's words for it would only repeat that.
    let report = matches!(event.report, Report::Fault | Report::Signal) && event.class.is_some();
    // What the hardware reports is known by its catalog entry, which tells its numbers apart.
    let says_itself = report && event.kind != Kind::Hardware;
    if let Some(found) = known.filter(|found| found.entry.role != Role::Generic && !says_itself) {
        parts.push(found.entry.id.clone());
        parts.extend(found.key().into_iter().map(|(name, value)| format!("{name}={value}")));
    }
    parts.extend(event.class.clone());
    let frames = telling(&event.frames, FRAMES);
    let words = frames.is_empty() || words_matter(event.kind);
    if words {
        // A token is another one in every run, and what is left of it between placeholders would still tell of it.
        parts.push(mask(&Mask::new(false).text(&event.message)));
    }
    parts.dedup();
    let words_end = parts.len();
    parts.extend(frames);
    let near = match words {
        true => Near { range: words_end - 1..words_end, form: Form::Words },
        false => Near { range: words_end..parts.len(), form: Form::Stack },
    };
    (parts, near)
}

/// One lack of progress shows as a limit that fired, as a deadlock found or as silence, whichever
/// comes first.
fn family(kind: Kind) -> &'static str {
    match kind {
        Kind::Timeout | Kind::Deadlock | Kind::Silence => "hang",
        kind => kind.name(),
    }
}

/// The same line can throw different messages; a report of a sanitizer is its class and its place.
fn words_matter(kind: Kind) -> bool {
    !matches!(kind, Kind::Sanitizer | Kind::Race)
}

fn title(event: &Event) -> String {
    let class = event.class.as_deref().filter(|_| event.report == Report::Fault);
    let class = class.filter(|class| !event.message.to_lowercase().contains(&class.to_lowercase()));
    let title = class.map_or(event.message.clone(), |class| format!("{class}: {}", event.message));
    let mut letters = title.chars().filter(|letter| !letter.is_control());
    let words: String = letters.by_ref().take(TITLE).collect();
    let cut = if letters.next().is_some() { "…" } else { "" };
    format!("{}: {}{cut}", label(event.kind, &words), words.trim())
}

/// Letters of a failure's words that a title has.
const TITLE: usize = 160;

/// A report of what could lock says that it is possible, and so does its title.
fn label(kind: Kind, words: &str) -> String {
    let words = words.to_lowercase();
    let hedges = ["possible", "potential", "inversion"].iter().any(|hedge| words.contains(hedge));
    match kind {
        Kind::Deadlock if hedges => "POSSIBLE DEADLOCK".to_owned(),
        kind => kind.name().to_uppercase(),
    }
}
