"""Drafts of letters, kept in a folder of the user until they are sent."""

import json
import os
import random
from pathlib import Path


def folder():
    """Returns the user's folder for drafts."""
    base = os.environ.get("LAB_BUILD") or os.path.join(os.environ.get("TMPDIR", "/tmp"), f"ndlog-lab-{os.getuid()}")
    return Path(base) / "drafts"


class Box:
    """All drafts of one user."""

    def __init__(self, path):
        self.path = path
        path.mkdir(parents=True, exist_ok=True)

    def names(self):
        return sorted(file.stem for file in self.path.glob("*.json"))

    def save(self, name, text):
        print(f"drafts: saved {name}")
        (self.path / f"{name}.json").write_text(json.dumps({"text": text}))

    def send(self, name):
        """Sends a draft; the server asks now and then to wait, and the draft then stays where it is."""
        if random.random() < 0.3:
            print(f"drafts: the server is busy, {name} goes out later")
            return False
        (self.path / f"{name}.json").unlink()
        print(f"drafts: sent {name}")
        return True
