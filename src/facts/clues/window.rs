//! The lines near failures, searched at once for the strings without which a line says nothing of why.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::collective;
use super::table::Clues;
use super::telling_line::TellingLine;
use crate::facts::known::Known;
use crate::facts::{limits, runners};
use crate::text::lines::{Folded, Index, Line, Literals};
use crate::text::records::Reader;

/// What a line may say, as far as the strings tell that it holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MaySay {
    /// Positions of clues, ascending, each once.
    pub clues: Vec<usize>,
    /// That it is a known failure.
    pub known: bool,
    /// That a time limit is set or fired.
    pub limit: bool,
    /// What a rank waits for.
    pub collective: bool,
    /// That a test began or ended.
    pub test: bool,
    /// Whatever its message says: what wraps it may write its letters in another way.
    pub anything: bool,
}

/// All strings that are sought, in lower case, and what each lets a line say.
struct Sought {
    literals: Literals,
    meanings: Vec<MaySay>,
}

/// Stands in lines whose messages have to be decoded.
const ESCAPE: &[u8] = b"\\";

static SOUGHT: LazyLock<Sought> = LazyLock::new(|| {
    let mut strings = Strings::default();
    for (string, clues) in Clues::embedded().needed() {
        strings.of(string).clues.clone_from(clues);
    }
    limits::strings().iter().for_each(|string| strings.of(string).limit = true);
    collective::STRINGS.iter().for_each(|string| strings.of(string.as_bytes()).collective = true);
    runners::strings().iter().for_each(|string| strings.of(string.as_bytes()).test = true);
    strings.of(ESCAPE).anything = true;
    let literals = Literals::new(&strings.0.keys().collect::<Vec<_>>());
    Sought { literals, meanings: strings.0.into_values().collect() }
});

/// Strings in lower case.
#[derive(Default)]
struct Strings(BTreeMap<Vec<u8>, MaySay>);

impl Strings {
    /// Returns what a string lets a line say.
    fn of(&mut self, string: &[u8]) -> &mut MaySay {
        self.0.entry(string.to_ascii_lowercase()).or_default()
    }
}

/// Makes the search now.
pub fn prepare() {
    LazyLock::force(&SOUGHT);
}

/// A log whose lines are searched near one failure after the other, each line once.
pub struct SearchedLines<'l> {
    pub index: &'l Index<'l>,
    pub reader: &'l Reader,
    pub known: &'l dyn Known,
    /// The lines that were searched, and what is known of those that may say something.
    searched: RefCell<FxHashMap<Key, Option<Rc<TellingLine<'l>>>>>,
}

/// Where a line begins, and how many of its bytes are searched.
type Key = (u64, usize);

impl<'l> SearchedLines<'l> {
    pub fn new(index: &'l Index<'l>, reader: &'l Reader, known: &'l dyn Known) -> Self {
        Self { index, reader, known, searched: RefCell::default() }
    }

    /// Returns those of some lines that may say something of why, in order.
    pub fn telling(&self, lines: &[Line<'l>]) -> Vec<Rc<TellingLine<'l>>> {
        let mut searched = self.searched.borrow_mut();
        let new: Vec<Line<'l>> =
            lines.iter().filter(|line| !searched.contains_key(&key(line))).copied().collect();
        searched.extend(new.iter().map(|line| (key(line), None)));
        for (line, may) in search(&new, self.known) {
            let telling = TellingLine::new(self.reader.parse(line), may);
            searched.insert(key(&line), Some(Rc::new(telling)));
        }
        lines.iter().filter_map(|line| searched.get(&key(line))?.clone()).collect()
    }
}

fn key(line: &Line<'_>) -> Key {
    (line.start, line.bytes.len())
}

/// Returns those of some lines that may say something of why, in order, and what they may say.
fn search<'l>(lines: &[Line<'l>], known: &dyn Known) -> Vec<(Line<'l>, MaySay)> {
    let folded = Folded::of(lines);
    let mut telling: BTreeMap<usize, MaySay> = BTreeMap::new();
    folded.each_line(&SOUGHT.literals, |at, held| {
        telling.insert(at, meaning(held));
    });
    known.each_maybe_known(folded.text(), &mut |start| {
        telling.entry(folded.at(start)).or_default().known = true;
    });
    telling.into_iter().filter_map(|(at, may)| Some((*lines.get(at)?, may))).collect()
}

/// Returns what some strings mean together.
fn meaning(held: &[u16]) -> MaySay {
    let mut all = MaySay::default();
    for may in held.iter().filter_map(|string| SOUGHT.meanings.get(usize::from(*string))) {
        all.clues.extend(&may.clues);
        all.limit |= may.limit;
        all.collective |= may.collective;
        all.test |= may.test;
        all.anything |= may.anything;
    }
    all.clues.sort_unstable();
    all.clues.dedup();
    all
}

/// Returns what one line may say.
pub fn may_say(line: &[u8]) -> MaySay {
    meaning(&SOUGHT.literals.held(&line.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signatures::Catalog;
    use crate::text::lines::split;

    #[test]
    fn each_line_may_say_what_its_strings_say() {
        let says = |line: &str| {
            let lines: Vec<Line<'_>> = split(line.as_bytes()).collect();
            search(&lines, Catalog::embedded()).pop().map(|(_, may)| may).unwrap_or_default()
        };
        assert_eq!(says("the ring turns"), MaySay::default());
        assert!(!says("No Space Left on device").clues.is_empty(), "in any case");
        assert!(says("\x1b[1mNVRM: Xi\x1b[0md (PCI:0000:3b:00): 79").known, "under its colours");
        assert!(says("timed out after 3 minutes").limit);
        assert!(says("WorkNCCL(SeqNum=3, OpType=ALLREDUCE").collective);
        assert!(says("--- FAIL: TestRing (0.00s)").test);
        assert!(says(r#"{"log":"the ring turns\n"}"#).anything, "its message has to be decoded");
    }

    #[test]
    fn only_lines_that_say_something_are_returned_in_their_order() {
        let log = b"the ring turns\nerror: torn\nthe ring turns\nfatal: no space left on device\n";
        let lines: Vec<Line<'_>> = split(log).collect();
        let found = search(&lines, Catalog::embedded());
        assert_eq!(found.iter().map(|(line, _)| line.number).collect::<Vec<_>>(), [2, 4]);
    }
}
