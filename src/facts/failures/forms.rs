//! The forms by which shapes are recognised, each with what every line of that form has.

use std::sync::OnceLock;

use regex::bytes::Regex;

use super::gates::{
    BRACKET, CARET, COLON, DASHES, DIGIT, DOT, Gate, INDENT, Kinds, LETTER_S, PERCENT, QUOTE, UPPER, VISIBLE,
    WORD,
};
use super::shapes::Shape;

/// How lines of one shape are written.
pub struct Form {
    pub shape: Shape,
    /// Shut to lines that cannot have the form: most, so that the regex is seldom asked.
    pub gate: Gate,
    /// On bytes, not Unicode: the automaton stays small and never falls back to a slow engine.
    regex: &'static str,
}

impl Form {
    const fn new(shape: Shape, regex: &'static str) -> Self {
        Self { shape, gate: Gate::OPEN, regex }
    }

    /// Opens the gate to lines whose first visible byte is one of these.
    const fn first(mut self, first: &'static [u8]) -> Self {
        self.gate.first = first;
        self
    }

    /// Opens the gate to lines that hold one of these, in lower case here and any case there.
    const fn holds(mut self, holds: &'static [&'static str]) -> Self {
        self.gate.holds = holds;
        self
    }

    /// Shuts the gate to lines without bytes of this kind.
    const fn needs(mut self, kind: Kinds) -> Self {
        self.gate.needs = self.gate.needs.and(kind);
        self
    }

    /// Shuts the gate to lines with bytes of this kind.
    const fn lacks(mut self, kind: Kinds) -> Self {
        self.gate.lacks = self.gate.lacks.and(kind);
        self
    }

    /// Returns true if and only if `text` has the form. Each regex is made when first asked.
    pub fn fits(&self, text: &[u8]) -> bool {
        static REGEXES: [OnceLock<Regex>; FORMS.len()] = [const { OnceLock::new() }; FORMS.len()];
        let made = || {
            Regex::new(&format!("(?-u){}", self.regex))
                .unwrap_or_else(|error| panic!("{:?}: {error}", self.shape))
        };
        REGEXES.get(self.shape as usize).is_some_and(|regex| regex.get_or_init(made).is_match(text))
    }
}

/// What a place in a file ends with.
const PLACE: &[&str] = &[
    ":0", ":1", ":2", ":3", ":4", ":5", ":6", ":7", ":8", ":9", "(0", "(1", "(2", "(3", "(4", "(5", "(6",
    "(7", "(8", "(9", "line ",
];

const CROSSES: &[&str] = &[
    "✗",
    "✖",
    "✘",
    "×",
    "●",
    "❌",
    "☒",
    "✕",
    "not ok",
    "[-]",
    "fail",
    "<<< err",
    ".error",
    ". error",
    ".\terror",
    ".\u{b}error",
    ".\u{c}error",
    ".\rerror",
];

const NAMES: &[&str] =
    &["test", ".spec", " it", "[it", "/it", ":it", ".it", "\tit", "\nit", "\u{b}it", "\u{c}it", "\rit"];

const ENDS: &[&str] = &[
    "the command ",
    "builder for '",
    "build of '",
    "of derivation '",
    "cannot build ",
    "error: exception(",
    "something went wrong",
    "while running ctest",
    "tests unsuccessful",
    "exited with ",
    "##[error]process",
    "process completed",
    "error: job failed",
    ": ***",
    "npm err!",
    "npm error ",
    "lerna err",
    "yarn err",
    "build fail",
    "result: failed",
    "rake aborted!",
    "error command failed",
    "failed to execute goal",
    "elifecycle",
    "aborting due to",
    "could not compile",
    "build step ",
    "subprocess-exited",
    "failure: build",
    "ninja: build stopped",
    "makefile:",
    "failed (",
    "exit status ",
    "command exited",
    "command failed",
    "invocationerror",
    "cmd.exe exited",
    "returned a non-zero code",
];

const KERNEL: &[&str] = &[
    "bug: ",
    "oops",
    "general protection fault",
    "unable to handle kernel",
    "bug at",
    "kasan: ",
    "kmsan: ",
    "kcsan: ",
    "kfence: ",
    "ubsan: ",
    "warning: ",
    "info: ",
    "kernel panic",
    "possible deadlock",
    "internal error: ",
    "unhandled fault",
    "unregister_netdevice",
    "divide error:",
    "invalid opcode:",
    "stack segment:",
    "panic: ",
    "list_add corruption",
    "list_del corruption",
    "usercopy: ",
    "out of memory",
];

/// The form of each shape, in the order of the shapes. The forms see the cleaned line.
pub const FORMS: &[Form] = &[
    Form::new(Shape::Blank, r"^\s*$").lacks(VISIBLE),
    Form::new(Shape::Indented, r"^(?: {2,}|\t)\s*\S").needs(INDENT),
    Form::new(Shape::Frame, r#"^\s+at \S|^\s*at \S+ \(|^\s*#\d+:? |^\s*File ".*", line \d+|^\s+from \S+:\d+|^\s*\.\.\. \d+ (?:more|common)|^\s*from .*:in [`']|^\s*\[C\]: |: in (?:main chunk|(?:local |upvalue |field |method )?function)|\+0x[0-9a-f]+/0x[0-9a-f]+|^\s+\d+: +(?:0x[0-9a-f]+ - )?[\w<{]|^\s+\S+\.go:\d+ \+0x|^\s*==\d+==\s+(?:at|by) 0x|^\s*at <?[\w-]+>?, |^\s+\(\S+ \d[\d.]*\) \S+:\d+: |^\[bt\] |^\s*\d+ +\S.*? +0x[0-9a-fA-F]{6,} |^\s*(?:uSP\+0x|bt#\d+: )|^\w[\w.]*\([^()]*\) at (?:\w+:)?[\w.]+\+0x|^\s*@ +0x[0-9a-f]{4,} |\S \[0x[0-9a-fA-F]+\+\d+\]|^\s*\*? *frame #\d+: |\S\(\S*\+0x[0-9a-f]+\) ?\[0x|^\s*--- (?:[\w:]+ )?[A-Za-z_]\w*(?:<[^ ]*>)?::"#).first(b"a#Ff.[=(@0123456789").holds(&[": in ", "+0x", "bt#", " [0x", "frame #", "--- "]),
    Form::new(Shape::TraceHead, r"(?:Traceback \(most recent call last\)|stack traceback:|[Ss]tack ?[Tt]race:|[Bb]acktrace:|Call Trace:|^goroutine \d+ )").holds(&["traceback", "stack trace:", "stacktrace:", "backtrace:", "call trace:", "goroutine "]),
    Form::new(Shape::ExceptionHead, r#"^\s*(?:Unhandled exception\W+|Exception in thread "[^"]*" |Caused by: |[Uu]ncaught )?(?:[A-Za-z_$][\w$]*(?:\.|::|\\))*[A-Z]\w*(?:Error|Exception|Failure|Fault|Warning|Interrupt|Exit)\b(?:: |$| \[|\s*\()"#).needs(UPPER).holds(&["error", "exception", "failure", "fault", "warning", "interrupt", "exit"]),
    Form::new(Shape::FileLine, r"[\w./\\~+-]+\.[A-Za-z]\w{0,7}(?::\d+|\(\d+|:line \d+|, line \d+)").needs(DOT).holds(PLACE),
    Form::new(Shape::FileLineStart, r"^\s*(?:\[\w+\]\s+)?[\w./\\~+@-]+\.[A-Za-z]\w{0,7}(?::\d+|\(\d+)").needs(DOT).holds(PLACE),
    Form::new(Shape::ErrorStart, r"^\W{0,4}(?i:error|fatal|critical|panic|failure|fail|err|severe)(?:\b|\[)[^/]?").holds(&["err", "fatal", "critical", "panic", "fail", "severe"]),
    Form::new(Shape::ErrorColon, r"(?i)\b(?:error|fatal error|fatal|err)(?:\[\w+\]| \w{1,4}\d+)?: ").holds(&["err", "fatal"]).needs(COLON),
    Form::new(Shape::CapsFail, r"\b(?:FAIL|FAILED|FAILURE|FAILURES|ERROR|ERRORS|FATAL|ABORT|ABORTED|PANIC)\b").needs(UPPER).holds(&["fail", "error", "fatal", "abort", "panic"]),
    Form::new(Shape::Level, r"^\W{0,3}(?:ERROR|FATAL|SEVERE|CRITICAL|error|fatal|critical)\b|\| (?:error|critical|fatal) +\|").holds(&["error", "fatal", "severe", "critical"]),
    Form::new(Shape::QuietLevel, r"^\W{0,3}(?:INFO|DEBUG|TRACE|WARN|WARNING|info|debug|trace|warn|warning|notice|Warning|Note|note)\b").holds(&["info", "debug", "trace", "warn", "note", "notice"]),
    Form::new(Shape::Caret, r"^\s*(?:\d+ ?\||\|)?\s*[~^]+[\s~^-]*$").first(b"0123456789|~^").needs(CARET),
    Form::new(Shape::Gutter, r"^\s*\d* *\|(?: |$)|^\s*-->|^\s*> ?\d+ \||^\s*=\s").first(b"0123456789|->="),
    Form::new(Shape::Rule, r"^\s*[=_*#~-]{4,}\s*$").first(b"=_*#~-"),
    Form::new(Shape::TitledRule, r"^[=_*#-]{3,} .*\S.* [=_*#-]{3,}$").first(b"=_*#-"),
    Form::new(Shape::Punctuation, r"^[\s\W]+$").lacks(WORD),
    Form::new(Shape::Numbered, r"^\s*\d+\) \S|^\s*\d+\. \S").first(b"0123456789"),
    Form::new(Shape::Cross, r"✗|✖|✘|×|●|❌|☒|✕|^\s*(?:\[\w+\]\s+)?not ok\b|^\s*--- FAIL|\[-\]|\[ *FAILED *\]|<<< (?:FAIL|ERR)|^FAIL[: ]|\s\.{2,}\s?(?:FAIL|ERROR)|\bFAIL(?:ED)?\s*$").holds(CROSSES),
    Form::new(Shape::Tick, r"✓|✔|√|^\s*ok \d|\[ *OK *\]|\[ *PASSED *\]|\[\+\]|\b(?:PASS|PASSED|OK)\s*$|\.\.\. ok$").holds(&["✓", "✔", "√", "ok", "[+]", "pass"]),
    Form::new(Shape::PytestError, r"^E   ").first(b"E"),
    Form::new(Shape::PytestPoint, r"^>  ").first(b">"),
    Form::new(Shape::Diff, r"^\s*[+-](?:[^\s+-]| \S|\s{2,}\S)|^(?:---|\+\+\+) \S|^@@ ").first(b"+-@"),
    Form::new(Shape::Expectation, r"(?i)^\s*(?:expected|actual|received|got|wanted|want|left|right|\+ expected|- actual)\b.*[:=]|^\s*(?:left|right): ").holds(&["expected", "actual", "received", "got", "want", "left", "right"]),
    Form::new(Shape::Command, r"^\s*(?:\$|\+{1,3}|%|>) +[a-z./]|^##\[command\]|^\[command\]").first(b"$+%>").holds(&["[command]"]),
    Form::new(Shape::Flags, r"(?:\s-[a-zA-Z][\w=/.,+-]*){4}").needs(DASHES),
    Form::new(Shape::Url, r"https?://").holds(&["http"]),
    Form::new(Shape::Percent, r"\d%").needs(PERCENT),
    Form::new(Shape::ColonMessage, r"^\s*[^\s:][^:]{0,60}: +\S").holds(&[": "]),
    Form::new(Shape::Quoted, r#"[`'"][^`'"]+[`'"]|‘|“"#).needs(QUOTE),
    Form::new(Shape::Code, r"\b(?:[A-Z]{1,5}\d{2,5}|E[A-Z]{4,}|SC\d{4})\b").needs(UPPER),
    Form::new(Shape::ExitNonzero, r"(?i)\b(?:exit(?:ed)?|return(?:ed)?|status|code)\b(?: with)?(?: exit)?(?: status| code| value)?[ :=]*-?[1-9]\d*\b").needs(DIGIT).holds(&["exit", "return", "status", "code"]),
    Form::new(Shape::CountBad, r"(?i)\b[1-9]\d* (?:\w+ )?(?:failing|failed|failures?|errors?|problems?|issues?|broken|offen[cs]es?|violations?|mismatch(?:es)?)\b|\b(?:failures|errors|failed|failing)\W{1,3}[1-9]").needs(DIGIT).holds(&["fail", "error", "problem", "issue", "broken", "offen", "violation", "mismatch"]),
    Form::new(Shape::CountZero, r"(?i)\b(?:0|no|zero) (?:\w+ )?(?:errors?|fail(?:ed|ures?|ing)?|warnings?|problems?|issues|broken)\b|\b(?:errors?|fail(?:ed|ures?|ing)?)\s*[:=]\s*0\b").holds(&["error", "fail", "warning", "problem", "issues", "broken"]),
    Form::new(Shape::Terminator, r#"^The command .*(?:exited with [1-9]|failed)|^" exited with [1-9]|^##\[error\]Process completed|^Process completed with exit code [1-9]|failed and exited with [1-9]|^ERROR: Job failed|make(?:\[\d+\])?: \*\*\* (?:\[|Waiting)|^(?:npm|lerna|yarn) (?:ERR!|error) (?:code ELIFECYCLE|errno \d|Exit status|Failed at|Test failed|Lifecycle script|lerna command|command failed|command sh |A complete log|This is probably not)|BUILD FAIL|Build failed|Build FAILED|\bbuild (?:failed|FAILED)[.!]?$|rake aborted!|error Command failed|Failed to execute goal|ELIFECYCLE|aborting due to|could not compile|Build step .* marked build|subprocess-exited-with-error|FAILURE: Build|ninja: build stopped|^Makefile:\d+: recipe|^FAILED \(|^exit status [1-9]|^Error: Process completed|^Command (?:exited|failed)|ERROR: InvocationError|^Cmd\.exe exited|^ *Result: FAILED$|returned a non-zero code|^error: builder for '.* failed with exit code [1-9]|^error: (?:build of '|\d+ dependenc(?:y|ies) of derivation '|Cannot build ')|^cannot build derivation '|^ERROR: Exception\(|^\W*(?:ERROR: )?[Ss]omething went wrong\b|^Errors while running CTest|: Tests unsuccessful$"#).holds(ENDS),
    Form::new(Shape::Json, r"[{}\[\]],?\s*$").needs(BRACKET),
    Form::new(Shape::Sentence, r"^\s*[A-Z][a-z]+ [a-z]+ [a-z].*[a-z.!]$").first(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    Form::new(Shape::Elapsed, r"\b\d+(?:\.\d+)?\s?m?s(?:ec(?:onds)?)?\b").needs(DIGIT).needs(LETTER_S),
    Form::new(Shape::TestName, r"(?:^|[\s\[/:.])(?:test_\w+|\w*Test\w*|\w+_test\b|\w+\.spec\b|it\w*\()").first(b"i").holds(NAMES),
    Form::new(Shape::ThreadPanic, r"^thread '.*' (?:\(\d+\) )?panicked|^panic: |^fatal error: |^Fatal Python error").holds(&["panicked", "panic: ", "fatal error: ", "fatal python error"]),
    Form::new(Shape::SanitizerHead, r"(?:ERROR|WARNING): \w+Sanitizer: |runtime error: |^WARNING: DATA RACE|^==\d+== ?(?:Invalid|Conditional jump|Possible data race|Process terminating|\d[\d,]* bytes in)").first(b"=").holds(&["sanitizer: ", "runtime error: ", "warning: data race"]),
    Form::new(Shape::KernelHead, r"(?:^|\] |\d: |[ :])(?:BUG: |Oops|general protection fault|[Uu]nable to handle kernel|kernel BUG at|KASAN: |KMSAN: |KCSAN: |KFENCE: |UBSAN: |WARNING: CPU: |WARNING: [\w ]*(?:lock|RCU|RCU usage|refcount)|WARNING: (?:.* at \S+\.[ch]:\d+ \w|kernel stack)|INFO: (?:task|rcu|suspicious|possible|inconsistent|trying)|watchdog: BUG|Kernel panic|possible deadlock|Internal error: |Unhandled fault|unregister_netdevice|BUG at |divide error:|invalid opcode:|stack segment:|PANIC: |list_(?:add|del) corruption|usercopy: |Out of memory)").holds(KERNEL),
    Form::new(Shape::CiError, r"^##\[error\]|^::error").holds(&["##[error]", "::error"]),
    Form::new(Shape::Retrying, r"(?i)\b(?:retry|retrying|attempt \d|will try again|trying again)\b").holds(&["retry", "attempt ", "try again", "trying again"]),
    Form::new(Shape::StepPassed, r"^The command .*exited with 0|^##\[end-action .*outcome=success|^Job succeeded").holds(&["exited with 0", "outcome=success", "job succeeded"]),
];
