//! The members of a zip archive, found through its directory.

use std::collections::BTreeSet;
use std::io::{BufReader, Cursor};

use ::zip::ZipArchive;
use ::zip::result::{ZipError, ZipResult};

use super::expand::Expanded;
use super::place::Place;
use super::unpack::Unpack;
use super::{broken_zip, github};
use crate::error::Problem;

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Unpacks each member of the archive at `place`. Where its directory is lost, the members are
/// looked for one after the other.
pub(super) fn members(unpack: &mut Unpack<'_>, place: &Place, bytes: &[u8]) {
    let mut archive = match ZipArchive::new(Cursor::new(bytes)) {
        Ok(archive) => archive,
        Err(error) => return broken_zip::members(unpack, place, bytes, &error.to_string()),
    };
    if archive.has_duplicate_names() {
        let what = "holds several members of one name; the last of each is read, unpack it for the others";
        unpack.note(Problem::incomplete(&place.name, what));
    }
    let (mut hidden, mut first_hidden) = (0, String::new());
    let repeated = repeated(&archive);
    for index in 0..archive.len() {
        if !unpack.budget.add_member() {
            let what = format!(
                "holds {} members, of which {index} are read: an input may have {} in all, the limit; unpack it",
                archive.len(),
                unpack.limits.entries
            );
            unpack.note(Problem::incomplete(&place.name, what));
            break;
        }
        let name = name(&archive, index);
        let Some(member) = place.member(&name) else {
            hidden += 1;
            if hidden == 1 {
                first_hidden = name;
            }
            continue;
        };
        if repeated.contains(&name) {
            unpack.note(github::remark(&member.name));
        } else if let Err(error) = one(unpack, member.clone(), &mut archive, index) {
            unpack.note(unreadable(&member.name, &error));
        }
    }
    unpack.note_hidden(place, hidden, &first_hidden);
}

fn one(unpack: &mut Unpack<'_>, member: Place, archive: &mut Archive<'_>, index: usize) -> ZipResult<()> {
    let file = archive.by_index(index)?;
    if !file.is_file() {
        return Ok(());
    }
    let name = member.name.clone();
    let expanded = Expanded::with(Box::new(file), unpack.budget, move |error| {
        format!("{name} is broken in the zip archive ({error}); fetch it again for the rest")
    });
    unpack.stream(member, &mut BufReader::new(expanded));
    Ok(())
}

fn name(archive: &Archive<'_>, index: usize) -> String {
    let raw = || archive.file_names_raw().nth(index).map(|raw| String::from_utf8_lossy(raw).into_owned());
    match archive.name_for_index(index) {
        Some(Ok(name)) => name.into_owned(),
        _ => raw().unwrap_or_default(),
    }
}

fn repeated(archive: &Archive<'_>) -> BTreeSet<String> {
    let sized = (0..archive.len()).filter_map(|index| {
        let entry = archive.by_index_data(index).ok()?;
        Some((name(archive, index), entry.size()))
    });
    github::repeated(sized)
}

fn unreadable(name: &str, error: &ZipError) -> Problem {
    let what = match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
            "is encrypted; unpack it with its password and give the file".to_owned()
        }
        ZipError::CompressionMethodNotSupported(_) | ZipError::UnsupportedArchive(_) => {
            format!("cannot be read ({error}); unpack it and give the file")
        }
        _ => format!("cannot be read ({error}); fetch the archive again"),
    };
    Problem::incomplete(name, what)
}
