"""The work shared: logs to shards, shards to parts, on any machine, and parts to findings on one."""

from __future__ import annotations

import os
import subprocess
import sysconfig
import tempfile
from collections.abc import Iterable
from pathlib import Path

from .findings import Findings

#: Bytes of logs in one shard, where nothing else is said: about a second of one core.
SHARD_BYTES = 1 << 30


def shards(
    folders: str | os.PathLike[str] | Iterable[str | os.PathLike[str]], shard_bytes: int = SHARD_BYTES
) -> list[list[str]]:
    """Splits the files below folders into lists of paths of about `shard_bytes` each, in the order of their names.

    Hidden files are left out; all others are read as logs, whatever their names. Folders that hold files stay whole,
    since a run's logs and reports lie beside each other; a large one is a shard.
    """
    if isinstance(folders, (str, os.PathLike)):
        folders = [folders]
    split: list[list[str]] = []
    room = 0
    for folder in sorted(os.fspath(folder) for folder in folders):
        for below, inner, files in os.walk(folder):
            inner[:] = sorted(name for name in inner if not name.startswith("."))
            paths = [os.path.join(below, name) for name in sorted(files) if not name.startswith(".")]
            size = sum(os.path.getsize(path) for path in paths if os.path.exists(path))
            if not split or size > room:
                split.append([])
                room = shard_bytes
            split[-1].extend(paths)
            room -= size
    return [shard for shard in split if shard]


def scan(
    paths: Iterable[str | os.PathLike[str]],
    *,
    passing: Iterable[str | os.PathLike[str]] = (),
    threads: int | None = None,
) -> bytes:
    """Reads logs and returns the part that `ndlog scan` writes of them.

    `threads` is how many cores are used, all where nothing is said; the part is the same. A worker that has one core of many
    takes one.

    Raises OSError, with what the program said, if no log could be read or the program could not be run.
    """
    with tempfile.TemporaryDirectory() as folder:
        part, named = Path(folder, "part"), Path(folder, "paths")
        named.write_bytes(b"".join(os.fsencode(path) + b"\n" for path in paths))
        compared = [os.fspath(path) for path in passing]
        cores = ["--threads", str(threads)] if threads else []
        compared = ["--pass", *compared] if compared else []
        _run(["scan", "--files-from", str(named), "-o", str(part), *cores, *compared])
        return part.read_bytes()


def merge(parts: Iterable[bytes]) -> Findings:
    """Brings parts together: the findings of all their logs, the same in any split and any order.

    Raises OSError, with what the program said, if no part could be read or the program could not be run.
    """
    from . import load

    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, part in enumerate(parts):
            files.append(str(Path(folder, f"{number}.ndpart")))
            Path(files[-1]).write_bytes(part)
        return load(_run(["merge", *files, "--no-mask", "--format", "json"]).decode())


#: Exit codes of the program with which it has done what could be done.
_DONE = (0, 3)


def _run(arguments: list[str]) -> bytes:
    program = os.path.join(sysconfig.get_path("scripts"), "ndlog")
    done = subprocess.run([program, *arguments], capture_output=True, check=False)
    if done.returncode not in _DONE:
        raise OSError(f"ndlog {arguments[0]}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout
