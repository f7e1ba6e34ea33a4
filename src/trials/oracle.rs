//! Whether a run's failure is the one that is looked for.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use regex::bytes::{Regex, RegexBuilder};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::process::Exit;
use crate::experiment::{Likeness, NotStarted};

/// Shells and `env` say with these that the program could not be started.
const NOT_STARTED: [i32; 2] = [126, 127];

/// How a run ended, against the oracle. Only [`Verdict::Exact`] counts as reproduced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It ended with code 0.
    Passed,
    /// Somebody stopped it; it says nothing.
    Interrupted,
    /// The command could not be run as it should be; it says nothing about the failure.
    HarnessError,
    /// It failed in another way, which is news of its own.
    Different,
    /// A near match: the same kind of error in other words, the same words under another signature, or a
    /// hang where a failure spoke.
    SameClass,
    /// It failed with the signature's words at a time limit, but was still at work, where the failure looked
    /// for stands still: load alone may be why.
    Starved,
    /// It failed with the signature.
    Exact,
}

impl Verdict {
    /// Returns true if and only if the run tells something about the rate.
    pub fn counts(self) -> bool {
        !matches!(self, Self::Interrupted | Self::HarnessError)
    }
}

impl fmt::Display for Verdict {
    /// Writes what a run did, such as `matched`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Passed => "passed",
            Self::Interrupted => "was stopped",
            Self::HarnessError => "could not be run",
            Self::Different => "failed in another way",
            Self::SameClass => "nearly matched",
            Self::Starved => "was at work when its limit came",
            Self::Exact => "matched",
        })
    }
}

/// How near the failure of a run came, and what it says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// `None` where nobody compared it with a failure.
    pub likeness: Option<Likeness>,
    /// What differs from the failure looked for.
    pub difference: Option<String>,
    /// The line that says best how it failed.
    pub headline: Option<String>,
}

/// Reads the output of a failing run; somebody else knows how.
#[derive(Clone)]
pub struct Identity(pub Arc<Reads>);

type Reads = dyn Fn(&[u8]) -> Reading + Send + Sync;

/// Says why a command ran no test at all, from whether it ended with code 0 and what it printed.
#[derive(Clone)]
pub struct Starting(pub Arc<Starts>);

type Starts = dyn Fn(bool, &[u8]) -> Option<NotStarted> + Send + Sync;

impl fmt::Debug for Starting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Starting")
    }
}

/// How a run is to be counted, and what it said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    pub verdict: Verdict,
    pub difference: Option<String>,
    pub headline: Option<String>,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity")
    }
}

/// Which failures count as this one, by regular expressions on the output.
#[derive(Clone, Debug)]
pub struct Oracle {
    exact: Regex,
    identity: Option<Identity>,
    starting: Option<Starting>,
    /// True if the failure is that a run does not end, so that the wall limit is how it shows.
    hang: bool,
}

impl Judgement {
    /// What is said of a run that was ended for the time that it took from others: it shows nothing.
    pub fn unended(after: Duration) -> Self {
        let headline = format!("ended after {:.0} s, to leave time for other runs", after.as_secs_f64());
        Self { verdict: Verdict::HarnessError, difference: None, headline: Some(headline) }
    }
}

impl Oracle {
    /// Returns the oracle for failures in which `exact` finds something.
    ///
    /// # Errors
    /// If the regular expression is not one.
    pub fn new(exact: &str) -> anyhow::Result<Self> {
        Ok(Self { exact: compiled(exact)?, identity: None, starting: None, hang: false })
    }

    /// What `identity` makes of an output decides before the words do.
    pub fn with_identity(mut self, identity: Identity) -> Self {
        self.identity = Some(identity);
        self
    }

    /// A run of which `starting` knows that it ran no test says nothing about the failure.
    pub fn with_starting(mut self, starting: Starting) -> Self {
        self.starting = Some(starting);
        self
    }

    /// A run that does not end is the failure, if what it printed matches.
    pub fn with_hang(mut self) -> Self {
        self.hang = true;
        self
    }

    /// Returns true if it looks for a run that does not end.
    pub fn is_of_hangs(&self) -> bool {
        self.hang
    }

