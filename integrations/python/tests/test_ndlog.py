"""The wheel, as a user has it: installed, on the logs of the lab."""

import json
import pathlib
import subprocess
import sys

import polars
import pyarrow
import pyarrow.parquet
import pytest

import ndlog

ROOT = pathlib.Path(__file__).parents[3]
GALLERY = ROOT / "datasets" / "lab" / "gallery" / "logs"


@pytest.fixture(scope="module")
def findings() -> ndlog.Findings:
    return ndlog.cluster(GALLERY)


def test_the_document_is_the_program_s_own(findings: ndlog.Findings) -> None:
    program = pathlib.Path(sys.executable).parent / "ndlog"
    printed = subprocess.run(
        [program, "cluster", GALLERY, "--format", "json", "--no-mask"], check=True, capture_output=True
    )
    assert findings.document == json.loads(printed.stdout)


def test_values_are_typed(findings: ndlog.Findings) -> None:
    assert {run.outcome for run in findings.runs} <= {"fail", "pass", "unknown"}
    first = findings.clusters[0]
    assert isinstance(first, ndlog.Cluster)
    assert first.rate is not None and 0 <= first.rate.low <= first.rate.high <= 1
    assert sum(len(cluster.occurrences) for cluster in findings.clusters) == findings.totals.occurrences
    assert all(cause.score <= 1 for cluster in findings.clusters for cause in cluster.causes)


def test_a_table_is_taken_by_polars_and_pyarrow(findings: ndlog.Findings) -> None:
    frame = polars.DataFrame(findings.occurrences)
    table = pyarrow.table(findings.occurrences)
    assert frame.height == table.num_rows == findings.totals.occurrences
    assert frame["cluster"].to_list() == table["cluster"].to_pylist()
    assert set(frame["cluster"]) == {cluster.id for cluster in findings.clusters if cluster.occurrences}


def test_one_path_or_many(findings: ndlog.Findings) -> None:
    assert ndlog.cluster([str(GALLERY)], threads=1) == findings


def test_what_cannot_be_read_is_said(tmp_path: pathlib.Path) -> None:
    with pytest.raises(OSError, match="no log could be read.*nowhere"):
        ndlog.cluster(tmp_path / "nowhere")
    found = ndlog.cluster([GALLERY / "fail_00.log", tmp_path / "nowhere"])
    assert found.totals.sources == 1
    assert any("nowhere" in problem for problem in found.problems)


def test_a_wrong_entry_is_an_error(tmp_path: pathlib.Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "bad.toml").write_text("this is no entry")
    with pytest.raises(ValueError, match="own/bad"):
        ndlog.cluster(GALLERY, signatures=tmp_path)


def test_parquet_is_read_by_other_engines_text_by_text(tmp_path: pathlib.Path) -> None:
    texts = ["=SUM(1)", "<script>x</script>", "\u202egnp.exe", "a|b\u2028# c", "'; touch owned; '", "\U0001f980"]
    logs, parquet = tmp_path / "logs", tmp_path / "found.parquet"
    logs.mkdir()
    for number, text in enumerate(texts):
        name = text.replace("/", "")
        (logs / f"{number} {name}.log").write_text(
            f"Traceback (most recent call last):\n  File \"ring.py\", line 7, in {name}\nRuntimeError: {text} is open\n"
        )
    program = pathlib.Path(sys.executable).parent / "ndlog"

    def written(form: str, *more: str) -> subprocess.CompletedProcess[str]:
        command = [program, "cluster", logs, "--format", form, "--no-mask", *more]
        return subprocess.run(command, check=False, capture_output=True, text=True)

    told = written("parquet", "-o", str(parquet))
    if "without the feature `tables`" in told.stderr:
        pytest.skip("this program has no table engine")
    assert told.returncode == 0, told.stderr
    rows = [json.loads(line) for line in written("jsonl").stdout.splitlines()]
    for column in ("source", "message", "title"):
        texts_of_rows = [row.get(column) for row in rows]
        assert pyarrow.parquet.read_table(parquet)[column].to_pylist() == texts_of_rows
        assert polars.read_parquet(parquet)[column].to_list() == texts_of_rows
    assert all(any(text in row["message"] for row in rows) for text in texts)
