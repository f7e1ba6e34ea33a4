"""Logs split over workers give what one machine gives."""

import pathlib
import random

import pytest

import ndlog

ROOT = pathlib.Path(__file__).parents[3]
LOGS = sorted((ROOT / "datasets" / "lab").glob("*/logs"))


def test_shards_hold_every_file_once_and_keep_folders_whole() -> None:
    split = ndlog.shards(LOGS, shard_bytes=200_000)
    paths = [path for shard in split for path in shard]
    assert sorted(paths) == sorted(str(path) for folder in LOGS for path in folder.rglob("*") if path.is_file())
    owner = {path: number for number, shard in enumerate(split) for path in shard}
    folders = {str(pathlib.Path(path).parent) for path in paths}
    for folder in folders:
        assert len({owner[path] for path in paths if str(pathlib.Path(path).parent) == folder}) == 1


def test_parts_in_any_order_are_what_one_machine_finds() -> None:
    whole = ndlog.cluster(LOGS[:3])
    parts = [ndlog.scan([folder]) for folder in LOGS[:3]]
    random.Random(7).shuffle(parts)
    merged = ndlog.merge(parts)
    assert merged.document == whole.document
    assert merged.occurrences is not None


def test_a_scan_of_nothing_is_an_error(tmp_path: pathlib.Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        ndlog.scan([tmp_path / "nowhere"])


def test_no_document_is_an_error() -> None:
    with pytest.raises(ValueError):
        ndlog.load("{}")
