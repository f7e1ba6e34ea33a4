"""A beacon that writes its state into a folder, so that others see that it lives."""

import threading
import time
from pathlib import Path

INTERVAL_S = 0.01


class Beacon:
    """Writes a state file again and again from a thread of its own."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.stopping = threading.Event()
        self.written = 0
        self.thread = threading.Thread(target=self._work, name="beacon", daemon=True)

    def start(self):
        self.thread.start()

    def stop(self):
        """Asks the beacon to stop."""
        self.stopping.set()

    def _work(self):
        while not self.stopping.is_set():
            self._write()
            time.sleep(INTERVAL_S)
        self._write()

    def _write(self):
        parts = self.folder / "parts"
        parts.mkdir(exist_ok=True)
        for part in ("state", "load", "peers"):
            (parts / part).write_text(f"{part} {self.written}\n")
            time.sleep(0.0004)
        self.written += 1
