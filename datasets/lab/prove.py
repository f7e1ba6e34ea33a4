#!/usr/bin/env python3
"""Proves the lab: from the logs alone, does ndlog make each failure happen again?

    prove.py                       every program, 180 s each, then plain repetition for as long at most
    prove.py ledger relay --budget 60
    prove.py --no-plain --out results.md
    sudo nice -n -5 prove.py       on a machine where others compile

For each program a failure folder is made from its logs, then `ndlog pattern`, `ndlog stress` and `ndlog
verify` run as a user would run them. Only afterwards its truth.toml is opened: a proof counts if the log of
every matching run also matches `lines` of the truth file. Plain repetition runs the same command until its
output matches those lines for the first time, or the same time is over.

The machine is part of the result: other work on it is an amplifier of its own, for plain repetition as well.
Each row therefore ends with the load average before and after; start it with a negative niceness where
others work at the same time.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

LAB = Path(__file__).resolve().parent
ROOT = LAB.parent.parent


def programs():
    return sorted(path.parent.name for path in LAB.glob("*/truth.toml"))


def ndlog(binary, *arguments):
    """Runs one step and returns its exit code and what it said."""
    done = subprocess.run([binary, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, errors="replace")
    return done.returncode, done.stdout + done.stderr


class Proof:
    """What pattern, stress and verify made of one program's logs."""

    def __init__(self, binary, name, folder, budget):
        self.name, self.folder, self.outcome, self.said = name, folder / name, None, ""
        logs = LAB / name / "logs"
        passing = sorted((logs / "pass").glob("*.log"))
        steps = [
            ["new", name, "--parent", folder],
            ["collect", self.folder, *sorted(logs.glob("fail_*.log"))],
            ["collect", self.folder, "--passing", *passing],
            ["pattern", self.folder, "--budget", int(budget)],
            ["stress", self.folder],
            ["verify", self.folder, "--budget", f"{budget}s"],
        ]
        for step in steps:
            code, said = ndlog(binary, *step)
            self.said += f"$ ndlog {' '.join(map(str, step[:2]))}: exit {code}\n{said}"
            if code not in (0, 1, 3):
                break
        outcome = self.folder / "trials" / "outcome.json"
        if outcome.exists():
            self.outcome = json.loads(outcome.read_text())

    def argv(self):
        return self.outcome and self.outcome["argv"]

    def variables(self):
        """What run_test.sh sets, which plain repetition gets as well."""
        pattern = json.loads((self.folder / "pattern.json").read_text())
        own = {entry["name"]: entry["value"] for entry in pattern["environment"] if "value" in entry}
        return {**own, **(pattern.get("command") or {}).get("variables", {})}

    def right(self, lines):
        """Returns how many of the matching runs also match the truth."""
        hits = true = 0
        for result in self.folder.glob("trials/[0-9]*/result.json"):
            if json.loads(result.read_text())["verdict"] == "exact":
                hits += 1
                logs = result.parent.glob("log*")
                true += any(lines.search(log.read_text(errors="replace")) for log in logs)
        return true, hits


def repeat(argv, variables, lines, budget):
    """Runs the command as it is until it fails as it should; returns whether it did, the runs and the seconds."""
    began, runs = time.monotonic(), 0
    while (left := budget - (time.monotonic() - began)) > 0:
        environment = {**os.environ, **variables}
        process = subprocess.Popen(argv, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, start_new_session=True)
        try:
            output, _ = process.communicate(timeout=left)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.communicate()
            break
        runs += 1
        if process.returncode != 0 and lines.search(output.decode(errors="replace")):
            return True, runs, time.monotonic() - began
    return False, runs, time.monotonic() - began


class Table:
    """Markdown rows, each shown and written as soon as it is known, so that nothing is lost."""

    def __init__(self, path, head):
        self.path = path
        if path:
            path.write_text("")
        self.add(head)
        self.say("|" + "---|" * len(head))

    def add(self, cells):
        self.say("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")

    def say(self, line):
        print(line, flush=True)
        if self.path:
            with self.path.open("a") as file:
                file.write(line + "\n")


def row(proof, plain, lines):
    if proof.outcome is None:
        return [proof.name, "no", "-", "-", shown(plain), "no proof: see the log"], False
    outcome = proof.outcome
    true, hits = proof.right(lines)
    reproduced = outcome["status"] in ("seen", "reliable") and 0 < hits == true
    best = outcome["best"] or {"hits": 0, "runs": sum(arm["runs"] for arm in outcome["arms"])}
    recipe = " + ".join(f"{one['amplifier']} {one['level']:g}" for one in outcome["recipe"]) or "none needed"
    verdict = outcome["status"] if reproduced or hits == true else f"wrong signature {hits - true}/{hits}"
    return [
        proof.name,
        "yes" if reproduced else "no",
        f"{best['hits']}/{best['runs']} ({verdict})",
        recipe if outcome["best"] else "-",
        shown(plain),
        outcome["sentence"],
    ], reproduced


def shown(plain):
    if plain is None:
        return "-"
    hit, runs, seconds = plain
    return f"yes, run {runs} after {seconds:.0f} s" if hit else f"no, {runs} runs"


def load():
    return f"{os.getloadavg()[0]:.1f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="programs; all of the lab by default")
    parser.add_argument("--ndlog", default=shutil.which("ndlog") or ROOT / "target/release/ndlog", help="the binary")
    parser.add_argument("--budget", type=float, default=180, help="seconds for each proof (%(default)s)")
    parser.add_argument("--no-plain", action="store_true", help="leave plain repetition out")
    parser.add_argument("--keep", type=Path, help="keep the failure folders here")
    parser.add_argument("--out", type=Path, help="write the table here as well")
    options = parser.parse_args()
    names = options.names or programs()
    head = ["program", "reproduced", "fresh count", "recipe", "plain repetition", "sentence", "load"]
    table = Table(options.out, head)
    proved = by_chance = 0
    with tempfile.TemporaryDirectory(prefix="lab-proof-") as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            before = load()
            proof = Proof(options.ndlog, name, folder, options.budget)
            (folder / f"{name}.txt").write_text(proof.said)
            lines = re.compile(tomllib.loads((LAB / name / "truth.toml").read_text())["lines"])
            plain = None
            if not options.no_plain and proof.argv():
                plain = repeat(proof.argv(), proof.variables(), lines, options.budget)
                by_chance += plain[0]
            cells, reproduced = row(proof, plain, lines)
            proved += reproduced
            table.add([*cells, f"{before} to {load()}"])
    table.say(f"\nReproduced {proved} of {len(names)} in {options.budget:g} s each"
              + ("." if options.no_plain else f"; plain repetition in the same time {by_chance}."))


if __name__ == "__main__":
    main()
