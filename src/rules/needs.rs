//! What a text must hold to match a regex, as far as its fixed parts tell: asked before the regex, and before the text
//! is cut out of its line.

use memchr::memmem::Finder;

use super::derivation::Case;
use super::literals::built_in;
use super::parts::{Bytes, Parts};
use super::sketch::{Sketch, pairs};

/// The parts of the regexes that are part of the program, as JSON, each behind its key, ascending. `build.rs` takes them
/// apart, for that takes ten times as long as to read this.
static PARTS: &[(u64, &str)] = include!(concat!(env!("OUT_DIR"), "/parts.rs"));

/// A condition on a text: all of its parts.
#[derive(Debug, Default)]
pub struct Need {
    /// Of each of these lists the text has a byte.
    bytes: Vec<Vec<u8>>,
    strings: Vec<Finder<'static>>,
    /// The pairs of all strings.
    pairs: Vec<u16>,
    /// Of each of these lists one holds.
    choices: Vec<Vec<Need>>,
}

impl Need {
    /// Returns what every text that matches `regex` holds, where case is folded when it is put in lower case; what always
    /// holds if the regex is wrong.
    pub fn of(regex: &str, case: Case) -> Self {
        known(regex, case).into()
    }

    /// Returns true unless a text lacks something.
    pub fn holds(&self, text: &Sketch<'_>) -> bool {
        text.may_have(&self.pairs)
            && self.bytes.iter().all(|bytes| text.may_have_one_of(bytes))
            && self.strings.iter().all(|string| string.find(text.text()).is_some())
            && self.choices.iter().all(|choices| choices.iter().any(|need| need.holds(text)))
    }
}

impl From<Parts> for Need {
    fn from(Parts { bytes, strings, choices }: Parts) -> Self {
        let finder = |Bytes(string): &Bytes| Finder::new(string).into_owned();
        Self {
            bytes: bytes.into_iter().map(|Bytes(bytes)| bytes).collect(),
            pairs: strings.iter().flat_map(|Bytes(string)| pairs(string)).collect(),
            strings: strings.iter().map(finder).collect(),
            choices: choices.into_iter().map(|parts| parts.into_iter().map(Self::from).collect()).collect(),
        }
    }
}

/// Returns the parts that a regex was taken into when the program was built, or else takes it apart.
fn known(regex: &str, case: Case) -> Parts {
    let read = built_in(PARTS, regex, case).and_then(|written| serde_json::from_str(written).ok());
    read.unwrap_or_else(|| Parts::of(regex, case))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_lacks_a_part_does_not_match() {
        for (regex, text, holds, why) in [
            (r"^(\d+) passed in [\d.]+s$", "3 passed in 2s", true, "all is there"),
            (r"^(\d+) passed in [\d.]+s$", "3 passed", false, "half is missing"),
            (r"^exit[ _]?code: \d+", "status code: 3", false, "one of two runs is missing"),
            (r"^(?:exit (\d+)|link \d+ is lost)$", "link 3 is lost", true, "one of the alternatives"),
            (r"^(?:exit (\d+)|link \d+ is lost)$", "link 3 is found", false, "none of the alternatives"),
            (r"^(?:exit (\d+)|\w+)$", "ring", true, "an alternative needs nothing"),
            (r"(?:lost)?ring", "ring", true, "what may be absent is not needed"),
            (r"(?:lost){1,3}", "ring", false, "what is repeated is there once"),
            (r"(?i)ring", "RING", true, "case does not count"),
            (r"(?:(?i)ring)", "RING", true, "nor in a part"),
            (r"(?i:ring) lost", "RING lost", true, "nor in a group"),
            (r"[Rr]ing lost", "ring found", false, "what stands behind either case"),
            (r"^\s*#\d+ in", "ring 3 in", false, "a single letter is missing"),
            (r"^\w+ \d+$", "ring three", false, "one of a class is missing"),
            (r"^\w+ \d*$", "ring ", true, "none of a class may be there"),
            (r"(", "ring", true, "no regex"),
        ] {
            for needs in [1, usize::MAX] {
                let sketch = Sketch::of(text.as_bytes(), needs);
                // Without a look at its bytes only strings are known to be missing.
                assert!(
                    Need::of(regex, Case::Kept).holds(&sketch) == holds || needs == 1 && !holds,
                    "{regex}: {why}"
                );
            }
        }
    }

    #[test]
    fn without_regard_to_case_the_text_stands_in_lower_case() {
        for (regex, text, holds, why) in [
            (r"(?i)Ring (\d+) LOST", "ring 3 lost", true, "in whatever case it is written"),
            (r"(?i)Ring (\d+) LOST", "ring 3", false, "a part is missing"),
            (r"ring[Ss]? (?i:lost|found)", "rings", false, "in a group, too"),
        ] {
            assert_eq!(
                Need::of(regex, Case::Folded).holds(&Sketch::of(text.as_bytes(), usize::MAX)),
                holds,
                "{regex}: {why}"
            );
        }
    }
}
