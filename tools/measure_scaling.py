#!/usr/bin/env python3
"""Measures how scanning shards scales with processes on this machine, with Ray or with Spark.

    tools/measure_scaling.py LOGS --engine ray --processes 1 2 4 --rounds 3

Needs the wheel of ndlog and the engine in this Python. Prints the wall of each round in turn, the least of each number of processes,
and whether the findings are, byte for byte, those of one `ndlog cluster`. The start of the engine is not counted.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import ndlog

sys.path += [str(Path(__file__).parents[1] / "integrations" / engine) for engine in ("ray", "spark")]


def with_ray(processes: int, shards: list[list[str]]) -> tuple[float, dict]:
    import ndlog_ray
    import ray

    ray.init(num_cpus=processes, include_dashboard=False, log_to_driver=False)
    try:
        # A first task starts each worker.
        wait = ray.remote(lambda: time.sleep(0.5))
        ray.get([wait.remote() for _ in range(processes)])
        began = time.monotonic()
        findings, failed = ndlog_ray.cluster(shards)
        assert not failed, failed
        return time.monotonic() - began, findings.document
    finally:
        ray.shutdown()


def with_spark(processes: int, shards: list[list[str]]) -> tuple[float, dict]:
    import ndlog_spark
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    session = SparkSession.builder.master(f"local[{processes}]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        session.sparkContext.parallelize(range(processes), processes).map(lambda _: time.sleep(0.5)).collect()
        began = time.monotonic()
        findings = ndlog_spark.cluster(session, shards)
        return time.monotonic() - began, findings.document
    finally:
        session.stop()


def alone(folder: str) -> dict:
    program = os.path.join(sysconfig.get_path("scripts"), "ndlog")
    command = [program, "cluster", folder, "--no-store", "--no-mask", "--format", "json"]
    return ndlog.load(subprocess.run(command, capture_output=True, check=False).stdout.decode()).document


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("logs", help="a folder of folders of logs: a shard is whole folders")
    parser.add_argument("--engine", choices=["ray", "spark"], default="ray")
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--shard-bytes", type=int, default=64 << 20)
    arguments = parser.parse_args()
    run = {"ray": with_ray, "spark": with_spark}[arguments.engine]
    shards = ndlog.shards(arguments.logs, arguments.shard_bytes)
    expected = alone(arguments.logs)
    walls: dict[int, list[float]] = {processes: [] for processes in arguments.processes}
    for _ in range(arguments.rounds):
        for processes in arguments.processes:
            wall, document = run(processes, shards)
            walls[processes].append(wall)
            same = "the same findings" if document == expected else "OTHER FINDINGS"
            load = os.getloadavg()[0]
            print(f"{arguments.engine}, {processes} processes: {wall:.1f} s, {same}, load {load:.1f}", flush=True)
            if document != expected:
                return 1
    first = min(walls[arguments.processes[0]])
    for processes, seen in walls.items():
        print(f"{processes} processes: {min(seen):.1f} s, {first / min(seen):.2f} times as fast; {len(shards)} shards")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
