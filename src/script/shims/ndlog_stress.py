"""What runs a command for a written test and leaves nothing behind: processes, their logs, and how sure a count is."""

import ctypes
import math
import os
import re
import signal
import subprocess
import time
from pathlib import Path

from ndlog_knobs import Treatment

KEEP = 4 << 20
MARK = "NDLOG_STRESS"
GRACE = 10.0
# What ends a program from outside. Who runs it in the background has a shell that lets it ignore Ctrl-C.
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


class Copy:
    """One process with a session of its own; its log keeps the beginning and the end."""

    def __init__(self, argv, variables, log, folder):
        self.log = open(log, "wb")
        self.kept, self.tail, self.bytes = 0, b"", 0
        self.process = subprocess.Popen(
            argv, env=variables, cwd=folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
        os.set_blocking(self.process.stdout.fileno(), False)

    def pump(self):
        """Takes what was printed, and not more than a bit at a time, so that no printer holds up the others."""
        taken = False
        for _ in range(16):
            piece = self.process.stdout.read(1 << 16)
            if not piece:
                break
            taken = True
            head, rest = piece[: KEEP - self.kept], piece[KEEP - self.kept :]
            self.log.write(head)
            self.kept += len(head)
            self.bytes += len(piece)
            self.tail = (self.tail + rest)[-KEEP:]
        return taken

    def weigh(self):
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text()
        except OSError:
            return
        held = re.search(r"^VmPeak:\s+(\d+) kB", status, re.MULTILINE)
        Treatment.peak = max(Treatment.peak, int(held[1]) if held else 0)

    def finish(self):
        while self.pump():
            pass
        left_out = self.bytes - self.kept - len(self.tail)
        if left_out:
            self.log.write(b"\n[%d bytes left out here]\n" % left_out)
        self.log.write(self.tail)
        self.log.close()
        self.process.stdout.close()
        self.process.wait()


def signal_session(process, number):
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):
        pass


def end_everything(processes, mark):
    """Kills the sessions and, where there is /proc, whatever left them but carries the mark."""
    for process in processes:
        signal_session(process, signal.SIGKILL)
    wanted, until = f"{MARK}={mark}".encode(), time.monotonic() + GRACE
    while time.monotonic() < until:
        found = {pid for pid in marked(wanted) if pid != os.getpid()} | below(os.getpid())
        for pid in found:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        # A list of processes misses what is started while it is read; the kernel knows whether a child is left.
        if not found and not has_children():
            return
        time.sleep(0.01)


def has_children():
    """Takes the exit codes of the children that ended; returns True if one still runs."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
        return True
    except ChildProcessError:
        return False


def below(top):
    """Everything below this process, which adopts the orphans of what it starts."""
    parents, found, new = {}, set(), {top}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = entry.read_text(errors="replace").rpartition(") ")[2].split()[:2]
        except (OSError, ValueError):
            continue
        if state != "Z":
            parents[int(entry.parent.name)] = int(parent)
    while new:
        new = {pid for pid, parent in parents.items() if parent in new}
        found |= new
    return found


def take_charge():
    """Adopts the orphans of what this process starts, where the kernel can, and ends as Ctrl-C does when it is told to."""
    try:
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
    except (AttributeError, OSError):
        pass
    for number in ENDING:
        signal.signal(number, stop)


def stop(_number, _frame):
    raise KeyboardInterrupt


def end_all():
    """Ends what still runs where a signal came while a run was being ended; no second one is heard."""
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    end_everything([], "")


def marked(wanted):
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            if wanted in entry.read_bytes().split(b"\0"):
                yield int(entry.parent.name)
        except OSError:
            pass


def run(command, treatment, logs, limit, folder=None):
    """Runs all copies to their end and returns (exit code or None at the limit, seconds, log) for each."""
    mark = f"{os.getpid()}.{logs.name}"
    variables = {**treatment.environment(), MARK: mark}
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    logs.mkdir(parents=True, exist_ok=True)
    beside, copies, ended, began = [], [], {}, time.monotonic()
    try:
        for argv in treatment.background:
            beside.append(subprocess.Popen(argv, start_new_session=True, env=variables, **quiet))
        for number in range(treatment.copies):
            copies.append(Copy(treatment.argv(command), variables, logs / f"log.{number + 1}", folder))
        while len(ended) < len(copies) and time.monotonic() - began < limit:
            busy = watch(copies, ended, began)
            if treatment.plain:
                copies[0].weigh()
            pulse(copies, treatment.pulse, time.monotonic() - began)
            if not busy:
                time.sleep(0.003)
        if len(ended) < len(copies):
            last_words(copies, ended)
    finally:
        end_everything(beside + [copy.process for copy in copies], mark)
        for process in beside:
            process.wait()
        for copy in copies:
            copy.finish()
    over = time.monotonic() - began
    return [(*ended.get(index, (None, over)), copy.log.name) for index, copy in enumerate(copies)]


def watch(copies, ended, began):
    busy = False
    for index, copy in enumerate(copies):
        busy |= copy.pump()
        if index not in ended and copy.process.poll() is not None:
            ended[index] = (copy.process.returncode, time.monotonic() - began)
    return busy


def pulse(copies, times, elapsed):
    if times:
        stopped = elapsed % (times[0] + times[1]) >= times[0]
        for copy in copies:
            if copy.process.poll() is None:
                signal_session(copy.process, signal.SIGSTOP if stopped else signal.SIGCONT)


def last_words(copies, ended):
    """Asks the hanging ones for their stacks (Python and Go print them on SIGABRT) and waits a while."""
    hanging = [copy for index, copy in enumerate(copies) if index not in ended]
    for copy in hanging:
        signal_session(copy.process, signal.SIGCONT)
        signal_session(copy.process, signal.SIGABRT)
    until = time.monotonic() + GRACE
    while time.monotonic() < until and any(copy.process.poll() is None for copy in hanging):
        for copy in hanging:
            copy.pump()
        time.sleep(0.01)


def interval(hits, runs):
    """Returns the 95% confidence sequence of the rate: it may be looked at after every run (Robbins 1970)."""
    if runs == 0:
        return 0.0, 1.0

    def ln_beta(a, b):
        return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)

    def stays(p):
        mixture = ln_beta(hits + 0.5, runs - hits + 0.5) - ln_beta(0.5, 0.5)
        likelihood = (hits * math.log(p) if hits else 0) + ((runs - hits) * math.log(1 - p) if hits < runs else 0)
        return mixture - likelihood < math.log(20)

    def edge(outside, inside):
        for _ in range(60):
            middle = (outside + inside) / 2
            outside, inside = (outside, middle) if stays(middle) else (middle, inside)
        return inside

    rate = hits / runs
    return (edge(0.0, rate) if hits else 0.0), (edge(1.0, rate) if hits < runs else 1.0)


def summary(hits, near, others, runs, seconds):
    """Returns what was counted as one honest sentence."""
    if hits:
        low, high = interval(hits, runs)
        median = sorted(seconds)[len(seconds) // 2]
        text = f"reproduced {hits}/{runs}, 95% [{low:.2f}, {high:.2f}], {median:.1f} s a failing run"
    elif runs:
        text = f"did not reproduce in {runs} runs: rate below {100 * (1 - 0.05 ** (1 / runs)):.2f}% at 95%"
    else:
        text = "did not reproduce: no run was finished"
    text += f"; {near} had its words, but another signature" if near else ""
    return text + (f"; {others} failed in another way" if others else "")
