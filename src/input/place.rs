//! Where in an input something was found, and how it is called there.

use crate::error::Problem;

/// Where in an input some bytes lie.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The name to show.
    pub(super) name: String,
    /// True if the user named this very thing.
    pub(super) named: bool,
    /// Archives around it, and compressions directly inside compressions.
    pub(super) nesting: u32,
    /// Remarks that go with the source.
    pub(super) remarks: Vec<Problem>,
    compressed: bool,
}

impl Place {
    /// Returns the place of an input as a whole.
    pub(super) fn whole(name: &str, named: bool) -> Self {
        Self { name: name.to_owned(), named, nesting: 0, remarks: Vec::new(), compressed: false }
    }

    /// Returns the place inside one more layer of compression: the same name.
    pub(super) fn compressed(self) -> Self {
        let nesting = self.nesting + u32::from(self.compressed);
        Self { nesting, compressed: true, ..self }
    }

    /// Returns the place of the member `name` of an archive at this place, or `None` if it is
    /// hidden: such members are left out as in folders.
    pub(super) fn member(&self, name: &str) -> Option<Self> {
        let name = name.trim_start_matches("./");
        if name.split('/').any(|part| part.starts_with('.') && part != "." && part != "..") {
            return None;
        }
        let mut member = Self::whole(&format!("{}!{name}", self.name), false);
        member.nesting = self.nesting + 1;
        if leads_outside(name) {
            let what = "its name leads out of the archive; it is read, and nothing is written there";
            member.remarks.push(Problem::remark(&member.name, what));
        }
        Some(member)
    }
}

/// Returns true if and only if unpacking a member of this name could write outside a folder.
fn leads_outside(name: &str) -> bool {
    let drive = name.as_bytes().get(1) == Some(&b':');
    name.starts_with(['/', '\\']) || drive || name.split(['/', '\\']).any(|part| part == "..")
}
