"""Meters of a service: each has a name of its own and is registered once."""

import random

_registry = {}


class Meter:
    """Counts what happens."""

    def __init__(self, name):
        if name in _registry:
            raise ValueError(f"meter {name!r} is registered already")
        _registry[name] = self
        self.name = name
        self.value = 0

    def add(self, count=1):
        self.value += count


def total():
    return sum(meter.value for meter in _registry.values())


class Probe:
    """Asks a neighbour for its load; the neighbour answers most of the time."""

    def __init__(self):
        self.meter = Meter("probes")

    def ask(self):
        self.meter.add()
        if random.random() < 0.25:
            raise TimeoutError("the neighbour did not answer")
        return random.random()
