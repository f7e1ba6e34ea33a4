//! Which tests ran before which, and how they went.

use crate::facts::environment::Exposure;
use crate::facts::test_names::is_same;

impl Exposure {
    /// Returns the tests that ran before `test` on its worker, nearest last; `None` if it did not run.
    pub fn before(&self, test: &str) -> Option<Vec<&str>> {
        let own = self.tests.iter().position(|ran| is_same(&ran.name, test))?;
        let worker = &self.tests.get(own)?.worker;
        let before = self.tests.iter().take(own).filter(|ran| ran.worker == *worker);
        Some(before.map(|ran| ran.name.as_str()).collect())
    }

    /// Returns how long `test` took in this run.
    pub fn seconds_of(&self, test: &str) -> Option<f64> {
        self.tests.iter().find(|ran| is_same(&ran.name, test))?.seconds
    }

    /// Returns true if `test` ran and did not fail.
    pub fn passed(&self, test: &str) -> bool {
        let mut own = self.tests.iter().filter(|ran| is_same(&ran.name, test)).peekable();
        own.peek().is_some() && own.all(|ran| !ran.failed && !ran.skipped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::test_results::test_results;
    use crate::text::lines::Index;
    use crate::text::records::Reader;

    fn read(text: &str) -> Exposure {
        let (index, reader) = (Index::new(text.as_bytes()), Reader::guess(text.as_bytes()));
        Exposure { tests: test_results(&index, &reader).ran, ..Exposure::default() }
    }

    #[test]
    fn tests_stand_in_order_on_their_own_worker() {
        let run = read(
            "[gw0] [10%] PASSED t.py::a\n[gw1] [20%] PASSED t.py::b\n[gw0] [30%] PASSED t.py::c\n\
             [gw0] [40%] FAILED t.py::d[8]\nFAILED t.py::d[8] - boom\n",
        );
        assert_eq!(run.before("t.py::d[8]"), Some(vec!["t.py::a", "t.py::c"]));
        assert!(run.passed("t.py::b") && !run.passed("t.py::d[8]") && !run.passed("t.py::e"));
        assert_eq!(run.tests.len(), 4, "the summary tells nothing of the order");
    }
}
