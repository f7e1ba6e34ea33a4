//! How a line looks, whatever it says: a caret under a column, a rule, a numbered failure.

use std::sync::OnceLock;

use regex::bytes::{RegexSet, RegexSetBuilder};

use super::set::Set;

/// How a line may look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Shape {
    Blank,
    Indented,
    Frame,
    TraceHead,
    ExceptionHead,
    FileLine,
    FileLineStart,
    ErrorStart,
    ErrorColon,
    CapsFail,
    Level,
    QuietLevel,
    Caret,
    Gutter,
    Rule,
    TitledRule,
    Punctuation,
    Numbered,
    Cross,
    Tick,
    PytestError,
    PytestPoint,
    Diff,
    Expectation,
    Command,
    Flags,
    Url,
    Percent,
    ColonMessage,
    Quoted,
    Code,
    ExitNonzero,
    CountBad,
    CountZero,
    Terminator,
    Json,
    Sentence,
    Elapsed,
    TestName,
    ThreadPanic,
    SanitizerHead,
    KernelHead,
    CiError,
    Retrying,
    StepPassed,
}

/// The form of each shape, in the order of the shapes. The forms see the cleaned line.
const FORMS: &[(Shape, &str)] = &[
    (Shape::Blank, r"^\s*$"),
    (Shape::Indented, r"^(?: {2,}|\t)\s*\S"),
    (
        Shape::Frame,
        r#"^\s+at \S|^\s*at \S+ \(|^\s*#\d+:? |^\s*File ".*", line \d+|^\s+from \S+:\d+|^\s*\.\.\. \d+ (?:more|common)|^\s*from .*:in [`']|^\s*\[C\]: |: in (?:main chunk|(?:local |upvalue |field |method )?function)|\+0x[0-9a-f]+/0x[0-9a-f]+|^\s+\d+: +(?:0x[0-9a-f]+ - )?[\w<{]|^\s+\S+\.go:\d+ \+0x|^\s*==\d+==\s+(?:at|by) 0x|^\s*at <?\w+>?, |^\s+\(\S+ \d[\d.]*\) \S+:\d+: |^\[bt\] |^\s+\d+ +\S+ +0x[0-9a-f]{6,} "#,
    ),
    (
        Shape::TraceHead,
        r"(?:Traceback \(most recent call last\)|stack traceback:|[Ss]tack ?[Tt]race:|[Bb]acktrace:|Call Trace:|^goroutine \d+ )",
    ),
    (
        Shape::ExceptionHead,
        r#"^\s*(?:Unhandled exception\W+|Exception in thread "[^"]*" |Caused by: |[Uu]ncaught )?(?:[A-Za-z_$][\w$]*(?:\.|::|\\))*[A-Z]\w*(?:Error|Exception|Failure|Fault|Warning|Interrupt|Exit)\b(?:: |$| \[|\s*\()"#,
    ),
    (Shape::FileLine, r"[\w./\\~+-]+\.[A-Za-z]\w{0,7}(?::\d+|\(\d+|:line \d+|, line \d+)"),
    (Shape::FileLineStart, r"^\s*(?:\[\w+\]\s+)?[\w./\\~+@-]+\.[A-Za-z]\w{0,7}(?::\d+|\(\d+)"),
    (Shape::ErrorStart, r"^\W{0,4}(?i:error|fatal|critical|panic|failure|fail|err|severe)(?:\b|\[)[^/]?"),
    (Shape::ErrorColon, r"(?i)\b(?:error|fatal error|fatal|err)(?:\[\w+\]| \w{1,4}\d+)?: "),
    (Shape::CapsFail, r"\b(?:FAIL|FAILED|FAILURE|FAILURES|ERROR|ERRORS|FATAL|ABORT|ABORTED|PANIC)\b"),
    (
        Shape::Level,
        r"^\W{0,3}(?:ERROR|FATAL|SEVERE|CRITICAL|error|fatal|critical)\b|\| (?:error|critical|fatal) +\|",
    ),
    (
        Shape::QuietLevel,
        r"^\W{0,3}(?:INFO|DEBUG|TRACE|WARN|WARNING|info|debug|trace|warn|warning|notice|Warning|Note|note)\b",
    ),
    (Shape::Caret, r"^\s*(?:\d+ ?\||\|)?\s*[~^]+[\s~^-]*$"),
    (Shape::Gutter, r"^\s*\d* *\|(?: |$)|^\s*-->|^\s*> ?\d+ \||^\s*=\s"),
    (Shape::Rule, r"^\s*[=_*#~-]{4,}\s*$"),
    (Shape::TitledRule, r"^[=_*#-]{3,} .*\S.* [=_*#-]{3,}$"),
    (Shape::Punctuation, r"^[\s\W]+$"),
    (Shape::Numbered, r"^\s*\d+\) \S|^\s*\d+\. \S"),
    (
        Shape::Cross,
        r"✗|✖|✘|×|●|❌|☒|✕|^\s*(?:\[\w+\]\s+)?not ok\b|^\s*--- FAIL|\[-\]|\[ *FAILED *\]|<<< (?:FAIL|ERR)|^FAIL[: ]|\s\.{2,}\s?(?:FAIL|ERROR)|\bFAIL(?:ED)?\s*$",
    ),
    (Shape::Tick, r"✓|✔|√|^\s*ok \d|\[ *OK *\]|\[ *PASSED *\]|\[\+\]|\b(?:PASS|PASSED|OK)\s*$|\.\.\. ok$"),
    (Shape::PytestError, r"^E   "),
    (Shape::PytestPoint, r"^>  "),
    (Shape::Diff, r"^\s*[+-](?:[^\s+-]| \S|\s{2,}\S)|^(?:---|\+\+\+) \S|^@@ "),
    (
        Shape::Expectation,
        r"(?i)^\s*(?:expected|actual|received|got|wanted|want|left|right|\+ expected|- actual)\b.*[:=]|^\s*(?:left|right): ",
    ),
    (Shape::Command, r"^\s*(?:\$|\+{1,3}|%|>) +[a-z./]|^##\[command\]|^\[command\]"),
    (Shape::Flags, r"(?:\s-[a-zA-Z][\w=/.,+-]*){4}"),
    (Shape::Url, r"https?://"),
    (Shape::Percent, r"\d%"),
    (Shape::ColonMessage, r"^\s*[^\s:][^:]{0,60}: +\S"),
    (Shape::Quoted, r#"[`'"][^`'"]+[`'"]|‘|“"#),
    (Shape::Code, r"\b(?:[A-Z]{1,5}\d{2,5}|E[A-Z]{4,}|SC\d{4})\b"),
    (
        Shape::ExitNonzero,
        r"(?i)\b(?:exit(?:ed)?|return(?:ed)?|status|code)\b(?: with)?(?: exit)?(?: status| code| value)?[ :=]*-?[1-9]\d*\b",
    ),
    (
        Shape::CountBad,
        r"(?i)\b[1-9]\d* (?:\w+ )?(?:failing|failed|failures?|errors?|problems?|issues?|broken|offen[cs]es?|violations?|mismatch(?:es)?)\b|\b(?:failures|errors|failed|failing)\W{1,3}[1-9]",
    ),
    (
        Shape::CountZero,
        r"(?i)\b(?:0|no|zero) (?:\w+ )?(?:errors?|fail(?:ed|ures?|ing)?|warnings?|problems?|issues|broken)\b|\b(?:errors?|fail(?:ed|ures?|ing)?)\s*[:=]\s*0\b",
    ),
    (
        Shape::Terminator,
        r#"^The command .*(?:exited with [1-9]|failed)|^" exited with [1-9]|^##\[error\]Process completed|^Process completed with exit code [1-9]|failed and exited with [1-9]|^ERROR: Job failed|make(?:\[\d+\])?: \*\*\*|^(?:npm|lerna|yarn) (?:ERR!|error )|BUILD FAIL|Build failed|Build FAILED|rake aborted!|error Command failed|Failed to execute goal|ELIFECYCLE|aborting due to|could not compile|Build step .* marked build|subprocess-exited-with-error|FAILURE: Build|ninja: build stopped|^Makefile:\d+: recipe|^FAILED \(|^exit status [1-9]|^Error: Process completed|^Command (?:exited|failed)|ERROR: InvocationError|^Cmd\.exe exited|returned a non-zero code"#,
    ),
    (Shape::Json, r"[{}\[\]],?\s*$"),
    (Shape::Sentence, r"^\s*[A-Z][a-z]+ [a-z]+ [a-z].*[a-z.!]$"),
    (Shape::Elapsed, r"\b\d+(?:\.\d+)?\s?m?s(?:ec(?:onds)?)?\b"),
    (Shape::TestName, r"(?:^|[\s\[/:.])(?:test_\w+|\w*Test\w*|\w+_test\b|\w+\.spec\b|it\w*\()"),
    (Shape::ThreadPanic, r"^thread '.*' panicked|^panic: |^fatal error: |^Fatal Python error"),
    (
        Shape::SanitizerHead,
        r"(?:ERROR|WARNING): \w+Sanitizer: |runtime error: |^WARNING: DATA RACE|^==\d+== ?(?:Invalid|Conditional jump|Possible data race|Process terminating|\d[\d,]* bytes in)",
    ),
    (
        Shape::KernelHead,
        r"(?:^|\] |\d: |[ :])(?:BUG: |Oops|general protection fault|[Uu]nable to handle kernel|kernel BUG at|KASAN: |KMSAN: |KCSAN: |KFENCE: |UBSAN: |WARNING: CPU: |WARNING: [\w ]*(?:lock|RCU|RCU usage|refcount)|WARNING: (?:.* at \S+\.[ch]:\d+ \w|kernel stack)|INFO: (?:task|rcu|suspicious|possible|inconsistent|trying)|watchdog: BUG|Kernel panic|possible deadlock|Internal error: |Unhandled fault|unregister_netdevice|BUG at |divide error:|invalid opcode:|stack segment:|PANIC: |list_(?:add|del) corruption|usercopy: |Out of memory)",
    ),
    (Shape::CiError, r"^##\[error\]|^::error"),
    (Shape::Retrying, r"(?i)\b(?:retry|retrying|attempt \d|will try again|trying again)\b"),
    (Shape::StepPassed, r"^The command .*exited with 0|^##\[end-action .*outcome=success|^Job succeeded"),
];

/// How many shapes there are.
pub const SHAPES: usize = FORMS.len();

/// The names of the shapes, in the order of their bits.
pub fn shape_names() -> impl Iterator<Item = String> {
    FORMS.iter().map(|(shape, _)| format!("{shape:?}"))
}

/// The longest part of a line that its shape is read from.
const LONGEST: usize = 600;

/// Returns the shapes that `text`, a cleaned line, has.
pub fn shapes(text: &[u8]) -> Set {
    let text = &text[..text.len().min(LONGEST)];
    Set::of(forms().matches(text).iter().map(|form| FORMS[form].0 as u32))
}

/// Memory for the lazily built automaton: with the default it is thrown away and rebuilt all the
/// time, and ten times slower.
const AUTOMATON_BYTES: usize = 64 << 20;

fn forms() -> &'static RegexSet {
    static SET: OnceLock<RegexSet> = OnceLock::new();
    SET.get_or_init(|| {
        // Bytes, not Unicode: the automaton stays small and never falls back to a slow engine.
        let forms = FORMS.iter().map(|(_, form)| format!("(?-u){form}"));
        let built = RegexSetBuilder::new(forms).dfa_size_limit(AUTOMATON_BYTES).build();
        built.unwrap_or_else(|error| panic!("shapes: {error}"))
    })
}
