//! Which function a kernel's report is about.

use std::sync::OnceLock;

use regex::bytes::Regex;

use super::forms::{Form, Place, forms};
use super::trace::plain;
use crate::facts::failures::{Frame, Passage, Piece};

/// Returns the function at fault; `None` where the report is cut short or mixed with another, so
/// that its stack cannot be trusted.
pub fn place(form: &Form, named: Option<String>, pieces: &[Piece<'_>], trace: &[Frame]) -> Option<String> {
    let functions: Vec<&str> = trace.iter().map(|frame| frame.function.as_str()).collect();
    let mixed = functions.iter().any(|function| function.starts_with("should_fail"));
    match form.place {
        Place::Nowhere => None,
        Place::Head => named,
        Place::Lock => lock(pieces),
        _ if mixed => None,
        Place::Hang => bucket(Place::Hang, &functions).or_else(|| first(&functions, &forms().waiting, &[])),
        Place::Stall => bucket(Place::Stall, &functions).or_else(|| dispatched(&functions)),
        Place::Stack => {
            let named = named.as_deref().map(plain);
            let functions: Vec<&str> = named.as_deref().into_iter().chain(functions).collect();
            first(&functions, &form.skip, &forms().passed_over)
        }
    }
}

fn first(functions: &[&str], skip: &[String], more: &[String]) -> Option<String> {
    let skipped = |function: &str| skip.iter().chain(more).any(|word| function.contains(word.as_str()));
    functions.iter().find(|function| !skipped(function)).map(|function| call(function))
}

fn bucket(of: Place, functions: &[&str]) -> Option<String> {
    let buckets = forms().bucket.iter().filter(|bucket| bucket.of.contains(&of));
    functions.iter().find_map(|function| {
        let mut fits = buckets.clone().filter(|bucket| function.starts_with(bucket.begins.as_str()));
        fits.next().map(|bucket| bucket.is.clone())
    })
}

/// Returns the last function below the one that dispatched it.
fn dispatched(functions: &[&str]) -> Option<String> {
    let interrupt = functions.iter().position(|function| function.contains("apic_timer_interrupt"));
    let inside = functions.get(interrupt.map_or(0, |position| position + 1)..)?;
    let is_anchor = |function: &&&str| forms().anchor.iter().any(|anchor| function.contains(anchor.as_str()));
    let anchor = inside.iter().skip(1).position(|function| is_anchor(&function))? + 1;
    inside.get(anchor - 1).map(|function| call(function))
}

/// A system call has one name, whichever wrapper of it was met.
fn call(function: &str) -> String {
    let wrappers = ["__x64_sys_", "__ia32_sys_", "__arm64_sys_", "__se_sys_", "__do_sys_", "SyS_", "SYSC_"];
    let called = wrappers.iter().find_map(|wrapper| function.strip_prefix(wrapper));
    called.map_or_else(|| function.to_owned(), |name| format!("sys_{name}"))
}

/// Returns the first place named after the words that say what is done with the lock.
fn lock(pieces: &[Piece<'_>]) -> Option<String> {
    static WORDS: OnceLock<Regex> = OnceLock::new();
    static PLACE: OnceLock<Regex> = OnceLock::new();
    let words = WORDS.get_or_init(|| {
        regex(r"(?-u)trying to (?:acquire|release) lock|is trying to acquire|just changed the state|\} takes:|takes:|is freeing memory|lock(?:s)? held by|still has locks held|leaving the kernel")
    });
    let place = PLACE.get_or_init(|| {
        regex(r"(?-u)(?:\bat: |\[<[0-9a-f]+>\] )(?:\[<[0-9a-f]+>\] )?(?P<function>[A-Za-z_][\w.]*)(?:\+0x|\s|$)")
    });
    let from = pieces.iter().position(|piece| words.is_match(piece.text()))?;
    let found = pieces.part(from..).iter().find_map(|piece| place.captures(piece.text()))?;
    Some(call(&plain(&String::from_utf8_lossy(&found["function"]))))
}

fn regex(form: &str) -> Regex {
    Regex::new(form).unwrap_or_else(|error| panic!("{form}: {error}"))
}
