//! One thing that went wrong, and the lines that tell it.

use std::ops::{Range, RangeInclusive};

use serde::{Deserialize, Serialize};

use super::set::Set;
use crate::text::records::{Actor, Timestamp};

words! {
    /// What sort of thing an event is.
    #[derive(Default)]
    Kind {
        /// A limit fired: runner, job, test framework, collective or device.
        Timeout = "timeout",
        /// Output stopped and nothing tells why.
        Silence = "silence",
        /// A signal, an abort, a kernel oops, a crash report.
        Crash = "crash",
        /// A sanitizer, Valgrind or the Go race detector reports bad memory use or a leak.
        Sanitizer = "sanitizer",
        /// A data race report.
        Race = "race",
        /// Actors wait for one another.
        Deadlock = "deadlock",
        /// An assertion or a fatal check of the program.
        Assertion = "assertion",
        /// An uncaught exception or panic with a trace.
        Exception = "exception",
        /// A test framework says that a test failed.
        Test = "test",
        /// A compiler, linker or other checker rejects the sources.
        Build = "build",
        /// A process was killed or a machine lost.
        Kill = "kill",
        /// Memory, disk, descriptors or quota ran out.
        Exhaustion = "exhaustion",
        /// A device, link or bus reports a fault.
        Hardware = "hardware",
        /// A download, name look-up or connection failed.
        Network = "network",
        /// A command failed and the log says little more.
        Command = "command",
        /// Some other line that says something went wrong.
        #[default]
        Error = "error",
    }
}

impl Kind {
    /// Returns true if something did not go on: who fell silent when is worth a look.
    pub fn is_waiting(self) -> bool {
        matches!(self, Self::Timeout | Self::Silence | Self::Deadlock | Self::Race)
    }
}

words! {
    /// The part that an event plays among the others of its log, as far as its own words tell.
    Role {
        /// May be where it began.
        Root = "root",
        /// Repeats or wraps something that failed before it.
        Cascade = "cascade",
        /// Says only that something ended badly: `make: *** Error 2`.
        Generic = "generic",
        /// Cleaning up after a failure.
        Teardown = "teardown",
        /// Tells more about another event.
        Context = "context",
    }
}

words! {
    /// What took the lines of an event up: an assembler, or another way to an event.
    TakenBy {
        Quotation = "quotation",
        Sanitizer = "sanitizer",
        Kernel = "kernel",
        Unittest = "unittest",
        Tap = "tap",
        Python = "python",
        Go = "go",
        Rust = "rust",
        Fatal = "fatal",
        Windbg = "windbg",
        Minidump = "minidump",
        Native = "native",
        Ginkgo = "ginkgo",
        Section = "section",
        Boxed = "boxed",
        Exception = "exception",
        Diagnostic = "diagnostic",
        Paragraph = "paragraph",
        /// What a command printed before it failed.
        LastWords = "last words",
        KnownLine = "known line",
        /// A test report.
        Verdict = "verdict",
        Silence = "silence",
        List = "list",
        TellingLine = "the one telling line",
        /// A test of which only the verdict is told.
        Test = "test",
    }
}

/// What is settled of an event, whatever its words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Report {
    /// Nothing: its words say what it is.
    #[default]
    Words,
    /// A tool's report that names the fault.
    Fault,
    /// Which signal or exit ended the process; why may have been said before.
    Signal,
    /// An attempt that was made again and failed again in the same words.
    Retried,
    /// The log itself takes it back: it was ignored, or is another log that was dumped after the verdict.
    Aside,
}

/// One frame of a stack.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Frame {
    /// The function, demangled, without arguments and addresses.
    pub function: String,
    /// The file's last path parts, or the module; empty where unknown.
    pub file: String,
    pub line: Option<u32>,
}

/// How the step of a job ended in which an event stands, as the CI system states it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepEnd {
    /// Nothing states it.
    #[default]
    Unknown,
    Passed,
    Failed,
}

