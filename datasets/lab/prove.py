#!/usr/bin/env python3
"""Proves the lab: from the logs alone, does ndlog make each failure happen again?

    prove.py                       every program, 180 s each, then for as long without ndlog
    prove.py ledger relay --budget 60 --mended 0
    prove.py --out table.md        write the table for docs/proving.md as well
    sudo nice -n -5 prove.py       on a machine where others compile

For each program a failure folder is made from its logs, then `ndlog pattern`, `ndlog stress` and `ndlog
verify` run as a user would run them. Only afterwards its truth.toml is opened: a proof counts if the log of
every matching run also matches `lines` of the truth file. Plain repetition runs the steps of the job as they are, again and
again in as many places at once as ndlog has, for the same time: its hits are counted in the same way, and both say when
the first one came.

The machine is part of the result: other work on it is an amplifier of its own. Proof and plain repetition
therefore take turns of `--turn` seconds, so that both meet the same load; a proof is stopped with Ctrl-C and
goes on with `--resume`. Each row ends with the mean load average before the turns of either.

At last the program is mended with its `mended.patch`, in a copy, and the failure's own folder is tried on it
for `--mended` seconds: whatever is then called reproduced is a lie.
"""

import argparse
import concurrent.futures
import json
import os
import re
import shutil
import signal
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
    """What pattern, stress and verify make of one program's logs."""

    def __init__(self, binary, name, folder, budget):
        self.binary, self.name, self.folder, self.budget = binary, name, folder / name, budget
        self.began, self.over = False, False
        logs = LAB / name / "logs"
        passing = sorted((logs / "pass").glob("*.log"))
        steps = [
            ["new", name, "--parent", folder],
            ["collect", self.folder, *sorted(logs.glob("fail_*.log"))],
            ["collect", self.folder, "--passing", *passing],
            ["pattern", self.folder, "--budget", int(budget)],
            ["stress", self.folder],
        ]
        self.said = ""
        for step in steps:
            code, said = ndlog(binary, *step)
            self.said += f"$ ndlog {' '.join(map(str, step[:2]))}: exit {code}\n{said}"
            if code not in (0, 3):
                self.over = True
                break

    def go_on(self, seconds):
        """Works on the proof for so long, unless it is over."""
        # A line that needs a shell has been read: these are our own programs.
        step = ["verify", self.folder, "--yes", "--budget", f"{self.budget}s", *(["--resume"] if self.began else [])]
        self.began = True
        verify = subprocess.Popen([self.binary, *map(str, step)], cwd=ROOT, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True, errors="replace")
        try:
            said, _ = verify.communicate(timeout=seconds)
            self.over = True
        except subprocess.TimeoutExpired:
            verify.send_signal(signal.SIGINT)
            said, _ = verify.communicate()
        self.said += f"$ ndlog verify: exit {verify.returncode}\n{said}"

    @property
    def outcome(self):
        path = self.folder / "trials" / "outcome.json"
        return json.loads(path.read_text()) if path.exists() else None

    def results(self):
        """The verdict of each run, with the folder of its log."""
        for path in self.folder.glob("trials/[0-9]*/result.json"):
            yield json.loads(path.read_text()), path.parent

    def first_hit(self):
        """Seconds of the budget that were gone when the first run had failed as looked for."""
        hits = [one for one, _ in self.results() if one["verdict"] == "exact"]
        return min((one["elapsed"] - one["seconds"] + one.get("first_hit", one["seconds"]) for one in hits), default=None)

    def right(self, lines):
        """Returns how many of the matching copies also match the truth."""
        hits = true = 0
        for result, folder in self.results():
            for number, verdict in enumerate(result.get("each") or [result["verdict"]], 1):
                if verdict == "exact":
                    log = folder / ("log" if number == 1 else f"log.{number}")
                    hits += 1
                    true += bool(lines.search(log.read_text(errors="replace")))
        return true, hits

    def on_mended(self, scratch, seconds):
        """Tries the folder on the program without its fault; returns the status and the sentence."""
        lab = scratch / "mended" / "datasets" / "lab"
        shutil.copytree(LAB / self.name, lab / self.name, ignore=shutil.ignore_patterns("logs", "__pycache__"))
        patch = LAB / self.name / "mended.patch"
        subprocess.run(["patch", "-s", "-p1", "-d", lab / self.name, "-i", patch], check=True)
        folder = scratch / f"{self.name}-mended"
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns("trials"))
        step = ["verify", folder, "--budget", f"{seconds}s", "--yes", "--cwd", scratch / "mended", "--json"]
        done = subprocess.run([self.binary, *map(str, step)], capture_output=True, text=True, errors="replace",
                              env={**os.environ, "LAB_BUILD": str(scratch / "build")})
        self.said += f"$ ndlog verify, mended: exit {done.returncode}\n{done.stdout[-2000:]}{done.stderr}"
        outcome = json.loads(done.stdout)
        return outcome["status"] in ("seen", "reliable"), outcome["sentence"]