    /// Returns how a process that printed `output` and ended with `exit` is to be counted.
    pub fn judge(&self, exit: &Exit, output: &[u8]) -> Judgement {
        let silent = |verdict| Judgement { verdict, difference: None, headline: None };
        if *exit == Exit::Interrupted {
            return silent(Verdict::Interrupted);
        }
        let plain = anstream::adapter::strip_bytes(output).into_vec();
        let starts = |starting: &Starting| starting.0(*exit == Exit::Code(0), &plain);
        if let Some(why) = self.starting.as_ref().and_then(starts) {
            let (headline, difference) = (Some(why.line), Some(why.next));
            return Judgement { verdict: Verdict::HarnessError, difference, headline };
        }
        if *exit == Exit::Code(0) {
            return silent(Verdict::Passed);
        }
        let reading = self.identity.as_ref().map(|identity| identity.0(output)).unwrap_or_default();
        let spoke = self.exact.is_match(&plain);
        let likeness = reading.likeness.unwrap_or(if spoke { Likeness::Same } else { Likeness::Another });
        let verdict = match (exit, likeness) {
            // The limit ended it: what it had said before is the failure only if hanging is.
            (Exit::WallLimit, _) if self.hang && spoke => Verdict::Exact,
            (Exit::WallLimit, Likeness::Same | Likeness::Near) => Verdict::SameClass,
            (Exit::WallLimit, _) if self.hang || spoke => Verdict::SameClass,
            (_, Likeness::Same) => Verdict::Exact,
            (_, Likeness::Near) => Verdict::SameClass,
            (Exit::Code(code), _) if NOT_STARTED.contains(code) => Verdict::HarnessError,
            _ => Verdict::Different,
        };
        Judgement { verdict, difference: reading.difference, headline: reading.headline }
    }
}

fn compiled(pattern: &str) -> anyhow::Result<Regex> {
    RegexBuilder::new(pattern)
        .multi_line(true)
        .build()
        .with_context(|| format!("the oracle's regular expression {pattern:?} cannot be used"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_signature_counts() {
        let oracle = Oracle::new(r"^AssertionError: lost \d+ frames$").unwrap();
        let hanging = Oracle::new("waiting for lock B").unwrap().with_hang();
        let cases = [
            ("the signature", &oracle, Exit::Code(1), "x\nAssertionError: lost 3 frames\n", Verdict::Exact),
            (
                "in colour",
                &oracle,
                Exit::Code(1),
                "\x1b[31mAssertionError: lost 3 frames\x1b[0m",
                Verdict::Exact,
            ),
            ("and killed by it", &oracle, Exit::Signal(6), "AssertionError: lost 1 frames", Verdict::Exact),
            (
                "printed, then passed",
                &oracle,
                Exit::Code(0),
                "AssertionError: lost 3 frames",
                Verdict::Passed,
            ),
            ("other words", &oracle, Exit::Code(1), "AssertionError: 2 != 3", Verdict::Different),
            ("another error", &oracle, Exit::Code(1), "ImportError: no module", Verdict::Different),
            ("not started", &oracle, Exit::Code(127), "sh: frob: not found", Verdict::HarnessError),
            (
                "said it, then hung",
                &oracle,
                Exit::WallLimit,
                "AssertionError: lost 3 frames",
                Verdict::SameClass,
            ),
            ("hung elsewhere", &oracle, Exit::WallLimit, "starting", Verdict::Different),
            ("the hang itself", &hanging, Exit::WallLimit, "waiting for lock B", Verdict::Exact),
            ("another hang", &hanging, Exit::WallLimit, "starting", Verdict::SameClass),
            (
                "stopped by hand",
                &oracle,
                Exit::Interrupted,
                "AssertionError: lost 3 frames",
                Verdict::Interrupted,
            ),
            ("not UTF-8", &oracle, Exit::Code(1), "\u{fffd}", Verdict::Different),
        ];
        for (name, oracle, exit, output, expected) in cases {
            assert_eq!(oracle.judge(&exit, output.as_bytes()).verdict, expected, "{name}");
        }
    }

    #[test]
    fn what_compares_the_output_decides_before_the_words_do() {
        let identity = Identity(Arc::new(|output: &[u8]| {
            let likeness = match output.first() {
                Some(b'g') => Likeness::Same,
                Some(b's') => Likeness::Near,
                _ => Likeness::Another,
            };
            Reading { likeness: Some(likeness), difference: None, headline: Some("lost".to_owned()) }
        }));
        let oracle = Oracle::new("lost a frame").unwrap().with_identity(identity);
        let judged = |output: &str| oracle.judge(&Exit::Code(1), output.as_bytes());
        assert_eq!(judged("gather: a frame is lost").verdict, Verdict::Exact);
        assert_eq!(judged("scatter: lost a frame").verdict, Verdict::SameClass);
        assert_eq!(judged("lost a frame").verdict, Verdict::Different);
        assert_eq!(judged("lost a frame").headline.as_deref(), Some("lost"));
    }

    #[test]
    fn a_broken_expression_is_quoted() {
        assert!(Oracle::new("(").unwrap_err().to_string().contains("\"(\""));
    }
}
