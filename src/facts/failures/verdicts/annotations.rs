//! The annotations of a GitHub check run: `GET /repos/{owner}/{repo}/check-runs/{id}/annotations`.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::verdict::{LineCounter, first_words};
use super::{Outcome, Verdict};
use crate::error::Problem;
use crate::text::records::Level;

/// One annotation, the fields that are of use. GitHub writes `null` into many.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Annotation {
    path: Option<String>,
    start_line: Option<u64>,
    annotation_level: Option<String>,
    title: Option<String>,
    message: Option<String>,
    raw_details: Option<String>,
}

/// Returns the annotations of the array `bytes`, up to its end or the first place that is no JSON.
pub(super) fn read(source: &str, bytes: &[u8]) -> (Vec<Verdict>, Vec<Problem>) {
    let mut lines = LineCounter::new(bytes);
    let (mut verdicts, mut problems) = (Vec::new(), Vec::new());
    let mut position = 0;
    loop {
        position += separator(bytes.get(position..).unwrap_or_default());
        let rest = bytes.get(position..).unwrap_or_default();
        if rest.is_empty() || rest.starts_with(b"]") {
            break;
        }
        let first_line = lines.line_at(position as u64);
        let mut problem = |what: String| {
            problems.push(Problem { line: Some(first_line), ..Problem::incomplete(source, what) })
        };
        let (annotation, length) = match element(rest) {
            Ok(read) => read,
            Err(error) => {
                let kept = verdicts.len();
                problem(format!(
                    "expected a JSON array of annotations ({error}); the {kept} before this are kept, fetch it again"
                ));
                break;
            }
        };
        let span = position as u64..(position + length) as u64;
        position += length;
        let last_line = lines.line_at(span.end - 1);
        match annotation {
            Some(annotation) => {
                verdicts.push(Verdict { bytes: span, first_line, last_line, ..annotation.verdict() })
            }
            None => problem(
                "is no annotation; expected an object with `annotation_level` and `message`".to_owned(),
            ),
        }
    }
    (verdicts, problems)
}

/// Returns how many bytes stand before the next element or the end of the array.
fn separator(bytes: &[u8]) -> usize {
    let is_element =
        |byte: &u8| !matches!(byte, b'[' | b',' | b' ' | b'\t' | b'\r' | b'\n' | 0xef | 0xbb | 0xbf);
    bytes.iter().position(is_element).unwrap_or(bytes.len())
}

/// Returns the element that `bytes` begin with, `None` if it is something else than an
/// annotation, and its length, which is not 0.
fn element(bytes: &[u8]) -> serde_json::Result<(Option<Annotation>, usize)> {
    let mut stream = serde_json::Deserializer::from_slice(bytes).into_iter();
    if let Some(Ok(annotation)) = stream.next() {
        return Ok((Some(annotation), stream.byte_offset()));
    }
    let mut stream = serde_json::Deserializer::from_slice(bytes).into_iter::<IgnoredAny>();
    match stream.next() {
        Some(Err(error)) => Err(error),
        _ => Ok((None, stream.byte_offset().max(1))),
    }
}

impl Annotation {
    fn verdict(self) -> Verdict {
        let (outcome, level) = match self.annotation_level.as_deref() {
            Some("failure") => (Outcome::Failed, Level::Error),
            Some("warning") => (Outcome::Passed, Level::Warning),
            _ => (Outcome::Passed, Level::Info),
        };
        let message = self.message.unwrap_or_default();
        let (test, words) = split_test(&message);
        let first = first_words(words);
        let details = self.raw_details.filter(|details| !details.trim().is_empty());
        // A complaint that belongs to no file is laid at the door of `.github`.
        let file = self.path.filter(|path| !path.is_empty() && path != ".github");
        Verdict {
            test,
            outcome,
            class: None,
            message: if first.is_empty() { self.title.unwrap_or_default() } else { first },
            line: self.start_line.filter(|_| file.is_some()),
            text: details
                .map_or_else(|| words.trim().to_owned(), |details| format!("{}\n{details}", words.trim())),
            file,
            seconds: None,
            level: Some(level),
            bytes: 0..0,
            first_line: 0,
            last_line: 0,
        }
    }
}

/// Splits off a first line that names a test, as pytest's reporter for GitHub writes it: one
/// word, then a blank line.
fn split_test(message: &str) -> (Option<String>, &str) {
    match message.split_once("\n\n") {
        Some((test, words)) if test.starts_with("test") && !test.contains(char::is_whitespace) => {
            (Some(test.to_owned()), words)
        }
        _ => (None, message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = r#"[{"path":".github","start_line":1,"annotation_level":"warning","title":"disk",
        "message":"Disk is 97 % full","raw_details":null},
 {"path":"tests/ring.py","start_line":107,"end_column":null,"annotation_level":"failure","title":"",
  "message":"test_ring[4]\n\nassert 3 == 4","raw_details":""}]"#;

    #[test]
    fn levels_places_and_spans_are_kept() {
        let (verdicts, problems) = read("a.json", TWO.as_bytes());
        assert_eq!(problems, []);
        let [warning, failure] = verdicts.as_slice() else { panic!("{verdicts:?}") };
        assert_eq!(
            (warning.outcome, warning.level, &warning.file),
            (Outcome::Passed, Some(Level::Warning), &None)
        );
        assert_eq!((warning.message.as_str(), warning.line), ("Disk is 97 % full", None));
        assert_eq!(
            (failure.outcome, failure.level, failure.line),
            (Outcome::Failed, Some(Level::Error), Some(107))
        );
        assert_eq!(
            (failure.test.as_deref(), failure.message.as_str()),
            (Some("test_ring[4]"), "assert 3 == 4")
        );
        assert_eq!((failure.first_line, failure.last_line), (3, 4));
        let span = &TWO[failure.bytes.start as usize..failure.bytes.end as usize];
        assert!(span.starts_with("{\"path\":\"tests") && span.ends_with("\"\"}"), "{span}");
    }

    #[test]
    fn a_cut_file_keeps_what_is_whole() {
        for cut in 1..TWO.len() {
            let (verdicts, problems) = read("a.json", &TWO.as_bytes()[..cut]);
            assert!(verdicts.len() == 2 || cut < TWO.len() - 1, "cut at {cut}");
            assert!(problems.iter().all(|problem| problem.incomplete && problem.line.is_some()));
        }
        let (verdicts, problems) = read("a.json", &TWO.as_bytes()[..TWO.len() - 9]);
        assert_eq!(verdicts.len(), 1);
        assert!(problems[0].to_string().starts_with("a.json:3: expected a JSON array"), "{problems:?}");
    }

    #[test]
    fn elements_of_another_kind_are_named_and_passed_over() {
        let (verdicts, problems) = read("a.json", br#"[1, "x", {"annotation_level": 5}, {"message": "m"}]"#);
        assert_eq!(verdicts.len(), 1);
        assert_eq!(problems.len(), 3);
    }
}
