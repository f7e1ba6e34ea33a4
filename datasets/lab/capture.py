#!/usr/bin/env python3
"""Runs a program of the lab again and again and keeps its output as CI job logs.

    capture.py NAME                  keep failing and passing logs under NAME/logs
    capture.py NAME --rate 60        only measure: plain runs one after another for 60 seconds

The program runs in a copy elsewhere and is told another width than a desk has, as in CI: `File "/tmp/runner-…/…"`.

A log is written as GitHub Actions writes one: every line carries the time at which it arrived, each step
opens with its command, shell and environment, and a failed step ends in an error line. What is run, with
which environment and under which load, stands in NAME/job.toml. Nothing is changed in what a program prints.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from pathlib import Path

LAB = Path(__file__).resolve().parent
SHELL = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c"]
WALL_LIMIT_S = 60
# What the terminal of no desk has.
WIDTH = "132"
NICENESS = 5
BUSY_LOOP = "while True: pass"


class Job:
    """What `job.toml` says: the steps, their environment, and the load under which failures were captured."""

    def __init__(self, name, elsewhere):
        self.folder = LAB / name
        self.root = Path(elsewhere) / "work" / "shop"
        leave = shutil.ignore_patterns("logs", "__pycache__")
        shutil.copytree(self.folder, self.root / "datasets" / "lab" / name, ignore=leave)
        text = (self.folder / "job.toml").read_text()
        settings = tomllib.loads(text)
        self.steps = settings["steps"]
        self.environment = settings.get("env", {})
        self.capture = settings.get("capture", {})


class Log:
    """The lines of one job, each with its time of arrival in 100 ns ticks."""

    def __init__(self):
        self.lines = []

    def add(self, text):
        seconds, nanoseconds = divmod(time.time_ns(), 1_000_000_000)
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
        self.lines.append(f"{stamp}.{nanoseconds // 100:07d}Z {text}")

    def open_step(self, command, environment):
        lines = command.splitlines()
        self.add(f"##[group]Run {lines[0]}")
        for line in lines:
            self.add(f"\x1b[36;1m{line}\x1b[0m")
        self.add("shell: /usr/bin/bash --noprofile --norc -e -o pipefail {0}")
        if environment:
            self.add("env:")
        for name, value in environment.items():
            self.add(f"  {name}: {value}")
        self.add("##[endgroup]")

    def write(self, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(self.lines) + "\n")


def run_step(command, job, build, log):
    """Runs one step, adds its output to the log and returns its exit code."""
    log.open_step(command, job.environment)
    process = subprocess.Popen(
        [*SHELL, command],
        cwd=job.root,
        env={**os.environ, "COLUMNS": WIDTH, **job.environment, "LAB_BUILD": build},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    alarm = threading.Timer(WALL_LIMIT_S, end_group, [process])
    alarm.start()
    for line in process.stdout:
        log.add(line.decode(errors="replace").rstrip("\n"))
    code = process.wait()
    alarm.cancel()
    end_group(process)
    if code != 0:
        log.add(f"##[error]Process completed with exit code {code if code > 0 else 128 - code}.")
    return code


def end_group(process):
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def run_job(job, build):
    """Runs the steps up to the first that fails; returns the log and whether all succeeded."""
    log = Log()
    passed = all(run_step(step, job, build, log) == 0 for step in job.steps)
    return log, passed


class Collection:
    """Hands out places for failing and passing logs until there are enough of both."""

    def __init__(self, job, failing, passing):
        self.folder = job.folder / "logs"
        self.wanted = {False: failing, True: passing}
        self.kept = {False: 0, True: 0}
        self.runs = {False: 0, True: 0}
        self.lock = threading.Lock()

    def full(self, verdicts):
        return all(self.kept[verdict] >= self.wanted[verdict] for verdict in verdicts)

    def keep(self, log, passed):
        with self.lock:
            self.runs[passed] += 1
            if self.kept[passed] >= self.wanted[passed]:
                return
            number = self.kept[passed]
            self.kept[passed] += 1
        name = f"pass/pass_{number:02d}.log" if passed else f"fail_{number:02d}.log"
        log.write(self.folder / name)


class Load:
    """Busy processes beside the program, ended when the block ends. Each has a session of its own: with
    autogroup scheduling all processes of one session together get the share of one."""

    def __init__(self, hogs):
        self.hogs = hogs
        self.processes = []

    def __enter__(self):
        command = [sys.executable, "-c", BUSY_LOOP]
        self.processes = [subprocess.Popen(command, start_new_session=True) for _ in range(self.hogs)]

    def __exit__(self, *_):
        for process in self.processes:
            process.kill()
            process.wait()


def repeat(job, build, collection, verdicts, parallel, deadline):
    """Runs `parallel` copies at a time until the collection has enough of these verdicts."""

    def work():
        while not collection.full(verdicts) and time.monotonic() < deadline:
            collection.keep(*run_job(job, build))

    threads = [threading.Thread(target=work) for _ in range(parallel)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def capture(job, build, options):
    """Passing logs come half from quiet runs, half from the load which also gave the failing ones."""
    collection = Collection(job, options.fail, options.passing // 2)
    deadline = time.monotonic() + options.budget
    repeat(job, build, collection, [True], 1, deadline)
    collection.wanted[True] = options.passing
    with Load(job.capture.get("hogs", 0)):
        repeat(job, build, collection, [False, True], job.capture.get("parallel", 1), deadline)
    print(f"{job.folder.name}: kept {collection.kept[False]} failing and {collection.kept[True]} passing logs;",
          f"runs: {collection.runs[False]} failed, {collection.runs[True]} passed")
    return collection.full([False, True])


def measure(job, build, seconds):
    """Counts failures of plain runs, one after another."""
    began = time.monotonic()
    failed, runs = 0, 0
    while time.monotonic() - began < seconds:
        failed += not run_job(job, build)[1]
        runs += 1
    each = (time.monotonic() - began) / runs
    print(f"{job.folder.name}: {failed} of {runs} plain runs failed, {each:.2f} s each, load average {os.getloadavg()[0]:.1f}")
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", help="folder of the program under datasets/lab")
    parser.add_argument("--fail", type=int, default=6, help="failing logs wanted")
    parser.add_argument("--passing", type=int, default=20, help="passing logs wanted")
    parser.add_argument("--budget", type=float, default=300, help="seconds after which to give up")
    parser.add_argument("--rate", type=float, metavar="SECONDS", help="only measure the plain failure rate")
    options = parser.parse_args()
    os.nice(NICENESS)
    temporary = tempfile.TemporaryDirectory
    with temporary(prefix="lab-build-") as build, temporary(prefix="runner-") as elsewhere:
        job = Job(options.name, elsewhere)
        run_job(job, build)
        done = measure(job, build, options.rate) if options.rate else capture(job, build, options)
    sys.exit(not done)


if __name__ == "__main__":
    main()
