//! Wordings that speak for a cause in any log, whichever tool wrote it.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use anyhow::anyhow;
use serde::Deserialize;

use super::family::Family;
use super::telling_line::TellingLine;
use super::window;
use crate::facts::{LineKind, prose};
use crate::rules::{Letters, Pattern, Sketch, required_literals, table};
use crate::text::records::Record;

/// Where a clue may be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// The failure's own lines and those beside it.
    Failure,
    /// What the failing actor or test said before it.
    Before,
    /// The lines of the CI system and of the scheduler.
    Ci,
    /// The lines of the kernel and of drivers.
    Machine,
    /// A place in a stack.
    Frame,
}

/// A wording, as `rules/clues` tells it.
#[derive(Debug, Deserialize)]
pub struct Clue {
    pub name: String,
    /// Clues of one family count once.
    pub family: Family,
    /// What the line says, for a reader.
    pub says: String,
    /// Where it may be read.
    #[serde(rename = "in")]
    places: Vec<Place>,
    /// For the words of one line; letters of either case.
    pattern: String,
    /// A line that matches this too does not say it.
    unless: Option<String>,
    /// True if the line states the cause outright.
    #[serde(default)]
    pub explicit: bool,
    /// True if the line says it only where no other line stands between it and the failure.
    #[serde(default)]
    pub unfinished: bool,
    /// True if names of tests, paths and files are read too.
    #[serde(default)]
    names: bool,
    /// True if the line may be a command, a setting or of any other kind.
    #[serde(default)]
    any_kind: bool,
}

#[derive(Deserialize)]
struct File {
    clue: Vec<Clue>,
}

/// All clues.
pub struct Clues {
    pub all: Vec<Clue>,
    /// For each clue what a line that says it is.
    patterns: Vec<Pattern>,
    /// Strings in lower case, and for each the clues that need it.
    needed: BTreeMap<Vec<u8>, Vec<usize>>,
}

/// Bytes of a line that are searched: what says why stands near its beginning.
const LONGEST: usize = 4096;

impl Clues {
    /// Returns the clues that are part of this program.
    pub fn embedded() -> &'static Self {
        static CLUES: OnceLock<Clues> = OnceLock::new();
        CLUES.get_or_init(|| {
            Self::of(table!("clues").read::<File>().clue)
                .unwrap_or_else(|error| unreachable!("the tests read every clue: {error}"))
        })
    }

    fn of(all: Vec<Clue>) -> anyhow::Result<Self> {
        let mut needed = BTreeMap::<Vec<u8>, Vec<usize>>::new();
        for (number, clue) in all.iter().enumerate() {
            let strings = required_literals(&clue.pattern);
            let strings = strings.map_err(|fault| anyhow!("{}: {fault}", clue.name))?;
            strings.into_iter().for_each(|string| needed.entry(string).or_default().push(number));
        }
        let patterns = all.iter().map(Clue::pattern).collect();
        Ok(Self { all, patterns, needed })
    }

    /// Returns strings in lower case, each with the positions of the clues that no line says without one of theirs.
    pub fn needed(&self) -> &BTreeMap<Vec<u8>, Vec<usize>> {
        &self.needed
    }

    /// Returns the clue with this name.
    pub fn named(&self, name: &str) -> Option<&Clue> {
        self.all.iter().find(|clue| clue.name == name)
    }

    /// Returns the positions of the clues that a line says where it stands, ascending; `test` is the one that
    /// failed, whose name says nothing.
    pub fn find(&self, record: &Record<'_>, stands: Stands, test: Option<&str>) -> Vec<usize> {
        let may = window::may_say(message(record));
        if may.clues.is_empty() {
            return Vec::new();
        }
        TellingLine::new(record.clone(), may).clues(stands, test)
    }

    /// Returns those of some clues that a line may be, as far as its fixed parts tell.
    pub(super) fn that_may(&self, clues: &[usize], record: &Record<'_>) -> Vec<usize> {
        if clues.is_empty() {
            return Vec::new();
        }
        let lower = message(record).to_ascii_lowercase();
        let sketch = Sketch::of(&lower, clues.len());
        let may = |clue: &usize| self.patterns.get(*clue).is_some_and(|pattern| pattern.may_read(&sketch));
        clues.iter().copied().filter(may).collect()
    }

    /// Returns those of some clues that a line says, which is of a kind and stands somewhere; `names` are those of tests.
    pub(super) fn said(
        &self,
        clues: &[usize],
        record: &Record<'_>,
        (kind, stands): (LineKind, Stands),
        names: [Option<&str>; 2],
    ) -> Vec<usize> {
        let may = |clue: &usize| self.all.get(*clue).is_some_and(|clue| clue.may_be_read(kind, stands));
        let mut found: Vec<usize> = clues.iter().copied().filter(may).collect();
        if !found.is_empty() {
            let message = message(record);
            let mut words = Vec::with_capacity(message.len());
            prose(message, names, &mut words);
            found.retain(|&clue| self.says(clue, message, &words));
        }
        found
    }

    fn says(&self, clue: usize, line: &[u8], words: &[u8]) -> bool {
        let known = self.all.get(clue).zip(self.patterns.get(clue));
        known.is_some_and(|(clue, pattern)| pattern.reads(if clue.names { line } else { words }))
    }
}

