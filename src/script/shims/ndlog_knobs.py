"""The amplifiers of a written test: each changes how the command is run.

Loaded by the test beside this folder; `Case` says what the logs say of the command, `AMPLIFIERS` names every knob with its
unit and what it does. What an amplifier changes ends with the run: variables, processes beside it, copies of the folder.
"""

import math
import os
import random
import re
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
CORES = os.cpu_count() or 1
HOG = ["sh", "-c", "while :; do :; done"]
WRITER = ["sh", "-c", 'while :; do dd if=/dev/zero of="$0" bs=1M count=32 conv=fsync; done']
LOOP = ["sh", "-c", 'n=$0; while [ "$n" -gt 0 ]; do "$@" || exit $?; n=$((n - 1)); done']
# Copies the folder, what Git ignores left out, goes there, and removes it in the end.
COPIED = (
    'copy=$(mktemp -d) || exit 126; trap \'rm -rf "$copy"\' EXIT; '
    "if git rev-parse --is-inside-work-tree >/dev/null 2>&1; "
    "then git ls-files -z --cached --others --exclude-standard | tar -c --null -T - --ignore-failed-read | "
    'tar -x -C "$copy"; else cp -a . "$copy"; fi; cd "$copy" && '
)
# Removes from the copy what was born in the folder after `$0` was.
AS_BEFORE = (
    'began=$(stat -c %.3W "$0" 2>/dev/null | tr -d .); export copy; [ "${began:-0}" -eq 0 ] || '
    '(cd "$OLDPWD" && find . -mindepth 1 -newermt "@$((began / 1000))" -exec sh -c '
    '\'for made; do born=$(stat -c %.3W "$made" | tr -d .); [ "$born" -gt "$0" ] && rm -rf "$copy/$made"; done\' '
    '"$began" {} +); '
)
ZONES = ["UTC0", "XXX+12", "XXX-14", "IST-5:30", "CET-1CEST", "PST8PDT"]
LOCALES = ["C", "C.UTF-8", "de_DE.UTF-8", "tr_TR.UTF-8", "ja_JP.UTF-8"]


class Case:
    """What the logs say of the command; set once, by the test."""

    command = whole = test = framework = limit = step = device = None
    preceding = replays = ()
    repeat = shuffle = None


class Unavailable(Exception):
    """This machine or this command does not allow an amplifier."""


class Treatment:
    """What the amplifiers change about one run."""

    # The most address space that a run without amplifiers held, in KiB, and the seconds of the first one.
    peak = 0
    usual = 1.0

    def __init__(self, seed, scratch, plain=False):
        self.draw = random.Random(seed)
        self.plain = plain
        self.scratch = scratch
        self.variables = {}
        self.preload = []
        self.wrappers = []
        self.instead = None
        self.options = {}
        self.before_test = []
        self.arguments = []
        self.background = []
        self.copies = 1
        self.pulse = None
        self.python_path = False
        self.stretch = 1.0

    def wrap(self, *words):
        self.wrappers += words

    def argv(self, command):
        words = []
        for word in self.instead or command:
            if word == Case.test:
                words += self.before_test
            words.append(word)
        for option, value in self.options.items():
            words = replaced(words, option, value)
        return self.wrappers + words + self.arguments

    def environment(self):
        variables = {**os.environ, "PYTHONFAULTHANDLER": "1", **self.variables}
        if self.preload:
            before = [variables["LD_PRELOAD"]] if variables.get("LD_PRELOAD") else []
            variables["LD_PRELOAD"] = ":".join(self.preload + before)
        if self.python_path:
            before = [variables["PYTHONPATH"]] if variables.get("PYTHONPATH") else []
            variables["PYTHONPATH"] = ":".join([str(HERE)] + before)
        return variables


def replaced(words, option, value):
    """Returns the words with the option's value replaced, or with the option added."""
    for index, word in enumerate(words):
        if word == option and index + 1 < len(words):
            return words[: index + 1] + [value] + words[index + 2 :]
        if word.startswith(option + "="):
            return words[:index] + [option + "=" + value] + words[index + 1 :]
    return words + [option + "=" + value]


def need(tool):
    if shutil.which(tool) is None:
        raise Unavailable(f"this machine has no {tool}")


def shim():
    """Returns the compiled delay.c."""
    library = HERE / "delay.so"
    if not library.exists():
        need("cc")
        made = library.with_suffix(f".{os.getpid()}")
        source = str(HERE / "delay.c")
        build = ["cc", "-shared", "-fPIC", "-O1", "-o", str(made), source, "-ldl", "-lpthread"]
        if subprocess.run(build, stderr=subprocess.DEVNULL).returncode != 0:
            raise Unavailable("cc could not compile delay.c")
        made.replace(library)
    return str(library)


