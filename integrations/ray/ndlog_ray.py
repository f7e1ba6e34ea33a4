"""ndlog on a Ray cluster: each worker scans shards, one machine brings the parts together.

    python ndlog_ray.py LOGS [--address auto] [--shard-bytes N] [-o findings.json]

Every worker must reach the logs under the same paths. A shard whose worker is lost is scanned again elsewhere.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from pathlib import Path

import ndlog
import ray

#: How often a shard is tried again when its worker or its machine is lost.
RETRIES = 3


def cluster(shards: Iterable[list[str]]) -> tuple[ndlog.Findings, list[str]]:
    """Returns what failed in the logs of all shards, and what went wrong with those that could not be scanned."""
    scan = ray.remote(max_retries=RETRIES)(ndlog.scan)
    # A task of Ray has one core.
    asked = {scan.remote(shard, threads=1): shard for shard in shards}
    parts, failed, waiting = [], [], list(asked)
    while waiting:
        # As they come, so that no part waits in the memory of the cluster for the slowest shard.
        (done,), waiting = ray.wait(waiting, num_returns=1)
        try:
            parts.append(ray.get(done))
        except (OSError, ray.exceptions.RayError) as error:
            failed.append(f"{asked[done][0]} and {len(asked[done]) - 1} more: {error}")
    return ndlog.merge(parts), failed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("logs", nargs="+", help="folders that every worker sees under these paths")
    parser.add_argument("--address", help="the cluster; without it, one is started on this machine")
    parser.add_argument("--shard-bytes", type=int, default=ndlog.SHARD_BYTES)
    parser.add_argument("-o", "--output", type=Path, help="where to write the document in JSON")
    arguments = parser.parse_args()
    ray.init(address=arguments.address)
    findings, failed = cluster(ndlog.shards(arguments.logs, arguments.shard_bytes))
    if arguments.output:
        arguments.output.write_text(json.dumps(findings.document))
    for found in findings.clusters[:10]:
        print(f"{found.failures:6} {found.id} {found.title}")
    for problem in failed:
        print(f"not scanned: {problem}")
    return 3 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
