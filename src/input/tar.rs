//! The members of a tar archive, read as they stream by.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read};

use ::tar::{Archive, Entry, EntryType};

use super::place::Place;
use super::unpack::Unpack;
use crate::error::Problem;

/// What the headers before one member may hold, long names among them; more is an attack.
const HEADER_BYTES: u64 = 1 << 20;

/// Unpacks each member of the archive at `place`, up to its end or its first broken header.
pub(super) fn members(unpack: &mut Unpack<'_>, place: &Place, reader: &mut dyn BufRead) {
    let allowance = Cell::new(HEADER_BYTES);
    let mut archive = Archive::new(Leashed { reader, allowance: &allowance });
    let mut members = Members { unpack, place, seen: BTreeMap::new(), hidden: (0, String::new()) };
    let Ok(mut entries) = archive.entries() else { return };
    for number in 1.. {
        allowance.set(HEADER_BYTES);
        let entry = match entries.next() {
            None => break,
            Some(Ok(_)) if !members.unpack.budget.add_member() => {
                let what = format!(
                    "only {} of its members are read: an input may have {} in all, the limit; unpack it",
                    number - 1,
                    members.unpack.limits.entries
                );
                members.unpack.note(Problem::incomplete(&place.name, what));
                break;
            }
            Some(Ok(entry)) => entry,
            Some(Err(error)) => {
                members.broken(number, &error);
                break;
            }
        };
        allowance.set(u64::MAX);
        members.entry(entry);
    }
    let Members { unpack, hidden: (count, first), .. } = members;
    unpack.note_hidden(place, count, &first);
}

struct Members<'a, 'b> {
    unpack: &'a mut Unpack<'b>,
    place: &'a Place,
    /// How often each name was met.
    seen: BTreeMap<String, u32>,
    /// How many members are hidden, and the first of them.
    hidden: (usize, String),
}

impl Members<'_, '_> {
    fn entry<R: Read>(&mut self, mut entry: Entry<'_, R>) {
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if let Some(member) = self.place.member(&name) {
            match entry.header().entry_type() {
                EntryType::Regular | EntryType::Continuous => {
                    let member = self.distinguish(member);
                    let left = entry.size();
                    self.unpack.stream(member, &mut BufReader::new(Exactly { reader: &mut entry, left }));
                }
                EntryType::Link | EntryType::Symlink => {
                    self.unpack
                        .note(Problem::remark(member.name, "is a link; the file it names is read instead"));
                }
                EntryType::GNUSparse => {
                    let what = "is stored as a sparse file, which is not read; unpack it and give the file";
                    self.unpack.note(Problem::incomplete(member.name, what));
                }
                _ => {}
            }
        }
        if self.place.member(&name).is_none() {
            self.hidden.0 += 1;
            if self.hidden.0 == 1 {
                self.hidden.1 = name;
            }
        }
        // What is left of it must not count as headers. A broken rest shows at the next entry.
        io::copy(&mut entry, &mut io::sink()).ok();
    }

    /// Tells members of one name apart: an archive that was added to holds older states too.
    fn distinguish(&mut self, mut member: Place) -> Place {
        let count = self.seen.entry(member.name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            let name = format!("{}#{count}", member.name);
            let what = format!("is member {count} of the name {}; all are read", member.name);
            member.remarks.push(Problem::remark(&name, what));
            member.name = name;
        }
        member
    }

    fn broken(&mut self, number: u64, error: &io::Error) {
        let what =
            format!("the tar archive is broken at member {number}: {error}; fetch it again for the rest");
        self.unpack.note(Problem::incomplete(&self.place.name, what));
    }
}

/// Lets no more than an allowance through: names of any length are kept in memory by the reader
/// of archives.
struct Leashed<'a> {
    reader: &'a mut dyn BufRead,
    allowance: &'a Cell<u64>,
}

impl Read for Leashed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.allowance.get() == 0 {
            return Err(io::Error::other(format!("its header is larger than {HEADER_BYTES} bytes")));
        }
        let length = self.reader.read(buffer)?;
        self.allowance.set(self.allowance.get().saturating_sub(length as u64));
        Ok(length)
    }
}

/// Fails where a member ends before its stated size.
struct Exactly<'a> {
    reader: &'a mut dyn Read,
    left: u64,
}

impl Read for Exactly<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.reader.read(buffer)?;
        if length == 0 && self.left > 0 && !buffer.is_empty() {
            let text = format!("the tar archive ends {} bytes before the end of this member", self.left);
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, text));
        }
        self.left = self.left.saturating_sub(length as u64);
        Ok(length)
    }
}
