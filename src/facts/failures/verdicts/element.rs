//! The names that the dialects of JUnit's XML give to the same things.

use quick_xml::XmlVersion;
use quick_xml::events::BytesStart;

use super::Outcome;

/// What an element is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    /// One test.
    Case,
    /// Tests together.
    Suite,
    /// How a test ended, unless it passed.
    Ending(Outcome),
    /// The words of an ending that has them as a child, as NUnit and xUnit.net do.
    Message,
    /// More text of an ending.
    Trace,
    /// What the test printed.
    Output,
    Other,
}

impl Element {
    /// Returns what the element of this local name is for.
    pub(super) fn of(name: &str) -> Self {
        match name {
            // JUnit, Surefire, Gradle, pytest, gtest, ctest, nextest, jest; xUnit.net; NUnit.
            "testcase" | "test" | "test-case" => Self::Case,
            "testsuite" | "assembly" | "collection" | "test-suite" => Self::Suite,
            "failure" => Self::Ending(Outcome::Failed),
            "error" => Self::Ending(Outcome::Errored),
            "skipped" | "reason" => Self::Ending(Outcome::Skipped),
            // Surefire and nextest; `rerun…` are further failures of a test that failed in the end.
            "flakyFailure" | "flakyError" | "rerunFailure" | "rerunError" | "rerun" => {
                Self::Ending(Outcome::Flaky)
            }
            "message" => Self::Message,
            "stack-trace" | "stackTrace" => Self::Trace,
            "system-out" | "system-err" | "output" => Self::Output,
            _ => Self::Other,
        }
    }
}

/// Returns the outcome that a test's own attributes state, where there is no element for it.
pub(super) fn stated_outcome(element: &BytesStart<'_>) -> Option<Outcome> {
    let (result, status) = (attribute(element, "result"), attribute(element, "status"));
    match (result.as_deref(), status.as_deref()) {
        (Some("Fail" | "Failed"), _) | (_, Some("fail" | "failed")) => Some(Outcome::Failed),
        (Some("Skip" | "Skipped" | "suppressed" | "skipped"), _) => Some(Outcome::Skipped),
        (_, Some("notrun" | "disabled" | "skipped")) => Some(Outcome::Skipped),
        _ => None,
    }
}

/// Returns the attribute's value, entities resolved where they can be; `None` if it is absent or
/// blank.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    let attribute =
        attributes.with_checks(false).flatten().find(|attribute| attribute.key.as_ref() == name)?;
    let value = match attribute.normalized_value(XmlVersion::Implicit1_0) {
        Ok(value) => value.into_owned(),
        Err(_) => attribute.value.into_owned(),
    };
    (!value.trim().is_empty()).then_some(value)
}