/// What the lines of an event are like, for whoever weighs events against one another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// Classes of words in the headline.
    pub head_words: Set,
    /// Shapes of the headline.
    pub head_shape: Set,
    /// Classes of words in the other lines.
    pub body_words: Set,
    /// Shapes of the other lines.
    pub body_shape: Set,
    /// True if any of its lines is coloured red.
    pub red: bool,
    /// True if nothing, or a blank line, stands before it.
    pub apart_before: bool,
    /// True if nothing, or a blank line, stands after it.
    pub apart_after: bool,
    /// How far the headline is indented, in columns.
    pub indent: usize,
    /// How its step ended.
    pub step: StepEnd,
    /// Lines to the end of its step; 0 where nothing states it.
    pub to_step_end: u64,
    /// The number of the run of a CI system in which it stands: one log may hold several.
    #[serde(default)]
    pub run: u32,
    /// How that run ended.
    #[serde(default)]
    pub run_end: StepEnd,
    /// How many commands began before it, and how many after it, as far as the log shows them.
    #[serde(default)]
    pub commands_before: u32,
    #[serde(default)]
    pub commands_after: u32,
    /// How many lines of the log say the same as the headline, numbers apart; 0 where they are not counted.
    pub times: u64,
}

/// One thing that went wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    pub kind: Kind,
    pub role: Role,
    pub report: Report,
    pub taken_by: TakenBy,
    /// 1-based, inclusive.
    pub first_line: u64,
    pub last_line: u64,
    /// Half-open byte span.
    pub byte_start: u64,
    pub byte_end: u64,
    /// The line whose words are `message`.
    pub headline: u64,
    /// The cleaned words that say it best.
    pub message: String,
    /// The type or code of the error: `AssertionError`, `E0463`, `SIGSEGV`, `heap-use-after-free`.
    pub class: Option<String>,
    /// The stack, innermost frame first.
    pub frames: Vec<Frame>,
    /// What tells this report from others of its kind, where the form of the report settles it;
    /// else class, message and frames do.
    pub identity: Option<Vec<String>>,
    /// The test, with its parameters.
    pub test: Option<String>,
    /// When it happened, where the log has times.
    pub time: Option<Timestamp>,
    pub actor: Actor,
    /// The cleaned lines, cut to the first 200.
    pub text: Vec<String>,
    /// The headline with the prefix that `text` leaves out, where it has one; empty else.
    #[serde(default)]
    pub stored: String,
    pub look: Look,
}

impl Event {
    /// Returns the event that lines tell in these words, of which no more is known.
    pub fn new(
        kind: Kind,
        taken_by: TakenBy,
        lines: RangeInclusive<u64>,
        bytes: Range<u64>,
        message: String,
    ) -> Self {
        Self {
            kind,
            role: Role::Root,
            report: Report::Words,
            taken_by,
            first_line: *lines.start(),
            last_line: *lines.end(),
            byte_start: bytes.start,
            byte_end: bytes.end,
            headline: *lines.start(),
            message,
            class: None,
            frames: Vec::new(),
            identity: None,
            test: None,
            time: None,
            actor: Actor::default(),
            text: Vec::new(),
            stored: String::new(),
            look: Look::default(),
        }
    }

    /// Returns true if and only if a line is one of its lines.
    pub fn holds(&self, line: u64) -> bool {
        (self.first_line..=self.last_line).contains(&line)
    }

    /// Returns the lines from the end of this event to a later one; 0 where they touch or overlap.
    pub fn lines_to(&self, later: &Self) -> u64 {
        later.first_line.saturating_sub(self.last_line)
    }

    /// Returns the message with every run of digits the same.
    pub fn wording(&self) -> String {
        let mut wording = String::with_capacity(self.message.len());
        for character in self.message.chars() {
            match character {
                '0'..='9' if wording.ends_with('0') => {}
                '0'..='9' => wording.push('0'),
                other => wording.push(other),
            }
        }
        wording
    }
}
