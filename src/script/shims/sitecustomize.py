"""Waits between the calls of Python code and switches threads more often, to widen windows.

Found by every Python that starts with this folder first in PYTHONPATH; does nothing unless its
variables are set:

    NDLOG_PYTHON_DELAY_MS   longest wait, in milliseconds (fractions allowed)
    NDLOG_PYTHON_GC         collect garbage after so many allocations
    NDLOG_RANDOM_SEED       the seed of the module random, and of numpy.random
    NDLOG_CLOCK_RATE        let Python's clocks run so many times as fast
    NDLOG_CLOCK_STILL       let the time of day stand still
    NDLOG_UNITTEST_REPEAT   run each test of unittest so many times, until it fails
    NDLOG_SEED              decides how often and how long; a new one for each run
"""

import os
import random
import sys
import threading
import time

# Waits of one process together stay below so many seconds and so many of the longest wait. A process
# without threads gets a part.
MOST_S = 1.0
MOST_WAITS = 20
WITHOUT_THREADS = 0.1


def _install(longest):
    draw = random.Random(f"{os.environ.get('NDLOG_SEED', '1')}/{os.getpid()}")
    chance = 10 ** draw.uniform(-2.5, -0.3)
    most = MOST_S + MOST_WAITS * longest
    library = os.path.dirname(os.__file__)
    packages = ("site-packages", "dist-packages")
    waited = 0.0
    sleep, unit = time.sleep, draw.random

    def is_foreign(path):
        """The standard library and the import system are not under test."""
        return path.startswith("<frozen") or (path.startswith(library) and not any(p in path for p in packages))

    foreign = {}

    def between_calls(frame, event, _argument):
        nonlocal waited
        if unit() >= chance or waited >= (most if threading.active_count() > 1 else most * WITHOUT_THREADS):
            return
        path = frame.f_code.co_filename
        if path not in foreign:
            foreign[path] = is_foreign(path)
        if not foreign[path]:
            pause = longest * unit()
            waited += pause
            sleep(pause)

    sys.setswitchinterval(draw.choice((1e-6, 1e-5, 1e-4, 0.005)))
    threading.setprofile(between_calls)
    sys.setprofile(between_calls)


def _next_sitecustomize():
    """Runs the file of this name that this one hides, if there is one."""
    here = os.path.dirname(os.path.abspath(__file__))
    for folder in sys.path:
        path = os.path.join(folder, "sitecustomize.py")
        if os.path.abspath(folder) != here and os.path.isfile(path):
            with open(path, encoding="utf-8") as file:
                exec(compile(file.read(), path, "exec"), {"__name__": "sitecustomize", "__file__": path})
            return


def _repeat(count):
    import unittest

    once = unittest.TestCase.run

    def run(self, result=None):
        for _ in range(count):
            ended = once(self, result)
            if result is not None and not result.wasSuccessful():
                break
        return ended

    unittest.TestCase.run = run


def _seed(seed):
    random.seed(seed)
    # A generator that a program makes without a seed gets one that follows from this one.
    draw, made = random.Random(seed), random.Random.seed

    def seeded(self, value=None, version=2):
        made(self, draw.getrandbits(64) if value is None else value, version)

    random.Random.seed = seeded
    sys.meta_path.insert(0, _SeedsNumpy(draw))


class _SeedsNumpy:
    """Seeds numpy's generators, those made without a seed too, when the program imports them."""

    def __init__(self, draw):
        self.draw = draw

    def find_spec(self, name, path=None, target=None):
        if name != "numpy.random":
            return None
        sys.meta_path.remove(self)
        from importlib.machinery import PathFinder

        spec = PathFinder.find_spec(name, path)
        if spec is not None and spec.loader is not None:
            load = spec.loader.exec_module
            spec.loader.exec_module = lambda module: (load(module), self.seed(module))
        return spec

    def seed(self, module):
        module.seed(self.draw.getrandbits(32))
        made = module.default_rng
        module.default_rng = lambda value=None: made(self.draw.getrandbits(64) if value is None else value)


def _pace(rate):
    """Lets the clocks of the module time run faster or slower; what waits in C keeps its pace."""

    def paced(clock):
        began = clock()
        return lambda: began + (clock() - began) * rate

    for name in ("time", "monotonic", "perf_counter"):
        setattr(time, name, paced(getattr(time, name)))


def _stop_clock():
    """Lets the time of day stand still; what measures waits goes on."""
    import datetime

    now = time.time()

    def of_now(function):
        return lambda seconds=None: function(now if seconds is None else seconds)

    time.time, time.time_ns = (lambda: now), (lambda: int(now * 10**9))
    for name in ("localtime", "gmtime", "ctime"):
        setattr(time, name, of_now(getattr(time, name)))
    write, local = time.strftime, time.localtime
    time.strftime = lambda form, moment=None: write(form, local() if moment is None else moment)

    def stopped(kind, **own):
        """A class in the place of `kind`, of which instances of `kind` are instances, too."""
        class Meta(type):
            def __instancecheck__(cls, one):
                return isinstance(one, kind)

            def __subclasscheck__(cls, one):
                return issubclass(one, kind)

        return Meta(kind.__name__, (kind,), {"__module__": "datetime", **own})

    moment, day = datetime.datetime, datetime.date
    datetime.datetime = stopped(
        moment,
        now=classmethod(lambda cls, tz=None: cls.fromtimestamp(now, tz)),
        utcnow=classmethod(lambda cls: cls.fromtimestamp(now, datetime.timezone.utc).replace(tzinfo=None)),
        today=classmethod(lambda cls: cls.fromtimestamp(now)),
    )
    datetime.date = stopped(day, today=classmethod(lambda cls: cls.fromtimestamp(now)))


def _number(name):
    try:
        return int(float(os.environ.get(name, "0")))
    except ValueError:
        return 0


_next_sitecustomize()
if _number("NDLOG_PYTHON_GC") > 0:
    import gc

    gc.set_threshold(_number("NDLOG_PYTHON_GC"), 1, 1)
if _number("NDLOG_RANDOM_SEED") > 0:
    _seed(_number("NDLOG_RANDOM_SEED"))
try:
    _rate = float(os.environ.get("NDLOG_CLOCK_RATE", "1"))
except ValueError:
    _rate = 1.0
if _rate > 0 and _rate != 1:
    _pace(_rate)
if _number("NDLOG_CLOCK_STILL") > 0:
    _stop_clock()
if _number("NDLOG_UNITTEST_REPEAT") > 1:
    _repeat(_number("NDLOG_UNITTEST_REPEAT"))
try:
    _longest = float(os.environ.get("NDLOG_PYTHON_DELAY_MS", "0")) / 1000
except ValueError:
    _longest = 0.0
if _longest > 0:
    _install(_longest)
