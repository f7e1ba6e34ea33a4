//! The way in for other programs: bytes to facts, facts to findings.

use std::io::{self, Read};
use std::path::PathBuf;

use super::cluster::analyze;
use super::reading::reading;
use super::scan::{Bounds, How, read};
use crate::error::Problem;
use crate::facts::{Facts, Reading, extract};
use crate::findings::Findings;
use crate::input::{self, Limits, Request};
use crate::signatures::{Catalog, CatalogError};

/// Why nothing could be analysed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An entry of the catalog of one's own is wrong.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// The threads could not be started.
    #[error("the threads could not be started: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
    /// A log could not be read to its end.
    #[error("{name} could not be read: {error}")]
    Read { name: String, error: io::Error },
}

/// What an analyzer is made of.
#[derive(Debug, Default)]
pub struct AnalyzerBuilder {
    signatures: Option<PathBuf>,
    threads: usize,
}

impl AnalyzerBuilder {
    /// Knows the failures of a folder, in the form of `signatures/`, beside those that are part of this program.
    #[must_use]
    pub fn signatures(mut self, folder: impl Into<PathBuf>) -> Self {
        self.signatures = Some(folder.into());
        self
    }

    /// Uses so many threads instead of one for each core.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads;
        self
    }

    /// Returns the analyzer.
    ///
    /// # Errors
    /// If the entries of one's own are wrong, or threads cannot be started.
    pub fn build(self) -> Result<Analyzer, Error> {
        let own = self.signatures.as_deref().map(Catalog::load).transpose()?;
        let catalog = own.map(|own| Catalog::embedded().extended(&own)).transpose()?;
        let pool = rayon::ThreadPoolBuilder::new().num_threads(self.threads).build()?;
        Ok(Analyzer { catalog, pool })
    }
}

/// Reads logs into facts and facts into findings.
///
/// ```
/// use ndlog::Analyzer;
///
/// let log = b"[ RUN      ] Ring.Pop\nring.cc:31: Failure\n[  FAILED  ] Ring.Pop (3 ms)\n";
/// let analyzer = Analyzer::builder().threads(1).build()?;
/// let facts = analyzer.read("build.log", &log[..])?;
/// let findings = analyzer.analyze(&facts);
/// assert_eq!(findings.totals.sources, 1);
/// assert_eq!(findings.clusters[0].occurrences[0].test.as_deref(), Some("Ring.Pop"));
/// # Ok::<(), ndlog::Error>(())
/// ```
pub struct Analyzer {
    /// `None` for the catalog that is part of this program.
    catalog: Option<Catalog>,
    pool: rayon::ThreadPool,
}

impl Analyzer {
    /// Starts with the catalog that is part of this program, and a thread for each core.
    pub fn builder() -> AnalyzerBuilder {
        AnalyzerBuilder::default()
    }

    /// Reads one log, or each log of an archive. What is damaged is named among the facts and stops nothing.
    ///
    /// # Errors
    /// If the bytes cannot be read.
    pub fn read(&self, name: &str, bytes: impl Read) -> Result<Vec<Facts>, Error> {
        self.facts(name, bytes, false)
    }

    /// Reads a log of a run that is known to have passed, to compare with.
    ///
    /// # Errors
    /// If the bytes cannot be read.
    pub fn read_passing(&self, name: &str, bytes: impl Read) -> Result<Vec<Facts>, Error> {
        self.facts(name, bytes, true)
    }

    /// Reads files, folders and archives on all threads; `passed` says that they are of runs known to have passed, to
    /// compare with. Returns what could not be read of places that are no log beside the facts.
    pub fn open(&self, paths: &[PathBuf], passed: bool) -> (Vec<Facts>, Vec<Problem>) {
        self.pool.install(|| {
            let found = input::find(&Request { paths: paths.to_vec(), files_from: None });
            let how = How {
                baseline: passed,
                bounds: Bounds::of(true),
                hashed: false,
                memory: None,
                name: None,
                against: None,
            };
            let (mut facts, mut problems) = (Vec::new(), found.problems);
            for scanned in read(&found.inputs, self.catalog(), how) {
                facts.extend(scanned.facts);
                problems.extend(scanned.problems);
            }
            (facts, problems)
        })
    }

    /// Groups what failed and says why. The order of the facts changes nothing.
    pub fn analyze(&self, facts: &[Facts]) -> Findings {
        self.pool.install(|| analyze(facts.to_vec(), self.catalog(), None))
    }

    fn facts(&self, name: &str, mut bytes: impl Read, baseline: bool) -> Result<Vec<Facts>, Error> {
        let mut whole = Vec::new();
        bytes.read_to_end(&mut whole).map_err(|error| Error::Read { name: name.to_owned(), error })?;
        Ok(self.pool.install(|| {
            let reading = Reading { baseline, steps: true, ..reading(self.catalog()) };
            let mut facts = Vec::new();
            let problems = input::open_bytes(name, whole, &Limits::default(), &mut |source| {
                facts.push(extract(&source, &reading));
            });
            if let Some(last) = facts.last_mut() {
                last.problems.extend(problems);
            }
            facts
        }))
    }

    fn catalog(&self) -> &Catalog {
        self.catalog.as_ref().unwrap_or(Catalog::embedded())
    }
}
