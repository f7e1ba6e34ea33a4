//! All known failures, and the one search that finds which of them a line is.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use xxhash_rust::xxh3::xxh3_64;

use crate::facts::failures::Role;
use crate::rules::{LazyRegex, Pattern, Sketch};
use crate::signatures::entry::Entry;
use crate::signatures::files;
use crate::signatures::problem::CatalogError;
use crate::text::lines::Literals;
use crate::text::work;

/// What says that a line is a known failure stands near its beginning; a longer line is data.
const LONGEST_LINE: usize = 16 * 1024;

/// Strings that can be sought together.
const MOST_LITERALS: usize = u16::MAX as usize;

/// A set of known failures that can be searched for.
pub struct Catalog {
    /// The catalog that is part of this program is read when it is first asked.
    lookup: OnceLock<Lookup>,
}

struct Lookup {
    /// In the order of their ids.
    entries: Vec<Arc<Entry>>,
    /// Most specific first, as (entry, pattern of that entry).
    patterns: Vec<(usize, usize)>,
    /// In lower case.
    literals: Literals,
    /// For each literal the patterns that need it, as indices of `patterns`.
    needed_by: Vec<Vec<u32>>,
}

/// A line that is a known failure.
#[derive(Debug)]
pub struct Match<'c> {
    pub entry: &'c Entry,
    /// Named captures in the order in which the pattern names them, as text.
    pub captures: Vec<(&'c str, String)>,
    /// The bytes of the line that matched.
    pub span: Range<usize>,
}

impl Match<'_> {
    /// Returns the captures that belong to the identity, in the order in which the entry names them.
    pub fn key(&self) -> Vec<(&str, &str)> {
        let named = |key: &String| self.captures.iter().find(|(name, _)| name == key);
        self.entry.key.iter().filter_map(named).map(|(name, value)| (*name, value.as_str())).collect()
    }
}

impl Catalog {
    /// Returns the catalog that is part of this program. It is read when it is first asked.
    pub fn embedded() -> &'static Self {
        static CATALOG: Catalog = Catalog { lookup: OnceLock::new() };
        &CATALOG
    }

    /// Reads the catalog now, so that nobody waits for it later.
    pub fn prepare(&self) {
        self.lookup();
    }

    fn lookup(&self) -> &Lookup {
        self.lookup.get_or_init(|| {
            files::embedded()
                .and_then(|entries| Lookup::new(by_id(entries)))
                .unwrap_or_else(|error| unreachable!("the tests read every embedded entry: {error}"))
        })
    }

    /// Reads the catalog that is part of this program once more.
    pub fn read_embedded() -> Result<Self, CatalogError> {
        Self::new(files::embedded()?)
    }

    /// Reads every `<family>/<name>.toml` below `folder`.
    pub fn load(folder: &Path) -> Result<Self, CatalogError> {
        Self::new(files::load(folder)?)
    }

    /// Makes a catalog of entries; of two with the same id the later one stays.
    pub fn new(entries: Vec<Entry>) -> Result<Self, CatalogError> {
        Self::of(by_id(entries))
    }

    /// Returns a catalog with the entries of both; where ids are equal that of `other` stays.
    pub fn extended(&self, other: &Self) -> Result<Self, CatalogError> {
        let both = self.lookup().entries.iter().chain(&other.lookup().entries);
        Self::of(both.map(|entry| (entry.id.clone(), Arc::clone(entry))).collect())
    }

    fn of(entries: BTreeMap<String, Arc<Entry>>) -> Result<Self, CatalogError> {
        Ok(Self { lookup: OnceLock::from(Lookup::new(entries)?) })
    }

    /// Returns all entries in the order of their ids.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.lookup().entries.iter().map(Arc::as_ref)
    }

    /// Returns 16 hex digits of what decides how a line is read by this catalog.
    pub fn rules(&self) -> String {
        let mut text = String::new();
        for entry in self.entries() {
            let (kind, role, causes, key) = (entry.kind, entry.role, &entry.causes, &entry.key);
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{} {kind:?} {role:?} {causes:?} {key:?}", entry.id);
            for pattern in entry.wordings.iter().map(|wording| &wording.pattern) {
                let _ = writeln!(
                    text,
                    "{:?} {:?}",
                    pattern.regex.text(),
                    pattern.unless.as_ref().map(LazyRegex::text)
                );
            }
        }
        format!("{:016x}", xxh3_64(text.as_bytes()))
    }

    /// Returns the entry with this id.
    pub fn get(&self, id: &str) -> Option<&Entry> {
        let entries = &self.lookup().entries;
        let position = entries.binary_search_by(|entry| entry.id.as_str().cmp(id)).ok()?;
        entries.get(position).map(Arc::as_ref)
    }

    /// Returns false if no entry matches `line` or what stands in it behind a prefix.
    pub fn may_find(&self, line: &[u8]) -> bool {
        let line = line.get(..2 * LONGEST_LINE).unwrap_or(line);
        self.lookup().literals.are_in(&line.to_ascii_lowercase())
    }

    /// Calls `visit` with where those of some whole lines begin that [`Self::may_find`] does not rule out, in order. The
    /// lines stand in lower case.
    pub fn each_that_may_be_found(&self, lines: &[u8], visit: &mut dyn FnMut(usize)) {
        self.lookup().literals.each_place(lines, |start, _| visit(start));
    }

    /// Returns what `line` is known as: of all entries that match the most specific one. `line` is one
    /// line, cleaned of escapes, wrappers and time.
    pub fn find(&self, line: &[u8]) -> Option<Match<'_>> {
        let line = line.get(..LONGEST_LINE).unwrap_or(line);
        self.matching(line).find_map(|(entry, pattern)| captured(entry, pattern, line))
    }

    /// Returns the entry that [`Self::find`] finds, without what its pattern captures.
    pub fn entry_of(&self, line: &[u8]) -> Option<&Entry> {
        let line = line.get(..LONGEST_LINE).unwrap_or(line);
        self.matching(line).next().map(|(entry, _)| entry)
    }

    /// Returns the entries that match, each with its pattern, the most specific first.
    fn matching<'s, 'l>(
        &'s self,
        line: &'l [u8],
    ) -> impl Iterator<Item = (&'s Entry, &'s Pattern)> + use<'s, 'l> {
        work::add(line.len());
        let lookup = self.lookup();
        let lower = line.to_ascii_lowercase();
        let mut candidates = lookup.candidates(&lower);
        candidates.sort_unstable();
        candidates.dedup();
        let sketch = Sketch::of(&lower, candidates.len());
        let may_match =
            |rank: &u32| lookup.pattern(*rank).is_some_and(|(_, pattern)| pattern.may_read(&sketch));
        candidates.retain(may_match);
        let patterns = candidates.into_iter().filter_map(|rank| lookup.pattern(rank));
        patterns.filter(|(_, pattern)| pattern.reads(line))
    }
}

