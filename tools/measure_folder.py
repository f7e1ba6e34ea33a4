#!/usr/bin/env python3
"""Measures whether `ndlog cluster` finds the reason sooner in a folder of a project's logs than in each log alone.

    measure_folder.py target/release/ndlog LABELS.jsonl [--jobs 1] [--all]

LABELS.jsonl has a line for each log, {"log": "path from here", "lines": [first, last]}, or "any": [lines] where one of
several single lines is right, or "lines": [[first, last], …]. The project of a log is its folder, and all files in that
folder are read together, those without a label too. With --all the logs of all projects are read together.
A log counts where the first 30 lines of what is shown first hold one of its lines. Prints both figures for each project
whose logs differ and for all, how many logs became right and wrong, and whether any id differs: none may.
Standard library only.
"""
import argparse, collections, concurrent.futures, json, pathlib, subprocess

SHOWN = 30


def truth(label):
    """Returns the ranges of lines that are right."""
    lines = label["lines"]
    if label.get("any"):
        return [(line, line) for line in label["any"]]
    return [tuple(part) for part in lines] if lines and isinstance(lines[0], list) else [tuple(lines)]


def cluster(ndlog, paths):
    """Returns for each source what is shown of it, the first to read in front: rank, first and last line, and id."""
    command = [ndlog, "cluster", "--format", "json", *map(str, paths)]
    report = json.loads(subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout)
    found = collections.defaultdict(list)
    for one in report["clusters"]:
        for shown in one["occurrences"]:
            found[pathlib.Path(shown["source"]).resolve()].append((shown["rank"], shown["line_start"], shown["line_end"], shown["exact"]))
    return {source: sorted(shown) for source, shown in found.items()}


def is_hit(shown, ranges):
    if not shown:
        return False
    _, first, last, _ = shown[0]
    last = min(last, first + SHOWN - 1)
    return any(first <= end and start <= last for start, end in ranges)


def ids(shown):
    """Returns the id of each place, its own and not its cluster's: what is shown in both readings must bear the same."""
    return {(first, last): name for _, first, last, name in shown}


def read(ndlog, labels, jobs, together):
    """Returns for each log what is shown of it alone and among others."""
    projects = sorted({path.parent for path in labels})
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        alone = list(pool.map(lambda path: cluster(ndlog, [path]).get(path, []), labels))
        folders = [cluster(ndlog, projects)] if together else pool.map(lambda folder: cluster(ndlog, [folder]), projects)
        beside = {source: shown for folder in folders for source, shown in folder.items()}
    return {path: (shown, beside.get(path, [])) for path, shown in zip(labels, alone)}


def tell(what, hits):
    """Prints how many logs are right alone and among others."""
    alone, beside = (sum(pair[side] for pair in hits) / len(hits) for side in (0, 1))
    better, worse = sum(two > one for one, two in hits), sum(one > two for one, two in hits)
    print(f"{what}: {len(hits)} logs, hit@1 alone {alone:.3f}, among others {beside:.3f}; {better} became right, {worse} wrong")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ndlog")
    parser.add_argument("labels", type=pathlib.Path)
    parser.add_argument("--jobs", type=int, default=1, help="how many are read at once")
    parser.add_argument("--all", action="store_true", help="read the logs of all projects together")
    arguments = parser.parse_args()
    base = arguments.labels.resolve().parent
    rows = [row for row in map(json.loads, open(arguments.labels)) if row.get("lines") or row.get("any")]
    labels = {(base / row["log"]).resolve(): truth(row) for row in rows}
    shown = read(arguments.ndlog, labels, arguments.jobs, arguments.all)
    hits = collections.defaultdict(list)
    for path, ranges in labels.items():
        hits[path.parent.name].append(tuple(is_hit(side, ranges) for side in shown[path]))
    for project, pairs in sorted(hits.items()):
        if any(alone != beside for alone, beside in pairs):
            tell(project, pairs)
    tell("all", [pair for pairs in hits.values() for pair in pairs])
    sides = [(ids(alone), ids(beside)) for alone, beside in shown.values()]
    print("ids that differ:", sum(beside.get(place, name) != name for alone, beside in sides for place, name in alone.items()))


if __name__ == "__main__":
    main()