class Plain:
    """The job's steps as they are, again and again, in as many places at once as ndlog has for plain runs."""

    def __init__(self, name, lines, copies):
        job = tomllib.loads((LAB / name / "job.toml").read_text())
        self.argv = ["bash", "-e", "-o", "pipefail", "-c", "\n".join(job["steps"])]
        self.environment, self.lines, self.copies = {**os.environ, **job.get("env", {})}, lines, copies
        self.hits, self.runs, self.seconds, self.first = 0, 0, 0.0, None

    def go_on(self, seconds):
        began = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(self.copies) as places:
            for place in [places.submit(self.repeat, began, seconds) for _ in range(self.copies)]:
                place.result()
        self.seconds += time.monotonic() - began

    def repeat(self, began, seconds):
        """Runs one after another until the time is over; the last one is cut."""
        while (left := seconds - (time.monotonic() - began)) > 0:
            self.once(left, began)

    def once(self, left, began):
        process = subprocess.Popen(self.argv, cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            output, _ = process.communicate(timeout=left)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.communicate()
            return
        self.runs += 1
        if process.returncode != 0 and self.lines.search(output.decode(errors="replace")):
            self.hits += 1
            self.first = self.first or (self.runs, self.seconds + time.monotonic() - began)

    def __str__(self):
        first = f", first after {self.first[1]:.1f} s (run {self.first[0]})" if self.first else ""
        return f"{self.hits}/{self.runs}{first}"


def take_turns(proof, plain, options):
    """Lets both work in turns; returns the mean loads before the turns of the proof and of plain repetition."""
    loads = ([], [])
    for _ in range(max(1, round(options.budget / options.turn))):
        if not proof.over:
            loads[0].append(os.getloadavg()[0])
            proof.go_on(options.turn)
        if plain:
            loads[1].append(os.getloadavg()[0])
            plain.go_on(options.turn)
    while not proof.over:
        proof.go_on(options.budget)
    return " / ".join(f"{sum(load) / len(load):.1f}" if load else "-" for load in loads)


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
    """Returns the cells and whether the failure was reproduced with the right signature."""
    outcome = proof.outcome
    if outcome is None:
        return [proof.name, "no proof: see the log", "-", "-", "-", "-", str(plain or "-")], False
    true, hits = proof.right(lines)
    reproduced = outcome["status"] in ("seen", "reliable") and 0 < hits == true
    best = outcome["best"] or {"hits": 0, "runs": sum(arm["runs"] for arm in outcome["arms"])}
    recipe = " + ".join(f"{one['amplifier']} {one['level']:g}" for one in outcome["recipe"]) or "none needed"
    verdict = outcome["status"] if reproduced or hits == true else f"wrong signature {hits - true}/{hits}"
    first = proof.first_hit()
    return [
        proof.name,
        "yes" if reproduced else "no",
        "-" if first is None else f"{first:.1f} s",
        f"{best['hits']}/{best['runs']} ({verdict})",
        f"{outcome['control']['hits']}/{outcome['control']['runs']}",
        recipe if outcome["best"] else "-",
        str(plain or "-"),
    ], reproduced


def parsed():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="programs; all of the lab by default")
    parser.add_argument("--ndlog", default=shutil.which("ndlog") or ROOT / "target/release/ndlog", help="the binary")
    parser.add_argument("--budget", type=float, default=180, help="seconds for each proof (%(default)s)")
    parser.add_argument("--turn", type=float, default=45, help="seconds of a turn (%(default)s)")
    parser.add_argument("--mended", type=float, default=60, help="seconds for each mended program, 0 for none (%(default)s)")
    parser.add_argument("--copies", type=int, default=min(4, os.cpu_count() or 1),
                        help="plain repetitions at once, as many as ndlog has (%(default)s)")
    parser.add_argument("--no-plain", action="store_true", help="leave plain repetition out")
    parser.add_argument("--keep", type=Path, help="keep the failure folders here")
    parser.add_argument("--out", type=Path, help="write the table here as well")
    return parser.parse_args()


def main():
    options = parsed()
    names = options.names or programs()
    table = Table(options.out, ["program", "reproduced", "first hit", "fresh count", "control", "recipe",
                                f"plain repetition in {options.budget:g} s", "mended", "load"])
    proved = by_chance = lies = 0
    with tempfile.TemporaryDirectory(prefix="lab-proof-") as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            proof = Proof(options.ndlog, name, folder, options.budget)
            lines = re.compile(tomllib.loads((LAB / name / "truth.toml").read_text())["lines"])
            plain = None if options.no_plain else Plain(name, lines, options.copies)
            loads = take_turns(proof, plain, options)
            cells, reproduced = row(proof, plain, lines)
            lie, sentence = proof.on_mended(folder, options.mended) if options.mended else (False, "-")
            (folder / f"{name}.txt").write_text(proof.said)
            proved, by_chance, lies = proved + reproduced, by_chance + bool(plain and plain.hits), lies + lie
            table.add([*cells, ("REPRODUCED: " if lie else "") + sentence, loads])
    table.say(f"\nReproduced {proved} of {len(names)} in {options.budget:g} s each"
              + ("" if options.no_plain else f"; plain repetition in the same time {by_chance}")
              + (f"; of the mended programs {lies}." if options.mended else "."))


if __name__ == "__main__":
    main()
