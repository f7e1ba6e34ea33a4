"""A real cluster of processes on this machine: the same findings as on one, with a worker killed and a shard that fails."""

import os
import pathlib
import signal

import ndlog
import pytest
import ray

import ndlog_ray

LOGS = sorted((pathlib.Path(__file__).parents[2] / "datasets" / "lab").glob("*/logs"))


@pytest.fixture(scope="module", autouse=True)
def cluster():
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, object_store_memory=100 << 20)
    yield
    ray.shutdown()


def test_the_same_as_on_one_machine():
    findings, failed = ndlog_ray.cluster(ndlog.shards(LOGS, 200_000))
    assert failed == []
    assert findings.document == ndlog.cluster(LOGS).document


def test_a_worker_that_is_killed_costs_nothing(tmp_path, monkeypatch):
    scan, killed = ndlog.scan, tmp_path / "killed"

    def dying(paths, **how):
        if not killed.exists():
            killed.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return scan(paths, **how)

    monkeypatch.setattr(ndlog, "scan", dying)
    findings, failed = ndlog_ray.cluster(ndlog.shards(LOGS, 200_000))
    assert killed.exists() and failed == []
    assert findings.totals.sources == ndlog.cluster(LOGS).totals.sources


def test_a_shard_that_fails_is_named_and_the_rest_counts(tmp_path):
    good = [str(LOGS[0])]
    findings, failed = ndlog_ray.cluster([good, [str(tmp_path / "nowhere")]])
    assert findings.totals.sources == sum(path.is_file() for path in LOGS[0].rglob("*"))
    assert len(failed) == 1 and "nowhere" in failed[0]
