//! What the path of a source says: its folders, and the ids in its name.

/// Returns the folder of a source; a member of an archive lies in the archive.
pub fn folder(source: &str) -> &str {
    let end = source.rfind(['/', '!']).unwrap_or(0);
    source.get(..end).unwrap_or_default()
}

/// Returns the name without its folders.
pub fn file(source: &str) -> &str {
    source.rfind(['/', '!']).map_or(source, |end| source.get(end + 1..).unwrap_or_default())
}

/// Returns the folders of a source from the innermost outwards, ending with the empty one.
pub fn folders(source: &str) -> impl Iterator<Item = &str> {
    let mut next = Some(folder(source));
    std::iter::from_fn(move || {
        let own = next?;
        next = (!own.is_empty()).then(|| folder(own));
        Some(own)
    })
}

/// Returns true if `source` lies somewhere below `folder`.
pub fn is_below(source: &str, folder: &str) -> bool {
    folder.is_empty() || source.strip_prefix(folder).is_some_and(|rest| rest.starts_with(['/', '!']))
}

/// Digits from which a number in a name is an id: shorter ones are counts, dates and years.
const DIGITS: usize = 9;

/// Returns the numbers in a text that are long enough to be ids.
pub fn ids(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric());
    words.filter(|word| word.len() >= DIGITS && word.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Returns the id with which the name of a file begins.
pub fn leading_id(source: &str) -> Option<&str> {
    ids(file(source)).next().filter(|id| file(source).starts_with(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_end_at_slashes_and_archives() {
        let source = "ci/run.zip!unit/3_test.txt";
        assert_eq!(folders(source).collect::<Vec<_>>(), ["ci/run.zip!unit", "ci/run.zip", "ci", ""]);
        assert_eq!(file(source), "3_test.txt");
        assert_eq!(folders("a.log").collect::<Vec<_>>(), [""]);
        assert!(is_below(source, "ci/run.zip") && !is_below(source, "ci/run") && is_below(source, ""));
    }

    #[test]
    fn ids_are_long_numbers_that_stand_alone() {
        for (name, id) in [
            ("logs/37563095078_annotations.json", Some("37563095078")),
            ("logs/37563095078.log", Some("37563095078")),
            ("logs/unit-37563095078.log", None),
            ("logs/20260130.log", None),
            ("logs/1234567890abcdef.log", None),
        ] {
            assert_eq!(leading_id(name), id, "{name}");
        }
    }
}
