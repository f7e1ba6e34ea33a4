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
    /// The name of a test that has it as a child, as CTest's do.
    Name,
    /// What CTest measured of a test: how long it took, what it printed.
    Measurement,
    /// The value of a measurement.
    Value,
    Other,
}

impl Element {
    /// Returns what the element of this local name is for.
    pub(super) fn of(name: &str) -> Self {
        match name {
            // JUnit, Surefire, Gradle, pytest, gtest, nextest, jest; xUnit.net; NUnit; CTest; Visual Studio.
            "testcase" | "test" | "test-case" | "Test" | "UnitTestResult" => Self::Case,
            "testsuite" | "assembly" | "collection" | "test-suite" => Self::Suite,
            "failure" | "ErrorInfo" => Self::Ending(Outcome::Failed),
            "error" => Self::Ending(Outcome::Errored),
            "skipped" | "reason" => Self::Ending(Outcome::Skipped),
            // Surefire and nextest; `rerun…` are further failures of a test that failed in the end.
            "flakyFailure" | "flakyError" | "rerunFailure" | "rerunError" | "rerun" => {
                Self::Ending(Outcome::Flaky)
            }
            "message" | "Message" => Self::Message,
            "stack-trace" | "stackTrace" | "StackTrace" => Self::Trace,
            "system-out" | "system-err" | "output" | "StdOut" | "StdErr" => Self::Output,
            "Name" => Self::Name,
            "Measurement" | "NamedMeasurement" => Self::Measurement,
            "Value" => Self::Value,
            _ => Self::Other,
        }
    }
}

/// Where a test begins in broken XML.
pub(super) const CASES: [&str; 5] = ["<testcase", "<test ", "<test-case", "<Test ", "<UnitTestResult"];

/// Returns the outcome that a test's own attributes state, where there is no element for it.
pub(super) fn stated_outcome(element: &BytesStart<'_>) -> Option<Outcome> {
    ["result", "status", "outcome", "Status"].iter().find_map(|name| {
        match attribute(element, name)?.as_str() {
            // xUnit.net, NUnit, Visual Studio, CTest.
            "Fail" | "Failed" | "Failure" | "fail" | "failed" | "Timeout" | "Aborted" => {
                Some(Outcome::Failed)
            }
            "Error" => Some(Outcome::Errored),
            "Skip" | "Skipped" | "skipped" | "suppressed" | "Ignored" | "Inconclusive" | "notrun"
            | "disabled" | "NotExecuted" | "NotRunnable" | "NotRun" | "Pending" => Some(Outcome::Skipped),
            _ => None,
        }
    })
}

/// Returns the seconds that an attribute states, as a number or as a time of day.
pub(super) fn seconds(text: &str) -> Option<f64> {
    let mut total = 0.0;
    // Some runners group digits: `1,234.5`.
    for part in text.split(':') {
        total = total * 60.0 + part.replace(',', "").parse::<f64>().ok()?;
    }
    Some(total)
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
