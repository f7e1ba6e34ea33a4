//! A line that may say something of why: what it says is found once, however many failures it stands near.

use std::cell::OnceCell;

use super::table::{Clues, Stands, message};
use super::window::{self, MaySay};
use crate::facts::LineKind;
use crate::facts::failures::{classes, skips};
use crate::facts::known::{Known, KnownFailure};
use crate::facts::runners::{self, TestLine};
use crate::text::records::Record;

/// One line, and what it may say.
pub struct TellingLine<'l> {
    pub record: Record<'l>,
    pub may: MaySay,
    known: OnceCell<Option<KnownFailure<'l>>>,
    clues: OnceCell<Vec<usize>>,
    kind: OnceCell<(LineKind, Option<TestLine>)>,
    skips: OnceCell<bool>,
}

impl<'l> TellingLine<'l> {
    pub fn new(record: Record<'l>, may: MaySay) -> Self {
        let (known, clues, kind, skips) = Default::default();
        Self { record, may, known, clues, kind, skips }
    }

    /// Returns the known failure that the line states.
    pub fn known(&self, known: &'l dyn Known) -> Option<KnownFailure<'l>> {
        let ask = || match self.may {
            MaySay { anything: true, .. } => known.recognise(&self.record),
            MaySay { known: true, .. } => known.recognise_likely(&self.record),
            _ => None,
        };
        let stated = || ask().filter(|_| self.kind().0.is_evidence());
        *self.known.get_or_init(stated)
    }

    /// Returns the positions of the clues that the line says where it stands, ascending; `test` is the one that failed,
    /// whose name says nothing.
    pub fn clues(&self, stands: Stands, test: Option<&str>) -> Vec<usize> {
        let clues = self.clues.get_or_init(|| {
            let decoded = self.may.anything.then(|| window::may_say(message(&self.record)).clues);
            Clues::embedded().that_may(decoded.as_ref().unwrap_or(&self.may.clues), &self.record)
        });
        if clues.is_empty() {
            return Vec::new();
        }
        let (kind, of_test) = self.kind();
        let names = [of_test.as_ref().map(|of_test| of_test.id.as_str()), test];
        Clues::embedded().said(clues, &self.record, (*kind, stands), names)
    }

    /// Returns true if the line says that something was left out.
    pub fn skips(&self) -> bool {
        *self.skips.get_or_init(|| skips(classes(&self.record.message)))
    }

    /// Returns the kind of the line, and what it tells of a test.
    fn kind(&self) -> &(LineKind, Option<TestLine>) {
        self.kind.get_or_init(|| {
            let may = self.may.test || self.may.anything;
            let of_test = may.then(|| runners::test_line(&self.record.message)).flatten();
            (LineKind::knowing(&self.record, of_test.as_ref()), of_test)
        })
    }
}
