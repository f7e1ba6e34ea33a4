//! How a line looks, whatever it says: a caret under a column, a rule, a numbered failure.

use std::sync::OnceLock;

use regex::bytes::RegexSet;

use super::set::Set;

/// Names and forms of the shapes, in the order of their bits. The forms see the cleaned line.
const FORMS: &[(&str, &str)] = &[
    ("blank", r"^\s*$"),
    ("indented", r"^(?: {2,}|\t)\s*\S"),
    (
        "frame",
        r#"^\s+at \S|^\s*at \S+ \(|^\s*#\d+ |^\s*File ".*", line \d+|^\s+from \S+:\d+|^\s*\.\.\. \d+ (?:more|common)|^\s*from .*:in [`']|^\s*\[C\]: |: in (?:main chunk|(?:local |upvalue |field |method )?function)|\+0x[0-9a-f]+/0x[0-9a-f]+|^\s+\d+: +(?:0x[0-9a-f]+ - )?[\w<{]|^\s+\S+\.go:\d+ \+0x|^\s*==\d+==\s+(?:at|by) 0x|^\s*at <?\w+>?, |^\s+\(\S+ \d[\d.]*\) \S+:\d+: |^\[bt\] |^\s+\d+ +\S+ +0x[0-9a-f]{6,} "#,
    ),
    (
        "trace-head",
        r"(?:Traceback \(most recent call last\)|stack traceback:|[Ss]tack ?[Tt]race:|[Bb]acktrace:|Call Trace:|^goroutine \d+ )",
    ),
    (
        "exception-head",
        r#"^\s*(?:Unhandled exception\W+|Exception in thread "[^"]*" |Caused by: |[Uu]ncaught )?(?:[A-Za-z_$][\w$]*(?:\.|::|\\))*[A-Z]\w*(?:Error|Exception|Failure|Fault|Warning|Interrupt|Exit)\b(?:: |$| \[|\s*\()"#,
    ),
    ("file-line", r"[\w./\\~+-]+\.[A-Za-z]\w{0,7}(?::\d+|\(\d+|:line \d+|, line \d+)"),
    ("file-line-start", r"^\s*(?:\[\w+\]\s+)?[\w./\\~+@-]+\.[A-Za-z]\w{0,7}(?::\d+|\(\d+)"),
    ("error-start", r"^\W{0,4}(?i:error|fatal|critical|panic|failure|fail|err|severe)(?:\b|\[)[^/]?"),
    ("error-colon", r"(?i)\b(?:error|fatal error|fatal|err)(?:\[\w+\]| \w{1,4}\d+)?: "),
    ("caps-fail", r"\b(?:FAIL|FAILED|FAILURE|FAILURES|ERROR|ERRORS|FATAL|ABORT|ABORTED|PANIC)\b"),
    (
        "level",
        r"^\W{0,3}(?:ERROR|FATAL|SEVERE|CRITICAL|error|fatal|critical)\b|\| (?:error|critical|fatal) +\|",
    ),
    (
        "quiet-level",
        r"^\W{0,3}(?:INFO|DEBUG|TRACE|WARN|WARNING|info|debug|trace|warn|warning|notice|Warning|Note|note)\b",
    ),
    ("caret", r"^\s*(?:\d+ ?\||\|)?\s*[~^]+[\s~^-]*$"),
    ("gutter", r"^\s*\d* *\|(?: |$)|^\s*-->|^\s*> ?\d+ \||^\s*=\s"),
    ("rule", r"^\s*[=_*#~-]{4,}\s*$"),
    ("titled-rule", r"^[=_*#-]{3,} .*\S.* [=_*#-]{3,}$"),
    ("punctuation", r"^[\s\W]+$"),
    ("numbered", r"^\s*\d+\) \S|^\s*\d+\. \S"),
    (
        "cross",
        r"✗|✖|✘|×|●|❌|☒|✕|^\s*not ok\b|^\s*--- FAIL|\[-\]|\[ *FAILED *\]|<<< (?:FAIL|ERR)|^FAIL[: ]|\s\.{2,}\s?(?:FAIL|ERROR)|\bFAIL(?:ED)?\s*$",
    ),
    ("tick", r"✓|✔|√|^\s*ok \d|\[ *OK *\]|\[ *PASSED *\]|\[\+\]|\b(?:PASS|PASSED|OK)\s*$|\.\.\. ok$"),
    ("pytest-error", r"^E   "),
    ("pytest-point", r"^>  "),
    ("diff", r"^\s*[+-](?:[^\s+-]| \S|\s{2,}\S)|^(?:---|\+\+\+) \S|^@@ "),
    (
        "expectation",
        r"(?i)^\s*(?:expected|actual|received|got|wanted|want|left|right|\+ expected|- actual)\b.*[:=]|^\s*(?:left|right): ",
    ),
    ("command", r"^\s*(?:\$|\+{1,3}|%|>) +[a-z./]|^##\[command\]|^\[command\]|^Run "),
    ("flags", r"(?:\s-[a-zA-Z][\w=/.,+-]*){4}"),
    ("url", r"https?://"),
    ("percent", r"\d%"),
    ("colon-message", r"^\s*[^\s:][^:]{0,60}: +\S"),
    ("quoted", r#"[`'"][^`'"]+[`'"]|‘|“"#),
    ("code", r"\b(?:[A-Z]{1,5}\d{2,5}|E[A-Z]{4,}|SC\d{4})\b"),
    (
        "exit-nonzero",
        r"(?i)\b(?:exit(?:ed)?|return(?:ed)?|status|code)\b(?: with)?(?: exit)?(?: status| code| value)?[ :=]*-?[1-9]\d*\b",
    ),
    (
        "count-bad",
        r"(?i)\b[1-9]\d* (?:\w+ )?(?:failing|failed|failures?|errors?|problems?|issues?|broken|offen[cs]es?|violations?|mismatch(?:es)?)\b|\b(?:failures|errors|failed|failing)\W{1,3}[1-9]",
    ),
    (
        "count-zero",
        r"(?i)\b(?:0|no|zero) (?:\w+ )?(?:errors?|fail(?:ed|ures?|ing)?|warnings?|problems?|issues|broken)\b|\b(?:errors?|fail(?:ed|ures?|ing)?)\s*[:=]\s*0\b",
    ),
    (
        "terminator",
        r#"^The command .*(?:exited with [1-9]|failed)|^##\[error\]Process completed|^Process completed with exit code [1-9]|failed and exited with [1-9]|^ERROR: Job failed|make(?:\[\d+\])?: \*\*\*|^(?:npm|lerna|yarn) (?:ERR!|error )|BUILD FAIL|Build failed|Build FAILED|rake aborted!|error Command failed|Failed to execute goal|ELIFECYCLE|aborting due to|could not compile|Build step .* marked build|subprocess-exited-with-error|FAILURE: Build|ninja: build stopped|^Makefile:\d+: recipe|^FAILED \(|Your build exited|^exit status [1-9]|^Error: Process completed|^Command (?:exited|failed)|ERROR: InvocationError|^Cmd\.exe exited|returned a non-zero code"#,
    ),
    ("json", r"[{}\[\]],?\s*$"),
    ("sentence", r"^\s*[A-Z][a-z]+ [a-z]+ [a-z].*[a-z.!]$"),
    ("elapsed", r"\b\d+(?:\.\d+)?\s?m?s(?:ec(?:onds)?)?\b"),
    ("test-name", r"(?:^|[\s\[/:.])(?:test_\w+|\w*Test\w*|\w+_test\b|\w+\.spec\b|it\w*\()"),
    ("thread-panic", r"^thread '.*' panicked|^panic: |^fatal error: |^Fatal Python error"),
    (
        "sanitizer-head",
        r"(?:ERROR|WARNING): \w+Sanitizer: |runtime error: |^WARNING: DATA RACE|^==\d+== ?(?:Invalid|Conditional jump|Possible data race|Process terminating|\d[\d,]* bytes in)",
    ),
    (
        "kernel-head",
        r"(?:^|\] |\d: )(?:BUG: |Oops|general protection fault|Unable to handle kernel|kernel BUG at|KASAN: |KMSAN: |KCSAN: |UBSAN: |WARNING: CPU: |WARNING: [\w ]*(?:lock|RCU|RCU usage|refcount)|INFO: (?:task|rcu|suspicious|possible|inconsistent|trying)|watchdog: BUG|Kernel panic|possible deadlock|Internal error: |unregister_netdevice|BUG at |divide error:|invalid opcode:|Out of memory)",
    ),
    ("ci-error", r"^##\[error\]|^::error"),
    ("retrying", r"(?i)\b(?:retry|retrying|attempt \d|will try again|trying again)\b"),
];

/// The names of the shapes, in the order of their bits.
pub fn shape_names() -> impl Iterator<Item = &'static str> {
    FORMS.iter().map(|(name, _)| *name)
}

/// Returns the bit of the shape with this name.
///
/// # Panics
/// On a name that the table does not have, which only a change of the source can cause.
pub fn shape(name: &str) -> u32 {
    let position = FORMS.iter().position(|(form, _)| *form == name);
    position.unwrap_or_else(|| panic!("no shape {name:?}")) as u32
}

/// The longest part of a line that its shape is read from.
const LONGEST: usize = 600;

/// Returns the shapes that `text`, a cleaned line, has.
pub fn shapes(text: &[u8]) -> Set {
    let text = &text[..text.len().min(LONGEST)];
    Set::of(forms().matches(text).iter().map(|bit| bit as u32))
}

fn forms() -> &'static RegexSet {
    static SET: OnceLock<RegexSet> = OnceLock::new();
    SET.get_or_init(|| {
        // Bytes, not Unicode: the automaton stays small and never falls back to a slow engine.
        let forms = FORMS.iter().map(|(_, form)| format!("(?-u){form}"));
        RegexSet::new(forms).unwrap_or_else(|error| panic!("shapes: {error}"))
    })
}
