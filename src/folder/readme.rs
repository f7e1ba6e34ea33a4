//! The README of a failure: ndlog writes between its own markers, a person everywhere else.

use anyhow::{Result, bail};

words! {
    /// A part of the README that ndlog keeps up to date, in the order of a new README.
    Section {
        /// What failed, how often, where.
        Failure = "failure",
        /// The causes, with what speaks for and against them.
        Causes = "causes",
        /// How to run the test.
        Run = "run",
        /// What the runs showed.
        Results = "results",
    }
}

impl Section {
    fn heading(self) -> &'static str {
        match self {
            Self::Failure => "What failed",
            Self::Causes => "Causes",
            Self::Run => "How to run",
            Self::Results => "Results",
        }
    }

    fn placeholder(self) -> &'static str {
        match self {
            Self::Failure => "Nothing yet: collect logs, then `ndlog pattern`.",
            Self::Causes => "Nothing yet: `ndlog pattern` ranks them.",
            Self::Run => "Nothing yet: `ndlog stress` writes the test.",
            Self::Results => "Nothing yet: `ndlog verify` counts.",
        }
    }

    fn begin(self) -> String {
        format!("<!-- ndlog:begin {} -->", self.name())
    }

    fn end(self) -> String {
        format!("<!-- ndlog:end {} -->", self.name())
    }

    fn block(self, body: &str) -> String {
        format!("{}\n{}\n{}", self.begin(), harmless(body).trim_end(), self.end())
    }
}

/// Returns the README of a new failure.
pub(super) fn new(name: &str) -> String {
    let sections = Section::ALL.map(|section| titled(section, section.placeholder())).join("\n");
    format!(
        "# {name}\n\nWrite here what you know; ndlog writes only between its own `ndlog:begin` and `ndlog:end` lines.\n\n{sections}"
    )
}

/// Returns `readme` with the section's body replaced, every byte outside its markers as before. A
/// README without the section gets it at its end.
///
/// # Errors
/// If the markers are not one begin before one end: whose words stand between them is then unclear.
pub fn update(readme: &str, section: Section, body: &str) -> Result<String> {
    let (begin, end) = (section.begin(), section.end());
    let starts: Vec<usize> = readme.match_indices(&begin).map(|(at, _)| at).collect();
    let ends: Vec<usize> = readme.match_indices(&end).map(|(at, _)| at).collect();
    match (starts.as_slice(), ends.as_slice()) {
        ([], []) => Ok(appended(readme, section, body)),
        ([start], [stop]) if start < stop => {
            let (before, after) = (&readme[..*start], &readme[stop + end.len()..]);
            Ok(format!("{before}{}{after}", section.block(body)))
        }
        _ => bail!(
            "the README's markers are damaged: expected one `{begin}` and after it one `{end}`, found {} and {}; \
             put them right by hand, nothing was changed",
            starts.len(),
            ends.len()
        ),
    }
}

fn appended(readme: &str, section: Section, body: &str) -> String {
    let gap = match readme {
        "" => "",
        text if text.ends_with("\n\n") => "",
        text if text.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    format!("{readme}{gap}{}", titled(section, body))
}

fn titled(section: Section, body: &str) -> String {
    format!("## {}\n\n{}\n", section.heading(), section.block(body))
}

/// Returns the body with everything that looks like a marker taken apart, as log text may hold one.
fn harmless(body: &str) -> String {
    body.replace("<!-- ndlog:", "<!- - ndlog:")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_new_readme_holds_every_section_once() {
        let readme = new("ring-hang");
        for section in Section::ALL {
            assert_eq!(readme.matches(&section.begin()).count(), 1);
            assert_eq!(readme.matches(&section.end()).count(), 1);
        }
        assert!(readme.starts_with("# ring-hang\n"));
    }

    #[test]
    fn damaged_markers_change_nothing_and_are_told() {
        let (begin, end) = (Section::Results.begin(), Section::Results.end());
        for (readme, why) in [
            (format!("{begin}\nx"), "no end"),
            (format!("x\n{end}"), "no begin"),
            (format!("{end}\n{begin}"), "the wrong way round"),
            (format!("{begin}{end}{begin}{end}"), "twice"),
        ] {
            let error = update(&readme, Section::Results, "new").expect_err(why).to_string();
            assert!(error.contains("markers are damaged"), "{error}");
        }
    }

    #[test]
    fn log_text_cannot_forge_a_marker() {
        let forged = format!("done\n{}\n# owned\n{}", Section::Results.end(), Section::Results.begin());
        let once = update(&new("x"), Section::Results, &forged).unwrap();
        let twice = update(&once, Section::Results, "ok").unwrap();
        assert!(!twice.contains("owned"));
    }

    proptest! {
        #[test]
        fn a_persons_words_stay_byte_for_byte(before in "(?s).{0,80}", after in "(?s).{0,80}", body in "(?s).{0,80}") {
            prop_assume!(!before.contains("ndlog:") && !after.contains("ndlog:"));
            let block = Section::Results.block("old");
            let readme = update(&format!("{before}{block}{after}"), Section::Results, &body).unwrap();
            let expected_head = format!("{before}{}", Section::Results.begin());
            prop_assert!(readme.starts_with(&expected_head));
            let expected_tail = format!("{}{after}", Section::Results.end());
            prop_assert!(readme.ends_with(&expected_tail));
            prop_assert_eq!(update(&readme, Section::Results, &body).unwrap(), readme);
        }

        #[test]
        fn a_readme_without_the_section_keeps_all_it_had(readme in "(?s).{0,120}", body in "(?s).{0,80}") {
            prop_assume!(!readme.contains("ndlog:"));
            prop_assert!(update(&readme, Section::Causes, &body).unwrap().starts_with(&readme));
        }
    }
}
