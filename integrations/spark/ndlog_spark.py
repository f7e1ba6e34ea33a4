"""ndlog on a Spark cluster: each task scans a shard, the driver brings the parts together.

    spark-submit ndlog_spark.py LOGS [--shard-bytes N] [-o findings.json]

Every executor must reach the logs under the same paths, and have the wheel of ndlog. Spark runs a lost task again.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import ndlog
from pyspark.sql import SparkSession


def cluster(session: SparkSession, shards: Sequence[list[str]]) -> ndlog.Findings:
    """Returns what failed in the logs of all shards. A shard that cannot be scanned at all ends the job, as Spark has it."""
    # A task of Spark has one core.
    scan = partial(ndlog.scan, threads=1)
    spread = session.sparkContext.parallelize(shards, max(1, len(shards)))
    return ndlog.merge(bytes(part) for part in spread.map(scan).toLocalIterator())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("logs", nargs="+", help="folders that every executor sees under these paths")
    parser.add_argument("--shard-bytes", type=int, default=ndlog.SHARD_BYTES)
    parser.add_argument("-o", "--output", type=Path, help="where to write the document in JSON")
    arguments = parser.parse_args()
    session = SparkSession.builder.appName("ndlog").getOrCreate()
    findings = cluster(session, ndlog.shards(arguments.logs, arguments.shard_bytes))
    if arguments.output:
        arguments.output.write_text(json.dumps(findings.document))
    for found in findings.clusters[:10]:
        print(f"{found.failures:6} {found.id} {found.title}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