def isolated(treatment, script, value):
    """Starts the command in a network of its own; the script sees the value as $0."""
    need("unshare")
    probe = ["unshare", "-r", "-n", "sh", "-c", script, value, "true"]
    if subprocess.run(probe, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode != 0:
        raise Unavailable("this machine does not allow it in a network namespace")
    treatment.wrap("unshare", "-r", "-n", "sh", "-c", script, value)


def repeat(treatment, level):
    count = max(1, round(level))
    if Case.framework in ("pytest", "unittest"):
        treatment.python_path = True
        treatment.arguments += ["-p", "ndlog_repeat"] if Case.framework == "pytest" else []
        treatment.variables.update(NDLOG_REPEAT=str(count), NDLOG_UNITTEST_REPEAT=str(count))
    else:
        asked_of_runner(treatment, Case.repeat, "repeat a test in one process", "{count}", count)
    treatment.stretch += count


def asked_of_runner(treatment, words, what, place, value):
    """Adds the words by which the runner is asked for it."""
    if words is None:
        raise Unavailable(f"its framework cannot {what}")
    treatment.arguments += [word.replace(place, str(value)) for word in words]


def no_reset(treatment, level):
    treatment.wrap(*LOOP, str(max(1, round(level))))
    treatment.stretch += level


def parallel(treatment, level):
    treatment.copies = max(2, math.ceil(level * CORES))
    treatment.stretch += level


def cpu_hogs(treatment, level):
    treatment.background += [HOG] * max(1, math.ceil(level * CORES))
    treatment.stretch += 2 * level


def cpu_quota(treatment, level):
    share = min(100, max(1, level)) / 100
    treatment.pulse = (0.05 * share, 0.05 * (1 - share))
    treatment.stretch += 1 / share


def io_load(treatment, level):
    for writer in range(max(1, round(level))):
        treatment.background.append(WRITER + [f"{treatment.scratch}/writer.{writer}"])
    treatment.stretch += 2


def memory_limit(treatment, level):
    if not Treatment.peak:
        raise Unavailable("the memory of a plain run could not be measured")
    treatment.wrap("sh", "-c", 'ulimit -v "$0" && exec "$@"', str(round(Treatment.peak * min(100, max(1, level)) / 100)))


def descriptor_limit(treatment, level):
    treatment.wrap("sh", "-c", 'ulimit -n "$0" && exec "$@"', str(max(8, round(level))))


def disk_limit(treatment, level):
    need("unshare")
    script = 'mount -t tmpfs -o "size=$0m" tmpfs "$1" && export TMPDIR="$1" && shift && exec "$@"'
    treatment.wrap("unshare", "-r", "-m", "sh", "-c", script, str(max(1, round(level))), treatment.scratch)


def port_limit(treatment, level):
    script = 'ip link set lo up && echo "32768 $((32767 + $0))" >/proc/sys/net/ipv4/ip_local_port_range && exec "$@"'
    isolated(treatment, script, str(max(2, round(level))))


def delay(treatment, level):
    treatment.preload.append(shim())
    treatment.variables.update(NDLOG_DELAY_MS=str(level), PYTHONUNBUFFERED="1")
    treatment.variables["NDLOG_SEED"] = str(treatment.draw.getrandbits(32))
    treatment.python_path = True
    if Case.step:
        treatment.variables["NDLOG_DELAY_TEXT"] = Case.step
    else:
        treatment.variables["NDLOG_PYTHON_DELAY_MS"] = str(level)
    treatment.stretch += 1 + level / 100


def scheduling_noise(treatment, level):
    treatment.wrap("nice", "-n", str(treatment.draw.randrange(20)))
    try:
        treatment.preload.append(shim())
        treatment.variables.update(NDLOG_STALL_MS=str(level), NDLOG_SEED=str(treatment.draw.getrandbits(32)))
    except Unavailable as why:
        print(f"scheduling-noise: only stops whole processes: {why}")
    run = treatment.draw.uniform(0.005, 0.13)
    if treatment.draw.random() < 0.5:
        treatment.pulse = (run, level / 1000)
    treatment.stretch += 1 + level / 1000 / run


def timeout_scale(treatment, level):
    if Case.limit is None:
        raise Unavailable("no log shows a limit that a variable or an option sets")
    value = format(Case.limit["seconds"] * level, ".6g")
    if Case.limit["variable"]:
        # In the unit that the variable has: 60 in milliseconds stays a number of milliseconds.
        number = re.match(r"(\d+(?:\.\d+)?)(.*)", os.environ.get(Case.limit["variable"], ""), re.DOTALL)
        if number:
            scaled = float(number[1]) * level
            value = (str(round(scaled)) if "." not in number[1] and scaled >= 1 else format(scaled, ".6g")) + number[2]
        treatment.variables[Case.limit["variable"]] = value
    else:
        treatment.options[Case.limit["option"]] = value


def precede(treatment, tests):
    if not tests:
        raise Unavailable("no log shows which tests ran before it")
    if Case.framework == "gtest":
        treatment.options["--gtest_filter"] = ":".join(tests + [Case.test])
    elif Case.framework == "go-test":
        treatment.options["-run"] = "^(" + "|".join(tests + [Case.test]) + ")$"
    elif Case.test in Case.command:
        treatment.before_test += tests
    else:
        raise Unavailable("the command does not name the test")
    treatment.stretch += len(tests)


def order_replay(treatment, level):
    precede(treatment, Case.preceding[-max(1, round(level)) :])


def polluter_pair(treatment, level):
    nearest = Case.preceding[-max(1, round(level)) :]
    precede(treatment, [treatment.draw.choice(nearest)] if nearest else [])


def order_shuffle(treatment, _level):
    seed = treatment.draw.randint(1, 99999)
    asked_of_runner(treatment, Case.shuffle, "shuffle its tests", "{seed}", seed)
    treatment.python_path = True
    treatment.variables["NDLOG_SEED"] = str(seed)


def netem(treatment, fault):
    need("tc")
    isolated(treatment, 'ip link set lo up && tc qdisc add dev lo root netem $0 && exec "$@"', fault)


def network_delay(treatment, level):
    try:
        netem(treatment, f"delay {level}ms")
    except Unavailable:
        treatment.preload.append(shim())
        treatment.variables.update(NDLOG_DELAY_MS=str(level), NDLOG_DELAY_CALLS=str(0b1111 << 9))
        treatment.variables["NDLOG_SEED"] = str(treatment.draw.getrandbits(32))
        treatment.stretch += 1 + level / 100


def network_loss(treatment, level):
    netem(treatment, f"loss {level}%")


def seed_replay(treatment, level):
    if not Case.replays:
        raise Unavailable("no failing log prints a seed")
    for variable, value, joins in treatment.draw.choice(Case.replays[: max(1, round(level))]):
        before = treatment.variables.get(variable, os.environ.get(variable))
        treatment.variables[variable] = f"{before} {value}" if joins and before else value


def seed_sweep(treatment, _level):
    seed = str(treatment.draw.getrandbits(32) % (2**32 - 1))
    for name in ["PYTHONHASHSEED", "SEED", "RANDOM_SEED", "TEST_SEED"]:
        treatment.variables[name] = seed
    treatment.variables["GTEST_RANDOM_SEED"] = str(treatment.draw.randint(1, 99999))


def locale_sweep(treatment, _level):
    treatment.variables.update(TZ=treatment.draw.choice(ZONES), LC_ALL=treatment.draw.choice(LOCALES))


def device_pin(treatment, _level):
    if Case.device is None:
        raise Unavailable("no log names a device")
    for name in ["TT_VISIBLE_DEVICES", "CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES"]:
        treatment.variables[name] = Case.device


def clock_shift(treatment, level):
    places = Path("/usr").glob("lib*/**/faketime/libfaketime.so.1")
    library = next(places, None)
    if library is None:
        raise Unavailable("this machine has no libfaketime")
    treatment.preload.append(str(library))
    treatment.variables["FAKETIME"] = f"+{round(level * treatment.draw.random())}s"
    treatment.variables["FAKETIME_DONT_FAKE_MONOTONIC"] = "1"


def clock_still(treatment, _level):
    if Case.framework not in ("pytest", "unittest"):
        raise Unavailable("the clock is stopped in Python alone")
    treatment.python_path = True
    treatment.variables["NDLOG_CLOCK_STILL"] = "1"


def own_network(treatment, _level):
    need("unshare")
    treatment.wrap("unshare", "-r", "-n", "sh", "-c", 'ip link set lo up && exec "$@"', "own-network")


def beside(treatment, _level):
    if Case.whole is None:
        raise Unavailable("no other tests of the suite are known")
    treatment.background.append(list(Case.whole))
    treatment.stretch += 2


def one_cpu(treatment, _level):
    need("taskset")
    treatment.wrap("taskset", "-c", str(treatment.draw.randrange(CORES)))
    treatment.stretch += 1


def gc_pressure(treatment, level):
    treatment.python_path = True
    treatment.variables.update(NDLOG_PYTHON_GC=str(max(1, round(level))), GOGC=str(max(1, round(level))))
    treatment.stretch += 2


def clean_tree(treatment, _level):
    treatment.wrap("sh", "-c", COPIED + AS_BEFORE + '"$@"', treatment.scratch)
    treatment.stretch += 1


def dirty_tree(treatment, level):
    need("timeout")
    seconds = format(max(0.01, Treatment.usual * min(100, level) / 100), ".3f")
    treatment.wrap("sh", "-c", COPIED + 'timeout -s KILL "$0" "$@" >/dev/null 2>&1; "$@"', seconds)
    treatment.stretch += 2


def generator_seed(treatment, level):
    if Case.framework in ("cargo-test", "ginkgo", "go-test", "gradle", "gtest", "maven", "nextest"):
        raise Unavailable("the generators of its language cannot be seeded from outside")
    seed = str(treatment.draw.getrandbits(20) + 2 if level == 1 else round(level))
    treatment.python_path = True
    treatment.variables["NDLOG_RANDOM_SEED"] = seed
    if "PYTHONHASHSEED" not in os.environ:
        treatment.variables["PYTHONHASHSEED"] = seed
    for name, option in (("NODE_OPTIONS", f'--require "{HERE}/ndlog_seed.cjs"'), ("RUBYOPT", f"-r{HERE}/ndlog_seed.rb")):
        treatment.variables[name] = " ".join(filter(None, [os.environ.get(name), option]))


def clock_rate(treatment, level):
    library = next(Path("/usr").glob("lib*/**/faketime/libfaketime.so.1"), None)
    if library is not None:
        treatment.preload.append(str(library))
        treatment.variables["FAKETIME"] = f"+0 x{level}"
    elif Case.framework in ("pytest", "unittest"):
        treatment.python_path = True
        treatment.variables["NDLOG_CLOCK_RATE"] = str(level)
    else:
        raise Unavailable("this machine has no libfaketime")
    treatment.stretch += max(1, 1 / level)


def whole_suite(treatment, _level):
    if Case.whole is None:
        raise Unavailable("the command runs all of its tests as it is")
    treatment.instead = Case.whole
    treatment.stretch += 10


# Each knob: its function, what one unit of it is, and what it does.
AMPLIFIERS = {
    "beside": (beside, "on or off", "the whole suite beside the test"),
    "clean-tree": (clean_tree, "on or off", "a fresh copy of the folder for each run"),
    "clock-rate": (clock_rate, "times as fast", "a clock that runs at another pace"),
    "clock-shift": (clock_shift, "seconds", "a clock that is ahead by up to so much"),
    "clock-still": (clock_still, "on or off", "a time of day that stands still, which only hides"),
    "cpu-hogs": (cpu_hogs, "busy loops per core", "other work on the same cores"),
    "cpu-quota": (cpu_quota, "per cent of the time", "stops and continues it"),
    "delay": (delay, "milliseconds", "waits between calls, or before the step of the logs"),
    "descriptor-limit": (descriptor_limit, "open files", "few open files"),
    "device-pin": (device_pin, "on or off", "the device that failed in CI"),
    "dirty-tree": (dirty_tree, "per cent of a run", "a copy in which a run was killed after so much of it"),
    "disk-limit": (disk_limit, "MiB", "a small disk for temporary files"),
    "gc-pressure": (gc_pressure, "allocations, or per cent", "frequent garbage collections"),
    "generator-seed": (generator_seed, "a seed, 1 draws one", "seeds random numbers of Python, Node and Ruby"),
    "io-load": (io_load, "writers", "writes to the disk beside it"),
    "locale-sweep": (locale_sweep, "on or off", "another locale and time zone for each run"),
    "memory-limit": (memory_limit, "per cent of a plain run", "little address space"),
    "network-delay": (network_delay, "milliseconds", "late packets"),
    "network-loss": (network_loss, "per cent of packets", "lost packets"),
    "no-reset": (no_reset, "runs", "runs one after another as one"),
    "one-cpu": (one_cpu, "on or off", "all threads on one core"),
    "order-replay": (order_replay, "preceding tests", "the tests that ran before it in CI"),
    "order-shuffle": (order_shuffle, "on or off", "another order for each run"),
    "own-network": (own_network, "on or off", "a network of its own, which only hides"),
    "parallel": (parallel, "copies per core", "copies at the same time"),
    "polluter-pair": (polluter_pair, "preceding tests", "one of the tests before it at a time"),
    "port-limit": (port_limit, "ports", "few ports"),
    "repeat": (repeat, "runs in one process", "the test again and again in one process"),
    "scheduling-noise": (scheduling_noise, "milliseconds, longest pause", "pauses at random"),
    "seed-replay": (seed_replay, "failing runs", "the seeds that failing runs printed"),
    "seed-sweep": (seed_sweep, "on or off", "another value in the usual variables for seeds"),
    "timeout-scale": (timeout_scale, "times the limit", "a shorter limit"),
    "whole-suite": (whole_suite, "on or off", "the command with all its tests"),
}