fn by_id(entries: Vec<Entry>) -> BTreeMap<String, Arc<Entry>> {
    entries.into_iter().map(|entry| (entry.id.clone(), Arc::new(entry))).collect()
}

impl Lookup {
    fn new(entries: BTreeMap<String, Arc<Entry>>) -> Result<Self, CatalogError> {
        let entries: Vec<_> = entries.into_values().collect();
        let patterns = by_specificity(&entries);
        let mut needed_by: BTreeMap<&[u8], Vec<u32>> = BTreeMap::new();
        for (rank, &(entry, pattern)) in patterns.iter().enumerate() {
            for literal in &entries[entry].wordings[pattern].literals {
                needed_by.entry(literal).or_default().push(rank as u32);
            }
        }
        if needed_by.len() > MOST_LITERALS {
            return Err(CatalogError::TooLarge { strings: needed_by.len() });
        }
        let literals = Literals::new(&needed_by.keys().collect::<Vec<_>>());
        let needed_by = needed_by.into_values().collect();
        Ok(Self { entries, patterns, literals, needed_by })
    }

    /// Returns the pattern of this rank, with its entry.
    fn pattern(&self, rank: u32) -> Option<(&Entry, &Pattern)> {
        let &(entry, pattern) = self.patterns.get(rank as usize)?;
        let entry = self.entries.get(entry)?;
        Some((entry, &entry.wordings.get(pattern)?.pattern))
    }

    /// Returns the patterns of which a required literal is in a line that stands in lower case.
    fn candidates(&self, lower: &[u8]) -> Vec<u32> {
        let held = self.literals.held(lower).into_iter();
        held.filter_map(|literal| self.needed_by.get(usize::from(literal))).flatten().copied().collect()
    }
}

/// Returns all patterns as (entry, pattern), the most specific first: by role, then the longer required
/// literal, then the id.
fn by_specificity(entries: &[Arc<Entry>]) -> Vec<(usize, usize)> {
    let mut patterns = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        for (number, wording) in entry.wordings.iter().enumerate() {
            let shortest = wording.literals.iter().map(Vec::len).min().unwrap_or(0);
            patterns.push((generality(entry.role), Reverse(shortest), index, number));
        }
    }
    patterns.sort_unstable();
    patterns.into_iter().map(|(_, _, entry, pattern)| (entry, pattern)).collect()
}

fn generality(role: Role) -> u8 {
    match role {
        Role::Root => 0,
        Role::Cascade => 1,
        Role::Teardown => 2,
        Role::Context => 3,
        Role::Generic => 4,
    }
}

fn captured<'c>(entry: &'c Entry, pattern: &'c Pattern, line: &[u8]) -> Option<Match<'c>> {
    let regex = pattern.regex.get()?;
    let found = regex.captures(line)?;
    let names = regex.capture_names().flatten();
    let captures = names
        .filter_map(|name| Some((name, String::from_utf8_lossy(found.name(name)?.as_bytes()).into_owned())))
        .collect();
    Some(Match { entry, captures, span: found.get(0)?.range() })
}