/// Returns what is searched of a line.
pub(super) fn message<'r>(record: &'r Record<'_>) -> &'r [u8] {
    record.message.get(..LONGEST).unwrap_or(&record.message)
}

/// Where a line stands, seen from the failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// In it or beside it.
    In,
    Before,
    After,
}

impl Clue {
    /// Returns true if a line of this kind may say it, where it stands.
    fn may_be_read(&self, kind: LineKind, stands: Stands) -> bool {
        let allows = |place| self.places.contains(&place);
        let by_nearness = match stands {
            Stands::In => allows(Place::Failure),
            Stands::Before => allows(Place::Before),
            Stands::After => false,
        };
        match kind {
            LineKind::Ci => allows(Place::Ci) || by_nearness,
            LineKind::Machine => allows(Place::Machine),
            LineKind::Frame => allows(Place::Frame) && stands == Stands::In,
            kind => by_nearness && (self.any_kind || kind.is_evidence()),
        }
    }

    fn pattern(&self) -> Pattern {
        Pattern::new(self.pattern.clone(), self.unless.clone(), Letters::AnyCase)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::lines::split;
    use crate::text::records::parse;

    /// The clues of a line of a failure.
    fn find(line: &str) -> Vec<usize> {
        let record = parse(split(line.as_bytes()).next().unwrap());
        Clues::embedded().find(&record, Stands::In, None)
    }

    /// The clues of a line before a failure.
    fn before(line: &str) -> Vec<usize> {
        let record = parse(split(line.as_bytes()).next().unwrap());
        Clues::embedded().find(&record, Stands::Before, None)
    }

    #[derive(Deserialize)]
    struct Written {
        name: String,
        examples: Vec<String>,
        never: Vec<String>,
    }

    #[test]
    fn every_clue_knows_its_lines_and_leaves_others_alone() {
        let table: serde_json::Value = table!("clues").read();
        let rows: Vec<Written> = serde_json::from_value(table["clue"].clone()).unwrap();
        let mut wrong = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            assert!(row.never.len() >= 3, "{} needs three lines that it must leave alone", row.name);
            let missed =
                row.examples.iter().filter(|line| !find(line).contains(&at) && !before(line).contains(&at));
            wrong.extend(missed.map(|line| format!("{} misses {line}", row.name)));
            let taken = row.never.iter().filter(|line| find(line).contains(&at));
            wrong.extend(taken.map(|line| format!("{} takes {line}", row.name)));
        }
        assert_eq!(wrong, Vec::<String>::new());
    }

