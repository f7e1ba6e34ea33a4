//! What Python calls: logs to findings, and findings to a table that any Arrow library takes without a copy.

mod table;

use std::path::PathBuf;

use ndlog::{Analyzer, Findings};
use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

/// What was found, as the document `ndlog.clusters` in JSON and as a table.
#[pyclass(frozen, name = "Found", module = "ndlog._ndlog")]
struct Found {
    findings: Findings,
    problems: Vec<String>,
}

#[pymethods]
impl Found {
    /// Returns the document of `ndlog cluster --format json`.
    fn json(&self) -> PyResult<String> {
        serde_json::to_string(&self.findings).map_err(|error| PyValueError::new_err(error.to_string()))
    }

    /// Returns what could not be read, a sentence each.
    fn problems(&self) -> Vec<String> {
        let of_sources = self.findings.sources.iter().flat_map(|source| &source.problems);
        of_sources.map(ToString::to_string).chain(self.problems.iter().cloned()).collect()
    }

    /// Returns the occurrences as an Arrow stream of one batch: a row for each, in the columns of the CSV.
    #[pyo3(signature = (requested_schema = None))]
    fn occurrences<'py>(
        &self,
        python: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // Asking for other types is a wish: whoever asked casts what comes.
        drop(requested_schema);
        let batch =
            table::occurrences(&self.findings).map_err(|error| PyValueError::new_err(error.to_string()))?;
        PyCapsule::new_with_value(python, table::stream(batch), c"arrow_array_stream")
    }
}

/// Reads logs on all cores and groups what failed in them.
#[pyfunction]
fn cluster(
    python: Python<'_>,
    paths: Vec<PathBuf>,
    passing: Vec<PathBuf>,
    signatures: Option<PathBuf>,
    threads: usize,
) -> PyResult<Found> {
    python.detach(|| {
        let builder = Analyzer::builder().threads(threads);
        let builder = match signatures {
            Some(folder) => builder.signatures(folder),
            None => builder,
        };
        let analyzer = builder.build().map_err(|error| PyValueError::new_err(error.to_string()))?;
        let (mut facts, problems) = analyzer.open(&paths, false);
        let (more, more_problems) = analyzer.open(&passing, true);
        facts.extend(more);
        let problems: Vec<String> = problems.iter().chain(&more_problems).map(ToString::to_string).collect();
        if facts.is_empty() {
            let why =
                if problems.is_empty() { "no paths were given".to_owned() } else { problems.join("; ") };
            return Err(PyOSError::new_err(format!("no log could be read: {why}")));
        }
        Ok(Found { findings: analyzer.analyze(&facts), problems })
    })
}

/// Returns the findings that `ndlog cluster --format json` wrote.
#[pyfunction]
fn load(document: &str) -> PyResult<Found> {
    let read = serde_json::from_str(document).map_err(|error| PyValueError::new_err(error.to_string()))?;
    Ok(Found { findings: read, problems: Vec::new() })
}

#[pymodule]
fn _ndlog(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<Found>()?;
    module.add_function(wrap_pyfunction!(load, module)?)?;
    module.add_function(wrap_pyfunction!(cluster, module)?)
}
