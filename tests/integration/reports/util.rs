//! A folder of our own with saved findings in it, and the binary.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::program::ndlog;

/// Findings that tell one failure, with a drawing and words that try to act.
const FINDINGS: &str = r#"{
  "schema": "ndlog.clusters/2",
  "totals": {"sources": 2, "bytes": 100, "lines": 20, "occurrences": 2, "clusters": 1},
  "sources": [
    {"source": "logs/a.log", "bytes": 50, "lines": 10, "outcome": "fail", "primary": "00000000000000aa", "baseline": false, "problems": []},
    {"source": "logs/b.log", "bytes": 50, "lines": 10, "outcome": "fail", "primary": "00000000000000aa", "baseline": false, "problems": []}
  ],
  "runs": [
    {"id": "run-a", "job": "drain", "outcome": "fail", "baseline": false, "sources": ["logs/a.log"], "identified_by": []},
    {"id": "run-b", "job": "drain", "outcome": "fail", "baseline": false, "sources": ["logs/b.log"], "identified_by": []}
  ],
  "clusters": [{
    "id": "00000000000000aa", "title": "queue is stuck <script>document.title='owned'</script>", "kind": "timeout",
    "signature": "timeout | queue is stuck", "failures": 2, "in_sources": 2,
    "rate": {"failed": 2, "ran": 2, "low": 0.34, "high": 1.0, "of": "job", "job": "drain", "failed_in": [[0, 1]], "ran_in": [[0, 1]]}, "verdict": "every-time",
    "occurrences": [
      {"source": "logs/a.log", "run": "run-a", "line_start": 7, "line_end": 8, "byte_start": 30, "byte_end": 44, "rank": 1, "time": "2026-02-01T10:00:00Z", "actor": {"host": "host-1"}, "exact": "00000000000000aa", "message": "queue is stuck"},
      {"source": "logs/b.log", "run": "run-b", "line_start": 9, "line_end": 9, "byte_start": 40, "byte_end": 50, "rank": 1, "time": "2026-02-03T10:00:00Z", "actor": {"host": "host-2"}, "exact": "00000000000000aa", "message": "queue is stuck"}
    ],
    "causes": [{"cause": "hang", "score": 0.7, "grade": "heuristic", "evidence": [{"text": "silent for 30 min", "family": "pace", "weight": 2.0, "source": "logs/a.log", "line": 7}], "against": []}],
    "plots": [{"plot": "durations", "what": "drain", "failing": [1800.0, 1801.0], "passing": [20.0, 22.0, 25.0], "limit": 1800.0}]
  }],
  "excerpts": [{"source": "logs/a.log", "line_start": 6, "lines": ["draining", "queue is stuck", "giving up"]}]
}"#;

/// Returns a folder with `findings.json` in it.
pub fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("findings.json"), FINDINGS).unwrap();
    folder
}

/// Writes the report in `format` to `name` and returns its path.
pub fn report(folder: &TempDir, format: &str, name: &str) -> PathBuf {
    ndlog(folder)
        .args(["report", "--from", "findings.json", "--format", format, "-o", name])
        .assert()
        .success()
        .stdout("");
    folder.path().join(name)
}