    #[test]
    fn a_name_an_argument_a_command_or_a_setting_is_no_evidence() {
        let clues = Clues::embedded();
        for (line, family, why) in [
            ("RingFixtureTest.Push failed", "state", "Fixture in the name of a test"),
            ("--- FAIL: TestRingTimeout (0.01s)", "limits", "timeout in the name of a test"),
            ("go test -timeout 20m ./ring | grep -v race", "limits", "an argument"),
            ("  it('pushes', { timeout: 30000 }, async () => {", "limits", "quoted source"),
            ("(timeout: 1200.0s)", "limits", "a setting"),
            ("nvme0: setting the timeout to 30 s", "limits", "a setting of a device"),
            ("fetched 401.47 KiB in 3 s", "machinery", "a size"),
            ("set +smartindent", "device", "a letter case"),
            ("a network with 4 nodes", "build", "works with 4"),
            ("/home/runner/work/app/updateWorkspace", "machinery", "a path"),
            ("see https://ring.example/errors for it", "network", "an address of a page"),
            ("[localhost] gathers facts", "actors", "a host of a tool"),
            ("ring_push is still running after 32 min", "actors", "slow or stuck, no race"),
            ("\"ring-3\" #7 WAITING (parking)", "actors", "a state of a thread"),
            ("kernel/locking/lockdep.c:31 is built", "actors", "a file"),
            ("ethernet core (3,1): the kernel's access was misaligned", "device", "no link"),
            ("+ ring --wait 'timed out'", "limits", "a shell's trace"),
            ("| ring | timed out after 3 s | 4 |", "limits", "a table"),
            ("12 passed, 0 timeout", "limits", "a count"),
            ("hint: a deadlock detected here is rare", "actors", "advice"),
        ] {
            let families: Vec<&str> =
                find(line).into_iter().map(|clue| clues.all[clue].family.name()).collect();
            assert!(!families.contains(&family), "{line}: {why}: {families:?}");
        }
    }

    #[test]
    fn a_cause_is_stated_only_by_a_line_that_states_it() {
        let clues = Clues::embedded();
        for (line, stated, why) in [
            ("Found one Java-level deadlock:", Some("wait-cycle"), "the runtime shows the cycle"),
            ("fatal error: all goroutines are asleep - deadlock!", Some("wait-cycle"), "nobody can go on"),
            ("INFO: task a:1 is blocked on a mutex likely owned by task b:2.", None, "one wait is no cycle"),
            ("WARNING: possible circular locking dependency detected", None, "it need not have happened"),
            ("possible deadlock detected between ring and log", None, "possible"),
            ("write: No space left on device", Some("no-space"), "the disk says so"),
            ("rpc error: code = ResourceExhausted desc = message larger than max", None, "no disk"),
            ("took 429 ms, 429 tests", None, "a number is no refusal"),
            ("response status code: 429", Some("rate-limit"), "the server says so"),
            ("opening a connection pool of 8", None, "a pool that has room"),
            ("evicted 12 entries from the cache", None, "no machine"),
            ("pod ring-7 was evicted", Some("runner-lost"), "its machine"),
        ] {
            let found = find(line).into_iter().map(|clue| &clues.all[clue]);
            let explicit: Vec<&str> =
                found.filter(|clue| clue.explicit).map(|clue| clue.name.as_str()).collect();
            assert_eq!(explicit, stated.into_iter().collect::<Vec<_>>(), "{line}: {why}");
        }
    }

    #[test]
    fn words_of_another_matter_are_no_clue() {
        let clues = Clues::embedded();
        let says = |line: &str, name: &str| find(line).into_iter().any(|clue| clues.all[clue].name == name);
        for (name, it_is, it_is_not) in [
            ("http-status", "The requested URL returned error: 503", "ring.js:500:14: check took: 502 ms"),
            (
                "own-limit",
                "java.util.concurrent.TimeoutException",
                "ring/RingTimeoutException.class already added, skipping",
            ),
            (
                "not-ready",
                "write failed: EPIPE",
                "\tat java.util.stream.ReferencePipeline.forEach(ReferencePipeline.java:127)",
            ),
            ("credentials", "error: invalid credentials", "No credentials specified"),
            ("stalled", "the ring stalled", "the ring is installed"),
            ("not-ready", "the link is not available yet", "Process uptime: not available"),
            (
                "left-running",
                "panic: goroutine leak: 3 running",
                "SUMMARY: AddressSanitizer: 64 byte(s) leaked in 1 allocation(s).",
            ),
        ] {
            assert!(says(it_is, name), "{name}: {it_is}");
            assert!(!says(it_is_not, name), "{name}: {it_is_not}");
        }
    }

    #[test]
    fn every_pattern_can_be_made() {
        for clue in &Clues::embedded().all {
            assert!(clue.pattern().can_be_made(), "{}", clue.name);
        }
    }
}
