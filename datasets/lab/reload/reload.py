"""Settings that are read again when their file has changed, told by the time of its last change."""

import os
import threading
import time

# The stick on which the settings lie keeps times in steps.
STEP_S = 0.016


class Settings:
    """The settings of one file, kept until the file looks newer."""

    def __init__(self, path):
        self.path = path
        self.changed = None
        self.values = {}
        self.lock = threading.Lock()

    def get(self, name):
        with self.lock:
            changed = round(os.stat(self.path).st_mtime / STEP_S)
            if changed != self.changed:
                self.changed = changed
                self.values = read(self.path)
                print(f"settings: read {len(self.values)} values")
            return self.values.get(name)


def read(path):
    with open(path, encoding="utf-8") as file:
        return dict(line.strip().split("=", 1) for line in file if "=" in line)


def write(path, values):
    """Writes the whole file, as the editor of the control panel does."""
    text = "".join(f"{name}={value}\n" for name, value in values.items())
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def apply(path, name, value):
    """Changes one value, once the panel has drawn itself anew, which takes a while."""
    until = time.perf_counter() + 0.010
    while time.perf_counter() < until:
        pass
    values = read(path)
    values[name] = value
    write(path, values)
