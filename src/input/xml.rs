//! What the first element of a text says: a report of tests, another document, or nothing.

/// The first elements of reports of tests, and what else such a report holds near its beginning.
const REPORTS: [(&[u8], &[u8]); 8] = [
    // JUnit, and all that write its form.
    (b"testsuites", b""),
    (b"testsuite", b""),
    // xUnit.net.
    (b"assemblies", b""),
    // NUnit 3 and 2.
    (b"test-run", b""),
    (b"test-results", b""),
    // Visual Studio's tests, `dotnet test --logger trx`.
    (b"TestRun", b""),
    // CTest, which writes what it built under the same root.
    (b"Site", b"<Testing>"),
    // xUnit.net 1.
    (b"assembly", b"<class"),
];

/// Returns true if and only if the first element is that of a report of tests.
pub(super) fn is_test_report(look: &[u8]) -> bool {
    let holds = |inside: &[u8]| memchr::memmem::find(look, inside).is_some();
    root(look).is_some_and(|root| REPORTS.iter().any(|(name, inside)| root == *name && holds(inside)))
}

/// Returns true if and only if the whole text is one document of XML or HTML, and says so itself.
pub(super) fn is_document(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    let begins = |with: &[u8]| text.get(..with.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(with));
    let says_so = [b"<?xml ".as_slice(), b"<!doctype ", b"<html"].into_iter().any(begins);
    says_so && text.ends_with(b">")
}

/// Returns the name of the first element, past declarations and comments.
fn root(look: &[u8]) -> Option<&[u8]> {
    let mut rest = look.trim_ascii_start();
    loop {
        let end: &[u8] = match rest {
            _ if rest.starts_with(b"<?") => b"?>",
            _ if rest.starts_with(b"<!--") => b"-->",
            _ if rest.starts_with(b"<!") => b">",
            _ => break,
        };
        let at = memchr::memmem::find(rest, end)?;
        rest = rest.get(at + end.len()..)?.trim_ascii_start();
    }
    let name = rest.strip_prefix(b"<")?;
    let length = name.iter().position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'))?;
    name.get(..length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_of_tests_is_told_by_its_root() {
        for (text, is_report) in [
            ("<?xml version=\"1.0\"?>\n<!-- by <html> -->\n<testsuites>", true),
            ("<testsuite name=\"a\">", true),
            ("<assemblies timestamp=\"now\">", true),
            ("<test-run id=\"0\">", true),
            ("<TestRun xmlns=\"x\">", true),
            ("<Site Name=\"ring\">\n<Testing>", true),
            ("<Site Name=\"ring\">\n<Build>", false),
            ("<assembly name=\"Ring.dll\"><doc>", false),
            ("<html><testsuite>", false),
            ("<testsuites-of-ours>", false),
            ("<?xml cut", false),
            ("<testsuit", false),
        ] {
            assert_eq!(is_test_report(text.as_bytes()), is_report, "{text}");
        }
    }

    #[test]
    fn a_document_says_so_and_is_whole() {
        for (text, expected) in [
            ("<?xml version=\"1.0\"?><coverage></coverage>\n", true),
            ("<!DOCTYPE html>\n<html></html>", true),
            ("<HTML></HTML>", true),
            ("<?xml version=\"1.0\"?><coverage></coverage>\nmake: *** [all] Error 2\n", false),
            ("<stdin>:1: error: ring\n<stdin>", false),
        ] {
            assert_eq!(is_document(text.as_bytes()), expected, "{text}");
        }
    }
}
