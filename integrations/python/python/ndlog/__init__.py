"""ndlog: what failed in CI logs, how often, where and why."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Union

from . import _ndlog
from .shards import SHARD_BYTES, merge, scan, shards
from .findings import Cause, Cluster, Evidence, Findings, Headline, Known, Occurrence, Rate, Run, Source, Totals

__version__: str = _ndlog.__version__
__all__ = [
    "SHARD_BYTES",
    "Cause",
    "Cluster",
    "Evidence",
    "Findings",
    "Headline",
    "Known",
    "Occurrence",
    "Rate",
    "Run",
    "Source",
    "Totals",
    "cluster",
    "load",
    "merge",
    "scan",
    "shards",
]

Path = Union[str, "os.PathLike[str]"]


def cluster(
    paths: Path | Iterable[Path],
    *,
    passing: Path | Iterable[Path] = (),
    signatures: Path | None = None,
    threads: int = 0,
) -> Findings:
    """Reads logs and groups what failed in them.

    paths: files, folders, compressed files and archives.
    passing: logs of runs known to have passed, to compare with.
    signatures: a folder of known failures of one's own, in the form of ndlog's `signatures/`.
    threads: how many to use; 0 for one a core.

    Raises OSError if no log could be read, ValueError if an entry of `signatures` is wrong. What else could not be
    read is listed in `problems`.
    """
    found = _ndlog.cluster(
        _paths(paths),
        _paths(passing),
        None if signatures is None else os.fspath(signatures),
        threads,
    )
    return Findings._of(found)


def load(document: str) -> Findings:
    """Returns what `ndlog cluster --format json` wrote.

    Raises ValueError if it is no such document.
    """
    return Findings._of(_ndlog.load(document))


def _paths(given: Path | Iterable[Path]) -> list[str]:
    if isinstance(given, (str, os.PathLike)):
        given = [given]
    return [os.fspath(path) for path in given]
